/** Finding out which call, or which property, threw while all calls from a state were made and judged. */
import { IMPOSSIBLE, type Machine } from '../model/machine/index.js';
import { argumentLists, type FoundCall } from './calls.js';
import { ModelFault, PropertyFault } from './faults.js';
import { hasActor, judgeState, judges, StepView } from './judge.js';
import type { Property } from './property.js';
import type { Trace } from './trace.js';

/**
 * The fault to throw instead of what was thrown; that itself if nothing throws any more.
 * @param row the state from which the calls were made
 * @param traceTo the calls that lead to it, with one more call behind them if that is given
 */
export function faultBehind<S>(
  machine: Machine<S>,
  properties: readonly Property<S>[],
  row: Int32Array,
  traceTo: (last?: Omit<FoundCall, 'code'>) => Trace,
  thrown: unknown,
): unknown {
  const step = new StepView(machine);
  for (let operation = 0; operation < machine.operations.length; operation++) {
    const op = machine.operations[operation]!;
    if (op.observe) continue;
    for (const args of argumentLists(machine, operation)) {
      machine.load(row, 0);
      machine.remember();
      let code;
      const trace = (): Trace => traceTo({ operation, args: [...args] });
      try {
        code = machine.call(operation, args);
      } catch (cause) {
        return new ModelFault(machine.name, op.name, trace(), cause);
      }
      if (code === IMPOSSIBLE) continue;
      step.show(op, hasActor(op), code, args);
      for (const property of properties) {
        try {
          if (property.kind === 'step' && judges(property, op, code)) property.check(step);
        } catch (cause) {
          return new PropertyFault(property.name, trace(), cause);
        }
      }
    }
  }
  machine.load(row, 0);
  for (const property of properties) {
    try {
      judgeState(machine, property);
    } catch (cause) {
      return new PropertyFault(property.name, traceTo(), cause);
    }
  }
  return thrown;
}
