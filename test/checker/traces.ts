/** What tests of traces share. */
import type { Machine } from '../../model/machine/index.js';
import { SequenceGenerator } from '../../checker/generator.js';
import { judgeTrace } from '../../checker/judge.js';
import { callText, outcomeText, play } from '../../checker/playback.js';
import type { Property } from '../../checker/property.js';
import { isResult, type Argument, type Trace } from '../../checker/trace.js';

/** A trace by names: `['open', 0]` is a call of the operation `open`; `{ result: 0 }` is what the first call returned. */
export function traceOf<S>(
  machine: Machine<S>,
  ...calls: readonly (readonly [string, ...Argument[]])[]
): Trace {
  return calls.map(([name, ...args]) => ({ operation: machine.operationIndex(name), args }));
}

/** The calls of a trace with their outcomes, one a line. */
export function textOf<S>(machine: Machine<S>, trace: Trace): string[] {
  return play(machine, trace).steps.map((step) => `${callText(step)} -> ${outcomeText(step.outcome)}`);
}

/** Long random traces that break a property, or reach a witness, somewhere. */
export function brokenTraces<S>(machine: Machine<S>, property: Property<S>, count: number): Trace[] {
  const generator = new SequenceGenerator(machine, {
    minLength: 40,
    maxLength: 60,
    swarm: false,
    wrongCalls: 10,
  });
  const found: Trace[] = [];
  for (let seed = 0; found.length < count && seed < 10_000; seed++) {
    const trace = generator.draw(seed);
    const { brokenAt, firstSpoke } = judgeTrace(machine, property, trace);
    const at = property.kind === 'witness' ? firstSpoke : brokenAt;
    if (at !== undefined) found.push(trace);
  }
  if (found.length < count) throw new Error(`only ${found.length} traces break ${property.name}`);
  return found;
}

/**
 * Whether one trace is smaller than another: shorter; or as long, with the same calls, and of the first argument that differs
 * the smaller value, or the result of an earlier call.
 */
export function isSmaller(one: Trace, other: Trace): boolean {
  if (one.length !== other.length) return one.length < other.length;
  for (let i = 0; i < one.length; i++) {
    if (one[i]!.operation !== other[i]!.operation) return false;
    for (let k = 0; k < one[i]!.args.length; k++) {
      const [mine, theirs] = [one[i]!.args[k]!, other[i]!.args[k]!];
      if (isResult(mine) !== isResult(theirs)) return false;
      const [value, otherValue] = [mine, theirs].map((argument) =>
        isResult(argument) ? argument.result : argument,
      );
      if (value !== otherValue) return value! < otherValue!;
    }
  }
  return false;
}
