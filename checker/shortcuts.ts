/** A long way through states made short: what a depth-first search has gone is often thousands of calls long. */
import type { Machine } from '../model/machine/index.js';
import { createStateStore, type StateStore } from './state-store.js';

/** So many states around the present one are looked at, to find one that lies farther ahead on the way. */
const AROUND = 1 << 12;

/**
 * The rows of a way with the same first and last one, each again a successor of the one before, and not more of them. From each row
 * that it comes to, it goes the shortest way to the last row of the old way that is near. The machine is left in some state.
 */
export function shortened<S>(machine: Machine<S>, rows: Int32Array): Int32Array {
  const { words } = machine;
  const last = rows.length / words - 1;
  const found: number[] = [];
  let at = 0;
  while (at < last) {
    const around = statesAround(machine, rows, at * words);
    let ahead = last;
    while (ahead > at + 1 && !around.has(rows, ahead * words)) ahead--;
    found.push(...wayTo(around, rows, ahead * words, words));
    at = ahead;
  }
  return Int32Array.of(...rows.subarray(0, words), ...found);
}

/** The states nearest to one, in a store that knows from where each was reached. */
function statesAround<S>(machine: Machine<S>, rows: Int32Array, offset: number): StateStore {
  const { words } = machine;
  const expansion = machine.expansion([]);
  const successors = new Int32Array((expansion.maxSuccessors + 1) * words);
  const store = createStateStore(words, expansion.maxSuccessors + 1);
  store.offer(rows.subarray(offset, offset + words), 1, -1);
  store.resolve();
  for (let next = 0; next < store.count() && store.count() < AROUND; next++) {
    store.offer(successors, expansion.expand(store.rows(), next * words, successors), next);
    store.resolve();
  }
  return store;
}

/** The rows from behind the first state of a store to the row at `offset`, which is in it. */
function wayTo(store: StateStore, rows: Int32Array, offset: number, words: number): number[] {
  const known = store.rows();
  const isIt = (state: number): boolean => {
    for (let i = 0; i < words; i++) if (known[state * words + i] !== rows[offset + i]) return false;
    return true;
  };
  let state = 0;
  while (!isIt(state)) state++;
  const way: number[] = [];
  const parents = store.parents();
  for (; state > 0; state = parents[state]!)
    way.unshift(...known.subarray(state * words, (state + 1) * words));
  return way;
}
