/**
 * What a guard keeps away: the calls that it refuses, made all the same in every state of a closed space. A machine without the
 * guard differs from the one with it in these calls only. If each of them is refused by another guard, or leads to a state that
 * is known, then the states without the guard are the same, and the space need not be searched again: only the added calls can
 * break what was kept.
 */
import {
  Machine,
  type Guard,
  type MachineDefinition,
  type Operation,
  type Test,
} from '../model/machine/index.js';
import type { RowMemory } from '../model/state/index.js';
import type { KnownStates } from './exhaustive.js';
import type { Property } from './property.js';
import { PropertyWatch } from './watch.js';

export type AddedCalls =
  /** All lead to known states, as far as they come through. */
  | {
      readonly kind: 'known';
      /** Calls that come through; the others are refused by other guards. */
      readonly done: number;
      /** The numbers of the properties that they break. */
      readonly broken: ReadonlySet<number>;
      /** How often the operation was then refused: by its other guards, and after it had begun. */
      readonly refused: Float64Array;
      readonly late: Float64Array;
    }
  /** A call leads to a state that was not known, or cannot be made: the space must be searched. */
  | { readonly kind: 'unknown' };

/**
 * @param states all states of the machine with the guard; the search that found them must have closed the space
 * @param memory taken over, as {@link Machine} says
 * @param properties must not look at refusals by guards one by one (`refusals: 'all'`): the calls that are refused are not shown
 */
export function addedCalls<S>(
  definition: MachineDefinition<S>,
  memory: RowMemory,
  switched: { readonly operation: string; readonly guard: string },
  properties: readonly Property<S>[],
  states: KnownStates,
): AddedCalls {
  const operations = definition.operations
    .filter((op) => op.name === switched.operation)
    .map((op) => whatIsRefused(op, switched.guard));
  const machine = new Machine({ ...definition, operations }, { without: [] }, memory);
  const broken = new Set<number>();
  const watch = new PropertyWatch(machine, properties, (property) => broken.add(property));
  const expansion = machine.expansion(watch.observers, 'every-refusal');
  const { words } = machine;
  const rows = states.rows();
  const successors = new Int32Array((expansion.maxSuccessors + 1) * words);
  try {
    for (let row = 0, end = states.count() * words; row < end; row += words) {
      const n = expansion.expand(rows, row, successors);
      for (let i = 0; i < n; i++) if (!states.has(successors, i * words)) return { kind: 'unknown' };
    }
  } catch {
    // The search finds out which call it was.
    return { kind: 'unknown' };
  }
  const { done, refused, late } = expansion.counts;
  const others = refused[0]!.filter((_, i) => operations[0]!.guards[i]!.name !== switched.guard);
  return { kind: 'known', done: done[0]!, broken, refused: others, late: late[0]! };
}

/** The operation, for those calls only that the guard refuses and those before it do not. */
function whatIsRefused<S>(op: Operation<S>, name: string): Operation<S> {
  return { ...op, guards: op.guards.map((guard) => (guard.name === name ? inverse(guard) : guard)) };
}

function inverse<S>(guard: Guard<S>): Guard<S> {
  const test: Test<S> = (state, ...args) => !guard.test(state, ...args);
  // The number of arguments a test takes says when it is asked.
  return { ...guard, test: Object.defineProperty(test, 'length', { value: guard.test.length }) };
}
