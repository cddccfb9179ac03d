/** Rows that a search has not kept, found again by making the calls of the way to them once more. */
import type { Machine } from '../model/machine/index.js';
import type { FingerprintStore } from './fingerprint-store.js';

/**
 * The rows of states of which each was first reached from the one in front of it; of each state's successors, the first one with
 * the fingerprint is it, for no other one was kept. Ends early where there is none: then the rules do not say the same again.
 * @param path numbers of states, from the first state on
 */
export function rowsAlong<S>(
  machine: Machine<S>,
  store: FingerprintStore,
  path: readonly number[],
): Int32Array[] {
  const { words } = machine;
  const expansion = machine.expansion([]);
  const successors = new Int32Array((expansion.maxSuccessors + 1) * words);
  const rows = [store.firstRow()];
  for (const state of path.slice(1)) {
    const n = expansion.expand(rows.at(-1)!, 0, successors);
    let k = 0;
    while (k < n && !store.isLike(state, successors, k * words)) k++;
    if (k === n) break;
    rows.push(successors.slice(k * words, (k + 1) * words));
  }
  return rows;
}
