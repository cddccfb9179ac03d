/** Counting again, with every refusal, what a search that had no need of that has left uncounted. */
import type { CallCounts, Machine } from '../model/machine/index.js';

/** The counts of all calls from the first `count` rows. It takes about as long as the calls themselves took. */
export function recount<S>(machine: Machine<S>, rows: Int32Array, count: number): CallCounts {
  const expansion = machine.expansion([], 'every-refusal');
  const successors = new Int32Array((expansion.maxSuccessors + 1) * machine.words);
  for (let i = 0; i < count; i++) expansion.expand(rows, i * machine.words, successors);
  return expansion.counts;
}
