/**
 * Several threads that look at the states of one level together.
 *
 * What takes the time of a search is to make the calls and to look up what they lead to, and most of that is known already. So the
 * threads take turns at *chunks* of a *stretch* of a level, make the calls, and look up in the tables of the search what comes of them.
 * What a thread does not find it writes down. Only the thread that searches adds states: chunk by chunk, in their order, as soon as all
 * chunks before have been added, and in between it looks at chunks like the others. So the states have the same numbers and parents,
 * and the tables the same size, as if one thread had done all. Nobody waits for it: who looks into the tables meanwhile finds
 * more or less of what is being added, and what is not found is looked up once more when it is to be added.
 *
 * Where something happens of which it matters when it does (a claim is broken, a rule throws), nothing is made use of that was found from
 * this chunk on, and the search looks at these states alone. Where a thread ends, the others go on without help.
 *
 * Here is the side of the thread that searches: it calls the others and awaits them. Theirs is `team-helper.ts`; what both do,
 * `team-work.ts`; what they share, `team-memory.ts`.
 */
import type { Machine } from '../model/machine/index.js';
import { countsIn, type Expander } from './expander.js';
import type { SharedStore, StoreView } from './state-store.js';
import {
  beginStretch,
  CHUNK,
  endChunk,
  ENDING,
  endingOf,
  endStretch,
  firstNotTaken,
  leave,
  MARK,
  markInTheEnd,
  markOf,
  PHASE,
  phaseAfter,
  phaseOf,
  readChunk,
  seatsFor,
  setPhase,
  spokeIn,
  stretchAtHand,
  takeChunk,
  tellKnown,
  type Phase,
  type Seat,
  type Stretch,
} from './team-memory.js';
import { lookAtChunk, wordsToFind, writeFinds, type Worker } from './team-work.js';

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

/** Told of each chunk that was added: the first state behind it, and how many successors its states have. Says whether to go on. */
export type Added = (end: number, successors: number) => boolean;

export class Team<S> {
  /** The first is that of the thread that searches. */
  private readonly seats: readonly Seat[];
  private readonly own: Worker<S>;
  private readonly helpers: readonly Helper[];
  private readonly patience: number;
  /** Whether it is not known any more what was counted, since a helper has ended, or something was thrown while it counted. */
  private isCountLost = false;
  /** Where the helpers look. */
  private view: StoreView;
  /** Of the stretch at hand: chunks that were added, the state up to which it is to go, whether more may be added to it. */
  private added = 0;
  private enough = 0;
  private goesOn = true;
  /** How often each property had spoken up to there. */
  private readonly spoke: Float64Array;
  /** The first word of `found` that is not taken by chunks that are still to be added, and the last of these. */
  private free = 0;
  private lastWritten = -1;

  /** @param expander of the thread that searches */
  constructor(
    threads: Threads,
    { words }: Machine<S>,
    expander: Expander<S>,
    private readonly store: SharedStore,
    how: Pick<Seat, 'counting' | 'symmetry' | 'seen'>,
  ) {
    this.patience = threads.patience;
    const sizes = {
      properties: expander.watch.open.length,
      counts: countsIn(expander.counts).reduce((sum, { length }) => sum + length, 0),
      found: wordsToFind(expander, words),
    };
    this.view = store.view();
    this.seats = seatsFor(threads.helpers + 1, sizes, { ...how, view: this.view });
    this.own = { seat: this.seats[0]!, expander, words };
    this.spoke = new Float64Array(sizes.properties);
    this.helpers = this.seats.slice(1).map((seat) => threads.start(seat));
  }

  /** Whether there is anybody to help. */
  isReady(): boolean {
    return this.seats.some(isReady);
  }

  /**
   * Looks at a stretch, or at its beginning if more would not fit; when the states before `enough` are done, no others are begun.
   * Returns the first state that nobody has looked at: those before of which nothing was added are to be looked at alone.
   */
  lookAt(stretch: Stretch, enough: number, onAdded: Added): number {
    const { seat, expander } = this.own;
    this.begin(stretch, enough);
    const called = this.call(PHASE.working);
    for (let chunk = takeChunk(seat); chunk !== undefined; chunk = takeChunk(seat))
      this.lookAtOwn(chunk, onAdded);
    const isNextLooked = (): boolean => markInTheEnd(seat, this.added, called, this.patience) === MARK.looked;
    while (this.goesOn && isNextLooked()) this.addNext(onAdded);
    endStretch(seat, ENDING.cut);
    this.await(called, PHASE.working);
    expander.watch.spoke.set(this.spoke);
    const end = firstNotTaken(seat);
    const next = stretch.first + this.added * CHUNK;
    if (next < end) this.takeBack(next, end);
    return end;
  }

  private begin(stretch: Stretch, enough: number): void {
    const { seat, expander } = this.own;
    this.show(this.store.view());
    this.spoke.set(expander.watch.spoke);
    this.added = this.free = 0;
    this.lastWritten = -1;
    this.enough = enough;
    this.goesOn = true;
    seat.open.set(expander.watch.open);
    beginStretch(seat, stretch);
    tellKnown(seat, this.store.count());
  }

  /** Looks at a chunk that was taken, and adds what can be added. */
  private lookAtOwn(chunk: number, onAdded: Added): void {
    const { own, store, view } = this;
    const successors = lookAtChunk(own, chunk, view, store);
    if (successors === undefined) {
      endChunk(own.seat, chunk);
      return;
    }
    if (!this.addReady(onAdded)) return;
    if (this.added === chunk) {
      store.resolve();
      this.count(chunk, successors, onAdded);
      this.addReady(onAdded);
    } else {
      if (this.added > this.lastWritten) this.free = 0;
      this.free = writeFinds(own, chunk, successors, store, this.free);
      this.lastWritten = chunk;
    }
  }

  /** Adds chunks, in their order, that were looked at; says whether to go on. */
  private addReady(onAdded: Added): boolean {
    while (this.goesOn && markOf(this.own.seat, this.added) === MARK.looked) this.addNext(onAdded);
    return this.goesOn;
  }

  private addNext(onAdded: Added): void {
    const { seats, own, store, added } = this;
    const { seat, begin, found, successors } = readChunk(own.seat, added);
    store.add(seats[seat]!.found, begin, found, successors);
    this.count(added, successors, onAdded);
  }

  /** Counts a chunk as looked at. */
  private count(chunk: number, successors: number, onAdded: Added): void {
    const { own, spoke } = this;
    tellKnown(own.seat, this.store.count());
    const spokeHere = spokeIn(own.seat, chunk);
    for (let k = 0; k < spoke.length; k++) spoke[k]! += spokeHere[k]!;
    const { first, end } = stretchAtHand(own.seat);
    this.added = chunk + 1;
    this.goesOn = onAdded(Math.min(first + this.added * CHUNK, end), successors);
    if (!this.goesOn) endStretch(own.seat, ENDING.cut);
    else if (first + this.added * CHUNK >= this.enough) endStretch(own.seat, ENDING.enough);
  }

  /** Counts states as not looked at. */
  private takeBack(first: number, end: number): void {
    const { own, store } = this;
    const { seat, expander } = own;
    store.forgetOffered();
    expander.watch.reopen(Array.from(seat.open, (isOpen) => isOpen === 1));
    if (endingOf(seat) === ENDING.thrown) this.dissolve();
    if (stretchAtHand(seat).expands && !this.isCountLost) expander.uncount(store.rows(), first, end);
  }

  /** Makes the counts of the expander those of all calls from the first `expanded` states. */
  collect(rows: Int32Array, expanded: number): void {
    const called = this.call(PHASE.counting);
    this.await(called, PHASE.counting);
    const { expander } = this.own;
    if (this.isCountLost) {
      expander.countAnew(rows, expanded);
      this.isCountLost = false;
      return;
    }
    const all = countsIn(expander.counts);
    for (const { counts } of called) {
      let at = 0;
      for (const list of all) for (let i = 0; i < list.length; i++) list[i]! += counts[at++]!;
    }
  }

  /** To be called when the expander comes upon a breach: it matters whether it is the first. */
  breach(): void {
    endStretch(this.own.seat, ENDING.cut);
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

  /** Sends the helpers the tables of the search, if these are others than before. */
  private show(view: StoreView): void {
    const { rows, calls, known } = this.view;
    if (view.rows === rows && view.calls === calls && view.known.table === known.table) return;
    this.view = view;
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
}

/** Whether a helper has taken its seat, and waits to be called. */
export function isReady(seat: Seat): boolean {
  return phaseOf(seat) === PHASE.ready;
}
