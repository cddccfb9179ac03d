/** States that random walks come to: the same each time, some of them deep. */
import type { Machine } from '../../model/machine/index.js';
import { createPrng } from '../../checker/prng.js';

const WALKS = 120;
const LENGTH = 40;

/** Rows of a few thousand different states, in the order in which they are met. */
export function walkedStates<S>(machine: Machine<S>): Int32Array[] {
  const { words } = machine;
  const expansion = machine.expansion([]);
  const successors = new Int32Array(expansion.maxSuccessors * words);
  const prng = createPrng();
  const met = new Map<string, Int32Array>();
  for (let walk = 0; walk < WALKS; walk++) {
    prng.seed(walk);
    let row = machine.initialRow;
    for (let step = 0; step < LENGTH; step++) {
      met.set(row.join(), row);
      const count = expansion.expand(row, 0, successors);
      const chosen = prng.next(count) * words;
      row = successors.slice(chosen, chosen + words);
    }
  }
  return [...met.values()];
}
