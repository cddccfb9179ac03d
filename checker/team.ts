/**
 * Several threads that look at the states of one level together.
 *
 * What takes the time of a search is to make the calls and to look up what they lead to, and most of that is known already. So the
 * threads take turns at *chunks* of a *stretch* of a level, make the calls, and look up in the tables of the search what comes of them;
 * nobody writes to these meanwhile. What a thread does not find it writes down. Then the thread that searches adds what was written down,
 * chunk by chunk. So the states have the same numbers and parents, and the tables the same contents, as if one thread had done all.
 *
 * Where something happens of which it matters when it does (a claim is broken, a rule throws, a table has to grow), nothing that the
 * threads found is made use of, and the search looks at these states alone. Where a thread ends, the others go on without help.
 *
 * Here is the side of the thread that searches: it calls the others and awaits them. Theirs is `team-helper.ts`; what both do,
 * `team-work.ts`; what they share, `team-memory.ts`.
 */
import type { Machine } from '../model/machine/index.js';
import { countsIn, type Expander } from './expander.js';
import type { Sieve, StoreView } from './state-store.js';
import {
  beginStretch,
  CHUNK,
  leave,
  PHASE,
  phaseAfter,
  phaseOf,
  readChunk,
  seatsFor,
  setPhase,
  statesTaken,
  stretchAtHand,
  tellBreach,
  troubleIn,
  TROUBLE,
  type Phase,
  type Seat,
  type Stretch,
} from './team-memory.js';
import { wordsToFind, work } from './team-work.js';

/** How threads are started, where that can be done. */
export interface Threads {
  /** How many help the one that searches. */
  readonly helpers: number;
  /** They are started when so many states are known: a search that ends before is not worth it. */
  readonly startAt: number;
  /** How long a helper is waited for when the others are done, in milliseconds: for longer than a chunk can take. */
  readonly patience: number;
  /** Starts one. It is to make the same machine and the same properties, and to call `help` with the seat. */
  start(seat: Seat): Helper;
}

/** A thread that was started. */
export interface Helper {
  /** Sends it the tables of the search. */
  follow(view: StoreView): void;
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
  /** The first is that of the thread that searches. */
  private readonly seats: readonly Seat[];
  private readonly own: Seat;
  private readonly helpers: readonly Helper[];
  private readonly words: number;
  private readonly patience: number;
  /** Who was called to the stretch at hand. */
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
    how: Pick<Seat, 'counting' | 'symmetry' | 'seen'>,
  ) {
    this.words = words;
    this.patience = threads.patience;
    const sizes = {
      properties: expander.watch.open.length,
      counts: countsIn(expander.counts).reduce((sum, { length }) => sum + length, 0),
      found: wordsToFind(expander, words),
    };
    this.seats = seatsFor(threads.helpers + 1, sizes, { ...how, view });
    this.own = this.seats[0]!;
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
  lookAt(stretch: Stretch, view: StoreView): Looked | undefined {
    const { own, expander } = this;
    const { rows, calls, known } = this.view;
    if (view.rows !== rows || view.calls !== calls || view.known.table !== known.table) this.show(view);
    this.spokeBefore = expander.watch.spoke.slice();
    own.open.set(expander.watch.open);
    beginStretch(own, stretch);
    this.helping = this.call(PHASE.working);
    work(own, expander, this.sieve, view, this.words);
    this.await(this.helping, PHASE.working);
    return troubleIn(own) === TROUBLE.none && !this.isCountLost ? this.looked() : undefined;
  }

  /** Counts the stretch as looked at. */
  accept(): void {
    const { spoke } = this.expander.watch;
    for (const seat of this.helping) for (let k = 0; k < spoke.length; k++) spoke[k]! += seat.spoke[k]!;
  }

  /** Counts the stretch as not looked at. @param open which properties the expander is to ask again */
  takeBack(open: readonly boolean[]): void {
    const { own, expander, view } = this;
    expander.watch.goOn(this.spokeBefore, open);
    if (troubleIn(own) === TROUBLE.thrown) this.dissolve();
    const { first, expands } = stretchAtHand(own);
    if (expands && !this.isCountLost) expander.uncount(view.rows, first, first + statesTaken(own));
  }

  /** Makes the counts of the expander those of all calls from the first `expanded` states. */
  collect(rows: Int32Array, expanded: number): void {
    const called = this.call(PHASE.counting);
    this.await(called, PHASE.counting);
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
    tellBreach(this.own);
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

  /** Sets all helpers that wait to something, and returns their seats. */
  private call(phase: Phase): readonly Seat[] {
    return this.seats.filter((seat) => setPhase(seat, PHASE.ready, phase));
  }

  /** Waits for those who were called. */
  private await(called: readonly Seat[], phase: Phase): void {
    for (const seat of called) if (phaseAfter(seat, phase, this.patience) !== PHASE.ready) this.dissolve();
  }

  /** What was found out about the stretch at hand. */
  private looked(): Looked {
    const { own, seats } = this;
    const states = statesTaken(own);
    const finds = [];
    let [found, successors, mostFound, mostSuccessors] = [0, 0, 0, 0];
    for (let state = 0; state < states; state += CHUNK) {
      const chunk = readChunk(own, state / CHUNK);
      finds.push({ found: seats[chunk.seat]!.found, at: chunk.begin, count: chunk.found });
      found += chunk.found;
      successors += chunk.successors;
      mostFound = Math.max(mostFound, chunk.found);
      mostSuccessors = Math.max(mostSuccessors, chunk.successors);
    }
    return { end: stretchAtHand(own).first + states, finds, found, successors, mostFound, mostSuccessors };
  }
}

/** Whether a helper has taken its seat, and waits to be called. */
export function isReady(seat: Seat): boolean {
  return phaseOf(seat) === PHASE.ready;
}
