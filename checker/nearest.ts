/** How near a search came to a witness that it did not reach. */
import type { Machine } from '../model/machine/index.js';
import type { Condition } from './property.js';

export interface NearestState {
  /** Its number among the rows. */
  readonly state: number;
  /** Which of the conditions are met in it, in their order. */
  readonly isMet: readonly boolean[];
}

/** The first of the states in which most of the conditions are met. The machine is left in some other state. */
export function nearestState<S>(
  machine: Machine<S>,
  conditions: readonly Condition<S>[],
  rows: Int32Array,
  count: number,
): NearestState {
  let nearest: NearestState = { state: 0, isMet: conditions.map(() => false) };
  let most = -1;
  for (let state = 0; state < count; state++) {
    machine.load(rows, state * machine.words);
    let met = 0;
    for (const condition of conditions) if (condition.test(machine.state)) met++;
    if (met <= most) continue;
    most = met;
    nearest = { state, isMet: conditions.map((condition) => condition.test(machine.state)) };
  }
  return nearest;
}
