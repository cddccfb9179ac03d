/**
 * Several threads that look at the states of one level together.
 *
 * What takes the time of a search is to make the calls and to look up what they lead to, and most of that is known already. So the
 * threads take turns at *chunks* of a level, make the calls, and look up in the tables of the search what comes of them; nobody
 * writes to these meanwhile. What a thread does not find it writes down. Then the thread that searches adds what was written down, chunk by
 * chunk. So the states have the same numbers and parents, and the tables the same contents, as if one thread had done all.
 *
 * Where something happens of which it matters when it does (a claim is broken, a rule throws, a table has to grow), nothing that the
 * threads found is made use of, and the search looks at these states alone. Where a thread ends, the others go on without help.
 */
import type { Counting, Machine } from '../model/machine/index.js';
import { countsIn, Expander, ToldApart } from './expander.js';
import { orbitsOf, type Orbits } from './orbits.js';
import type { Property } from './property.js';
import { createSieve, type Sieve, type StoreView } from './state-store.js';

/** How threads are started, where that can be done. */
export interface Threads {
  /** How many help the one that searches. */
  readonly helpers: number;
  /** They are started when so many states are known: a search that ends before is not worth it. */
  readonly startAt: number;
  /** How long a helper is waited for when the others are done, in milliseconds: for longer than a chunk can take. */
  readonly patience: number;
  /** Starts one. It is to make the same machine and the same properties, and to call {@link help} with the seat. */
  start(seat: Seat): Helper;
}

/** A thread that was started. */
export interface Helper {
  /** Sends it the tables of the search. */
  follow(view: StoreView): void;
}

/** All that a helper shares with the search; it can be sent to a thread. */
export interface Seat {
  /** Which helper it is for, counted from 1. */
  readonly number: number;
  readonly counting: Counting;
  readonly symmetry: boolean;
  readonly control: Int32Array;
  readonly chunks: Int32Array;
  /** The rows that were not known, each behind the number of its parent. */
  readonly found: Int32Array;
  /** How often each property spoke in the stretch at hand. */
  readonly spoke: Float64Array;
  /** What was counted since that was asked for last. */
  readonly counts: Float64Array;
  /** 1 for each property that is still open. */
  readonly open: Int32Array;
  readonly view: StoreView;
}

/** States of a chunk. */
export const CHUNK = 32;
/** States of a stretch, at most. */
const LONGEST = 1 << 12;
/** Threads of a search, at most. */
export const MOST_THREADS = 64;

/** Words of `control`; behind them one for each thread. */
const FIRST = 0;
const END = 1;
const EXPANDS = 2;
const NEXT_CHUNK = 3;
const TROUBLE = 4;
const PHASES = 5;

/** What there is of `TROUBLE`: a claim was broken, so that the stretch has to be looked at alone; or something was thrown. */
const BREACH = 1;
const THROWN = 2;

/** What a helper is at. */
const ABSENT = 0;
const READY = 1;
const WORKING = 2;
const COUNTING = 3;
const DISMISSED = 4;

/** Words of a chunk in `chunks`: who has looked at it, where what was found begins, how much that is, and how many successors there were. */
const CHUNK_WORDS = 4;

/** States of one level to be looked at. */
export interface Stretch {
  readonly first: number;
  readonly end: number;
  /** Whether calls are made from them, or only the properties asked. */
  readonly expands: boolean;
}

/** What a team found out about a stretch. */
export interface Looked {
  /** The first state that was not looked at. */
  readonly end: number;
  /** In the order of the states: words from `at` on that a sieve has written. */
  readonly finds: readonly { readonly found: Int32Array; readonly at: number; readonly count: number }[];
  /** Rows in `finds`. */
  readonly found: number;
  /** Successors of all states. */
  readonly successors: number;
  /** The most of a chunk. */
  readonly mostFound: number;
  readonly mostSuccessors: number;
}

export class Team<S> {
  private readonly seats: readonly Seat[];
  private readonly helpers: readonly Helper[];
  private readonly control = sharedArray(PHASES + MOST_THREADS);
  private readonly chunks = sharedArray((CHUNK_WORDS * LONGEST) / CHUNK);
  private readonly words: number;
  private readonly patience: number;
  private helping: readonly Seat[] = [];
  /** Whether it is not known any more what was counted, since a helper has ended, or something was thrown while it counted. */
  private isCountLost = false;
  /** How often each property had spoken to the expander before the stretch at hand. */
  private spokeBefore = new Float64Array(0);

  /**
   * @param expander of the thread that searches
   * @param sieve of that thread, too
   */
  constructor(
    threads: Threads,
    { words }: Machine<S>,
    private readonly expander: Expander<S>,
    private readonly sieve: Sieve,
    private view: StoreView,
    how: Pick<Seat, 'counting' | 'symmetry'>,
  ) {
    this.words = words;
    this.patience = threads.patience;
    const { control, chunks } = this;
    const properties = expander.watch.open.length;
    const counted = countsIn(expander.counts).reduce((sum, { length }) => sum + length, 0);
    const open = sharedArray(properties);
    this.seats = Array.from({ length: threads.helpers + 1 }, (_, number) => ({
      ...{ number, ...how, control, chunks, open, view },
      found: sharedArray(mostWords(expander, words) + ROOM),
      spoke: new Float64Array(new SharedArrayBuffer(8 * properties)),
      counts: new Float64Array(new SharedArrayBuffer(8 * counted)),
    }));
    sieve.follow(view);
    this.helpers = this.seats.slice(1).map((seat) => threads.start(seat));
  }

  /** Whether there is anybody to help. */
  isReady(): boolean {
    return this.seats.some(isReady);
  }

  /**
   * Looks at a stretch, or at its beginning if more would not fit; undefined if that came to nothing. Then {@link accept}, or
   * {@link takeBack}, is to be called.
   */
  lookAt({ first, end, expands }: Stretch, view: StoreView): Looked | undefined {
    const { control, seats, expander } = this;
    if (view.rows !== this.view.rows || view.known.table !== this.view.known.table) this.show(view);
    this.spokeBefore = expander.watch.spoke.slice();
    seats[0]!.open.set(expander.watch.open);
    control.set([first, Math.min(end, first + LONGEST), Number(expands)], FIRST);
    control[NEXT_CHUNK] = control[TROUBLE] = 0;
    this.helping = this.call(WORKING);
    work(seats[0]!, expander, this.sieve, view.rows, this.words);
    this.await(this.helping, WORKING);
    return Atomics.load(control, TROUBLE) === 0 && !this.isCountLost ? this.looked() : undefined;
  }

  /** Counts the stretch as looked at. */
  accept(): void {
    const { spoke } = this.expander.watch;
    for (const seat of this.helping) for (let k = 0; k < spoke.length; k++) spoke[k]! += seat.spoke[k]!;
  }

  /** Counts the stretch as not looked at. @param open which properties the expander is to ask again */
  takeBack(open: readonly boolean[]): void {
    const { control, expander, view } = this;
    expander.watch.goOn(this.spokeBefore, open);
    if (Atomics.load(control, TROUBLE) === THROWN) this.dissolve();
    if (control[EXPANDS] === 1 && !this.isCountLost)
      expander.uncount(view.rows, control[FIRST]!, control[FIRST]! + this.statesDone());
  }

  /** Makes the counts of the expander those of all calls from the first `expanded` states. */
  collect(rows: Int32Array, expanded: number): void {
    const called = this.call(COUNTING);
    this.await(called, COUNTING);
    if (this.isCountLost) {
      this.expander.countAnew(rows, expanded);
      this.isCountLost = false;
      return;
    }
    const all = countsIn(this.expander.counts);
    for (const { counts } of called) {
      let at = 0;
      for (const list of all) for (let i = 0; i < list.length; i++) list[i]! += counts[at++]!;
    }
  }

  /** To be called when the expander comes upon a breach: it matters whether it is the first. */
  breach(): void {
    tellTrouble(this.control, BREACH);
  }

  /** Lets all helpers go. */
  dismiss(): void {
    this.seats.forEach(leave);
  }

  /** Lets all helpers go, of whom at least one has not come to an end with what it was at. */
  private dissolve(): void {
    this.isCountLost = true;
    this.dismiss();
  }

  private show(view: StoreView): void {
    this.view = view;
    this.sieve.follow(view);
    for (const helper of this.helpers) helper.follow(view);
  }

  private phase(number: number): number {
    return Atomics.load(this.control, PHASES + number);
  }

  /** Sets all helpers that wait to something. */
  private call(phase: number): readonly Seat[] {
    return this.seats.filter(({ number }) => setPhase(this.control, number, READY, phase));
  }

  private await(seats: readonly Seat[], phase: number): void {
    for (const { number } of seats) {
      while (this.phase(number) === phase)
        if (Atomics.wait(this.control, PHASES + number, phase, this.patience) === 'timed-out') break;
      if (this.phase(number) !== READY) this.dissolve();
    }
  }

  /** States of the stretch that were looked at. */
  private statesDone(): number {
    const { control } = this;
    return Math.min(control[END]! - control[FIRST]!, control[NEXT_CHUNK]! * CHUNK);
  }

  private looked(): Looked {
    const { control, chunks, seats } = this;
    const states = this.statesDone();
    const finds = [];
    let [found, successors, mostFound, mostSuccessors] = [0, 0, 0, 0];
    for (let state = 0; state < states; state += CHUNK) {
      const at = (state / CHUNK) * CHUNK_WORDS;
      const [who, begin, count, made] = chunks.subarray(at, at + CHUNK_WORDS);
      finds.push({ found: seats[who!]!.found, at: begin!, count: count! });
      found += count!;
      successors += made!;
      mostFound = Math.max(mostFound, count!);
      mostSuccessors = Math.max(mostSuccessors, made!);
    }
    return { end: control[FIRST]! + states, finds, found, successors, mostFound, mostSuccessors };
  }
}

/** Words for what is found in a stretch, beside those of the chunks that are being looked at. */
const ROOM = 1 << 20;

/**
 * Helps a search until it needs no more help. The thread waits in between: it can do nothing else.
 *
 * @param receive the tables that were sent ({@link Helper.follow}), one after the other, and undefined if there are no more
 */
export function help<S>(
  machine: Machine<S>,
  properties: readonly Property<S>[],
  seat: Seat,
  receive: () => StoreView | undefined,
): void {
  const { number, control, open, spoke, counting, symmetry } = seat;
  const { words } = machine;
  const orbits = symmetry ? orbitsOf(machine, properties) : undefined;
  const expander = new Expander(machine, properties, orbits, counting, () => {
    tellTrouble(control, BREACH);
  });
  const { watch } = expander;
  const sieve = sieveFor(machine, orbits);
  let { rows } = seat.view;
  sieve.follow(seat.view);
  let phase = ABSENT;
  while (setPhase(control, number, phase, READY)) {
    phase = nextPhase(control, number);
    if (phase === DISMISSED) return;
    if (phase === COUNTING) {
      writeCounts(expander, seat.counts);
    } else if (phase === WORKING) {
      for (let view = receive(); view; view = receive()) {
        sieve.follow(view);
        ({ rows } = view);
      }
      watch.spoke.fill(0);
      if (watch.open.some((isOpen, k) => isOpen !== open[k]))
        watch.reopen(Array.from(open, (isOpen) => isOpen === 1));
      work(seat, expander, sieve, rows, words);
      spoke.set(watch.spoke);
    }
  }
}

/** Whether a helper has taken its seat, and waits to be called. */
export function isReady({ control, number }: Seat): boolean {
  return Atomics.load(control, PHASES + number) === READY;
}

/** To be called when the thread of a helper ends, whatever the reason. */
export function leave({ control, number }: Seat): void {
  Atomics.store(control, PHASES + number, DISMISSED);
  Atomics.notify(control, PHASES + number);
}

/** What a helper is to do next. */
function nextPhase(control: Int32Array, number: number): number {
  while (Atomics.load(control, PHASES + number) === READY) Atomics.wait(control, PHASES + number, READY);
  return Atomics.load(control, PHASES + number);
}

/** Writes down what an expander has counted, and makes it begin anew. */
function writeCounts<S>(expander: Expander<S>, to: Float64Array): void {
  let at = 0;
  for (const counts of countsIn(expander.counts)) {
    to.set(counts, at);
    at += counts.length;
    counts.fill(0);
  }
}

/** A sieve for the store in which a search of a machine keeps rows. */
export function sieveFor<S>({ words, memory }: Machine<S>, orbits: Orbits | undefined): Sieve {
  return orbits?.sieve(noCanonicalForm) ?? createSieve(words, { unusedBit: memory.unusedBit() });
}

/** To be called where a row has no canonical form. */
export function noCanonicalForm(): never {
  throw new ToldApart({ kind: 'free-place', name: '' });
}

/** Zeros that several threads can look at. */
export function sharedArray(words: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * words));
}

/** Looks at chunks until there are none left, or no room for what may be found in another one. */
function work<S>(seat: Seat, expander: Expander<S>, sieve: Sieve, rows: Int32Array, words: number): void {
  const { number, control, chunks, found } = seat;
  const [first, end, expands] = [control[FIRST]!, control[END]!, control[EXPANDS] === 1];
  const room = found.length - mostWords(expander, words);
  let at = 0;
  try {
    while (at <= room && Atomics.load(control, TROUBLE) === 0) {
      const chunk = Atomics.add(control, NEXT_CHUNK, 1);
      let state = first + chunk * CHUNK;
      if (state >= end) return;
      const begin = at;
      let successors = 0;
      for (const last = Math.min(state + CHUNK, end); state < last; state++) {
        if (!expands) {
          expander.lookAt(rows, state * words);
          continue;
        }
        const n = expander.expand(rows, state * words, state);
        sieve.offer(expander.successors, n, state);
        successors += n;
      }
      at = sieve.sift(found, begin);
      chunks.set([number, begin, (at - begin) / (words + 1), successors], chunk * CHUNK_WORDS);
    }
  } catch {
    // Who looks at these states alone will meet it again, and say what it was.
    tellTrouble(control, THROWN);
  }
}

/** Words that what is found in a chunk may take. */
function mostWords<S>({ maxSuccessors }: Expander<S>, words: number): number {
  return CHUNK * (maxSuccessors + 1) * (words + 1);
}

/** Tells all that what is found in the stretch is of no use. */
function tellTrouble(control: Int32Array, trouble: typeof BREACH | typeof THROWN): void {
  if (trouble === THROWN) Atomics.store(control, TROUBLE, THROWN);
  else Atomics.compareExchange(control, TROUBLE, 0, BREACH);
}

function setPhase(control: Int32Array, number: number, from: number, to: number): boolean {
  const isSet = Atomics.compareExchange(control, PHASES + number, from, to) === from;
  Atomics.notify(control, PHASES + number);
  return isSet;
}
