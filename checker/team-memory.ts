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
/** States of a stretch, at most. */
const LONGEST = 1 << 12;

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
  /** How often each property spoke in the stretch at hand. */
  readonly spoke: Float64Array;
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
  const chunks = sharedArray((CHUNK_WORDS * LONGEST) / CHUNK);
  const open = sharedArray(properties);
  return Array.from({ length: threads }, (_, number) => ({
    ...{ number, ...same, control, chunks, open },
    found: sharedArray(found),
    spoke: new Float64Array(new SharedArrayBuffer(8 * properties)),
    counts: new Float64Array(new SharedArrayBuffer(8 * counts)),
  }));
}

/** Zeros that several threads can look at. */
export function sharedArray(words: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * words));
}

/** Words of `control`: the stretch at hand, its next chunk, what has gone wrong; behind them what each thread is at. */
const AT = { first: 0, end: 1, expands: 2, nextChunk: 3, trouble: 4, phases: 5 } as const;

/** States of one level to be looked at. */
export interface Stretch {
  readonly first: number;
  readonly end: number;
  /** Whether calls are made from them, or only the properties asked. */
  readonly expands: boolean;
}

/** Makes a stretch the one at hand, or its beginning if it is too long. */
export function beginStretch({ control }: Seat, { first, end, expands }: Stretch): void {
  control.set([first, Math.min(end, first + LONGEST), Number(expands)], AT.first);
  control[AT.nextChunk] = control[AT.trouble] = 0;
}

export function stretchAtHand({ control }: Seat): Stretch {
  return { first: control[AT.first]!, end: control[AT.end]!, expands: control[AT.expands] === 1 };
}

/** Takes the next chunk, which nobody else will look at. There may be none any more: then it lies behind the stretch. */
export function takeChunk({ control }: Seat): number {
  return Atomics.add(control, AT.nextChunk, 1);
}

/** States of the stretch whose chunks were taken. */
export function statesTaken({ control }: Seat): number {
  return Math.min(control[AT.end]! - control[AT.first]!, control[AT.nextChunk]! * CHUNK);
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

const CHUNK_WORDS = 4;

export function writeChunk({ chunks }: Seat, chunk: number, written: Chunk): void {
  chunks.set([written.seat, written.begin, written.found, written.successors], chunk * CHUNK_WORDS);
}

export function readChunk({ chunks }: Seat, chunk: number): Chunk {
  const at = chunk * CHUNK_WORDS;
  return { seat: chunks[at]!, begin: chunks[at + 1]!, found: chunks[at + 2]!, successors: chunks[at + 3]! };
}

/** What makes useless what is found in a stretch: a claim is broken, or something is thrown. */
export const TROUBLE = { none: 0, breach: 1, thrown: 2 } as const;

export type Trouble = (typeof TROUBLE)[keyof typeof TROUBLE];

/** What has gone wrong in the stretch at hand. */
export function troubleIn({ control }: Seat): Trouble {
  return Atomics.load(control, AT.trouble) as Trouble;
}

/** Tells all that the stretch has to be looked at alone: it matters which breach is the first. */
export function tellBreach({ control }: Seat): void {
  Atomics.compareExchange(control, AT.trouble, TROUBLE.none, TROUBLE.breach);
}

/** Tells all that something was thrown, which is worse than a breach. */
export function tellThrown({ control }: Seat): void {
  Atomics.store(control, AT.trouble, TROUBLE.thrown);
}

/** What a thread that helps is at. It sets `ready` itself when it is done, and whoever calls it sets what it is to do. */
export const PHASE = { absent: 0, ready: 1, working: 2, counting: 3, dismissed: 4 } as const;

export type Phase = (typeof PHASE)[keyof typeof PHASE];

export function phaseOf({ control, number }: Seat): Phase {
  return Atomics.load(control, AT.phases + number) as Phase;
}

/** Sets a thread from one phase to another; false, and nothing is set, if it was at something else. */
export function setPhase({ control, number }: Seat, from: Phase, to: Phase): boolean {
  const isSet = Atomics.compareExchange(control, AT.phases + number, from, to) === from;
  Atomics.notify(control, AT.phases + number);
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
export function leave({ control, number }: Seat): void {
  Atomics.store(control, AT.phases + number, PHASE.dismissed);
  Atomics.notify(control, AT.phases + number);
}
