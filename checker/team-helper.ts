/** The thread that helps a search. */
import type { Machine } from '../model/machine/index.js';
import { countsIn, Expander, noCanonicalForm } from './expander.js';
import { orbitsOf } from './orbits.js';
import type { Property } from './property.js';
import { createSieve, type StoreView } from './state-store.js';
import {
  endChunk,
  ENDING,
  endStretch,
  PHASE,
  phaseAfter,
  setPhase,
  statesKnown,
  takeChunk,
  type Phase,
  type Seat,
} from './team-memory.js';
import { lookAtChunk, writeFinds } from './team-work.js';

/**
 * Helps a search until it needs no more help. The thread waits in between: it can do nothing else.
 *
 * @param receive the tables that were sent, one after the other, and undefined if there are no more
 */
export function help<S>(
  machine: Machine<S>,
  properties: readonly Property<S>[],
  seat: Seat,
  receive: () => StoreView | undefined,
): void {
  const { open, counting, symmetry, seen } = seat;
  const orbits = symmetry ? orbitsOf(machine, properties) : undefined;
  const breach = (): void => {
    endStretch(seat, ENDING.cut);
  };
  const expander = new Expander(machine, properties, orbits, counting, breach, seen);
  const { watch } = expander;
  const { words } = machine;
  const sieve =
    orbits?.sieve(noCanonicalForm) ?? createSieve(words, { unusedBit: machine.memory.unusedBit() });
  let { view } = seat;
  sieve.follow(seat.view);
  let phase: Phase = PHASE.absent;
  while (setPhase(seat, phase, PHASE.ready)) {
    phase = phaseAfter(seat, PHASE.ready);
    if (phase === PHASE.dismissed) return;
    if (phase === PHASE.counting) {
      writeCounts(expander, seat.counts);
    } else if (phase === PHASE.working) {
      for (let next = receive(); next; next = receive()) {
        view = next;
        sieve.follow(view);
      }
      if (watch.open.some((isOpen, k) => isOpen !== open[k]))
        watch.reopen(Array.from(open, (isOpen) => isOpen === 1));
      let at = 0;
      for (let chunk = takeChunk(seat); chunk !== undefined; chunk = takeChunk(seat)) {
        sieve.trust(statesKnown(seat));
        const successors = lookAtChunk({ seat, expander, words }, chunk, view, sieve);
        if (successors === undefined) {
          sieve.forgetOffered();
          endChunk(seat, chunk);
        } else at = writeFinds({ seat, expander, words }, chunk, successors, sieve, at);
      }
    }
  }
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
