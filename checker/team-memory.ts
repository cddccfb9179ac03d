/**
 * What the threads of a search share: the states to be looked at, who has looked at which, what was found and counted, and what each
 * thread is at. What stands where is known only here.
 */
import type { Counting } from '../model/machine/index.js';
import type { StoreView } from './state-store.js';

/** Threads of a search, at most. */
export const MOST_THREADS = 64;
/** States of a chunk. */
export const CHUNK = 32;
/** States of a stretch, at most: others can go on looking for as long as it takes to make a table larger. */
const LONGEST = 1 << 18;

/** All that a thread shares with the others; it can be sent to one. */
export interface Seat {
  /** Which thread it is for: 0 for the one that searches. */
  readonly number: number;
  readonly counting: Counting;
  readonly symmetry: boolean;
  /** The same for all: the words named below. */
  readonly control: Int32Array;
  /** The same for all: the chunks of the stretch at hand. */
  readonly chunks: Int32Array;
  /** The rows that were not known, as a sieve writes them. */
  readonly found: Int32Array;
  /** The same for all: how often each property spoke in each chunk of the stretch at hand. */
  readonly spoke: Int32Array;
  /** What was counted since that was asked for last. */
  readonly counts: Float64Array;
  /** The same for all: 1 for each property that is still open. */
  readonly open: Int32Array;
  /** The same for all: what calls were seen to read and write. */
  readonly seen: Int32Array;
  readonly view: StoreView;
}

/** How much the threads have to tell each other. */
export interface SeatSizes {
  readonly properties: number;
  /** Numbers that are counted. */
  readonly counts: number;
  /** Words of what a thread may find in a stretch. */
  readonly found: number;
}

/** Seats for so many threads. */
export function seatsFor(
  threads: number,
  { properties, counts, found }: SeatSizes,
  same: Pick<Seat, 'counting' | 'symmetry' | 'seen' | 'view'>,
): readonly Seat[] {
  const control = sharedArray(AT.phases + MOST_THREADS);
  // One more, which is never taken.
  const chunks = sharedArray(CHUNK_WORDS * (LONGEST / CHUNK + 1));
  const open = sharedArray(properties);
  const spoke = sharedArray((properties * LONGEST) / CHUNK);
  return Array.from({ length: threads }, (_, number) => ({
    ...{ number, ...same, control, chunks, spoke, open },
    found: sharedArray(found),
    counts: new Float64Array(new SharedArrayBuffer(8 * counts)),
  }));
}

/** Zeros that several threads can look at. */
export function sharedArray(words: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * words));
}

/**
 * Words of `control`: the stretch at hand, its next chunk, how it ends, the states that were added, how often there was news; behind them
 * what each thread is at.
 */
const AT = { first: 0, end: 1, expands: 2, nextChunk: 3, ending: 4, known: 5, news: 6, phases: 7 } as const;

/** States of one level to be looked at. */
export interface Stretch {
  readonly first: number;
  readonly end: number;
  /** Whether calls are made from them, or only the properties asked. */
  readonly expands: boolean;
}

/** Makes a stretch the one at hand, or its beginning if it is too long. */
export function beginStretch({ control, chunks }: Seat, { first, end, expands }: Stretch): void {
  control.set([first, Math.min(end, first + LONGEST), Number(expands)], AT.first);
  control[AT.nextChunk] = control[AT.ending] = 0;
  chunks.fill(0);
}

export function stretchAtHand({ control }: Seat): Stretch {
  return { first: control[AT.first]!, end: control[AT.end]!, expands: control[AT.expands] === 1 };
}

/** Takes the next chunk, which nobody else will look at; undefined if there is none any more, or the stretch ends before. */
export function takeChunk(seat: Seat): number | undefined {
  const { control } = seat;
  if (endingOf(seat) !== ENDING.whole) return undefined;
  const chunk = Atomics.add(control, AT.nextChunk, 1);
  return control[AT.first]! + chunk * CHUNK < control[AT.end]! ? chunk : undefined;
}

/** The first state of the stretch that is in none of the chunks that were taken. */
export function firstNotTaken({ control }: Seat): number {
  return Math.min(control[AT.end]!, control[AT.first]! + Atomics.load(control, AT.nextChunk) * CHUNK);
}

/** A chunk that was looked at. */
export interface Chunk {
  /** The number of the seat in whose `found` stands what was found. */
  readonly seat: number;
  /** The word at which that begins. */
  readonly begin: number;
  /** Rows of it. */
  readonly found: number;
  /** Successors of its states. */
  readonly successors: number;
}

const CHUNK_WORDS = 5;

/** What has become of a chunk; the last word of it. */
export const MARK = { open: 0, looked: 1, useless: 2 } as const;

type Mark = (typeof MARK)[keyof typeof MARK];

/** Says what was found in a chunk: nothing that is of use, or what is written here. To be called for each chunk that was taken. */
export function endChunk(seat: Seat, chunk: number, written?: Chunk): void {
  const { chunks } = seat;
  const at = chunk * CHUNK_WORDS;
  if (written) chunks.set([written.seat, written.begin, written.found, written.successors], at);
  Atomics.store(chunks, at + CHUNK_WORDS - 1, written ? MARK.looked : MARK.useless);
  tellNews(seat);
}

export function markOf({ chunks }: Seat, chunk: number): Mark {
  return Atomics.load(chunks, chunk * CHUNK_WORDS + CHUNK_WORDS - 1) as Mark;
}

/**
 * What has become of a chunk, which is waited for while one of those who may be at it is working, as long as there is news within so many
 * milliseconds. It may be that nobody has taken it.
 */
export function markInTheEnd(seat: Seat, chunk: number, who: readonly Seat[], patience: number): Mark {
  for (;;) {
    const before = Atomics.load(seat.control, AT.news);
    const isAwaited = who.some((one) => phaseOf(one) === PHASE.working);
    const mark = markOf(seat, chunk);
    if (mark !== MARK.open || !isAwaited) return mark;
    if (Atomics.wait(seat.control, AT.news, before, patience) === 'timed-out') return markOf(seat, chunk);
  }
}

function tellNews({ control }: Seat): void {
  Atomics.add(control, AT.news, 1);
  Atomics.notify(control, AT.news);
}

/** A chunk that is marked as looked at. */
export function readChunk({ chunks }: Seat, chunk: number): Chunk {
  const at = chunk * CHUNK_WORDS;
  return { seat: chunks[at]!, begin: chunks[at + 1]!, found: chunks[at + 2]!, successors: chunks[at + 3]! };
}

/** Where it stands how often each property spoke in a chunk. */
export function spokeIn({ spoke, open }: Seat, chunk: number): Int32Array {
  return spoke.subarray(chunk * open.length, (chunk + 1) * open.length);
}

/** Says how many states there are of which all threads may know. */
export function tellKnown({ control }: Seat, states: number): void {
  Atomics.store(control, AT.known, states);
}

/** How many states there are at least: all of them that is written is seen by the thread that has asked. */
export function statesKnown({ control }: Seat): number {
  return Atomics.load(control, AT.known);
}

/**
 * Why no more chunks are taken of a stretch: enough was looked at, or there may be no more room for what is found; a claim is broken or
 * a limit reached; something is thrown. But for the first, the chunks that are being looked at are useless. Of two reasons the later one
 * here counts.
 */
export const ENDING = { whole: 0, enough: 1, cut: 2, thrown: 3 } as const;

export type Ending = (typeof ENDING)[keyof typeof ENDING];

export function endingOf({ control }: Seat): Ending {
  return Atomics.load(control, AT.ending) as Ending;
}

/** Tells all that no more chunks are to be taken. */
export function endStretch(seat: Seat, ending: Ending): void {
  const { control } = seat;
  for (let before = endingOf(seat); before < ending; before = endingOf(seat))
    Atomics.compareExchange(control, AT.ending, before, ending);
}

/** What a thread that helps is at. It sets `ready` itself when it is done, and whoever calls it sets what it is to do. */
export const PHASE = { absent: 0, ready: 1, working: 2, counting: 3, dismissed: 4 } as const;

export type Phase = (typeof PHASE)[keyof typeof PHASE];

export function phaseOf({ control, number }: Seat): Phase {
  return Atomics.load(control, AT.phases + number) as Phase;
}

/** Sets a thread from one phase to another; false, and nothing is set, if it was at something else. */
export function setPhase(seat: Seat, from: Phase, to: Phase): boolean {
  const { control, number } = seat;
  const isSet = Atomics.compareExchange(control, AT.phases + number, from, to) === from;
  Atomics.notify(control, AT.phases + number);
  tellNews(seat);
  return isSet;
}

/** Waits while a thread is in a phase, for so many milliseconds at most, and returns the phase it is in then. */
export function phaseAfter(seat: Seat, phase: Phase, patience = Infinity): Phase {
  const { control, number } = seat;
  while (phaseOf(seat) === phase)
    if (Atomics.wait(control, AT.phases + number, phase, patience) === 'timed-out') break;
  return phaseOf(seat);
}

/** To be called when a thread that helps ends, whatever the reason. */
export function leave(seat: Seat): void {
  const { control, number } = seat;
  Atomics.store(control, AT.phases + number, PHASE.dismissed);
  Atomics.notify(control, AT.phases + number);
  tellNews(seat);
}
