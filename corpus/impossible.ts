/** Why some calls of a trace could not be made. */
import type { Machine } from '../model/machine/index.js';
import { isResult, runTrace, SKIPPED, type Trace } from '../checker/trace.js';

/** By index of the call: the precondition that was not met, or that it needs a number which was never handed out. */
export function whyImpossible<S>(machine: Machine<S>, trace: Trace): ReadonlyMap<number, string> {
  const reasons = new Map<number, string>();
  const codes: number[] = [];
  runTrace(machine, trace, (index, code, args) => {
    codes.push(code);
    if (code !== SKIPPED) return;
    const { operation, args: written } = trace[index]!;
    const isMissing = written.some((argument) => isResult(argument) && !(codes[argument.result]! >= 0));
    // A call that cannot be made changes nothing, so the state is still the one in which it was tried.
    const unmet = machine.operations[operation]!.possible.find(({ test }) => !test(machine.state, ...args));
    reasons.set(index, isMissing ? 'needs-the-result-of-a-refused-call' : (unmet?.name ?? 'unknown'));
  });
  return reasons;
}
