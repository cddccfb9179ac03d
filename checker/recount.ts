/** Counting again, with every refusal, what a search that had no need of that has left uncounted. */
import type { CallCounts, Machine } from '../model/machine/index.js';

/** The counts of all calls from the first `count` rows; of some operations only, if these are given. */
export function recount<S>(
  machine: Machine<S>,
  rows: Int32Array,
  count: number,
  operations?: readonly number[],
): CallCounts {
  const expansion = machine.rememberingExpansion([], 'every-refusal', operations);
  const successors = new Int32Array((expansion.maxSuccessors + 1) * machine.words);
  for (let i = 0; i < count; i++) expansion.expand(rows, i * machine.words, successors);
  return expansion.counts;
}
