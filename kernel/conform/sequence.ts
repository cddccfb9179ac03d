/** A sequence of calls on the running system and on the model, compared after each. */
import { Resolver, type Trace } from '../../checker/trace.js';
import type { Candidate, Candidates } from './candidates.js';
import { awaitStep, compareStep, type Mismatch, type Patience, type StepResult } from './step.js';
import type { LiveSystem } from './system.js';

export interface SequenceStep extends StepResult {
  /** Index into the trace. */
  readonly index: number;
}

export interface SequenceResult {
  readonly steps: readonly SequenceStep[];
  /** The first mismatch, and the call it was found at. Calls behind it were made as long as the state was known. */
  readonly mismatches: readonly (Mismatch & { readonly index: number })[];
}

/**
 * Makes the calls of a trace, from the first state. A call that cannot be made (its actor is dead, what it names was never handed
 * out, the system has no such call) is left out, as it is in the model. After a mismatch of an outcome it goes on as the model has it, if what is there agrees;
 * where the state is not known any more, the sequence ends.
 */
export async function runSequence<S>(
  model: Candidates<S>,
  system: LiveSystem<S>,
  trace: Trace,
  patience: Patience,
): Promise<SequenceResult> {
  await system.reset();
  let candidates: readonly Candidate[] = [model.first()];
  const resolver = new Resolver();
  const args: number[] = [];
  const steps: SequenceStep[] = [];
  const mismatches: (Mismatch & { readonly index: number })[] = [];
  for (let index = 0; index < trace.length; index++) {
    const call = trace[index]!;
    const { name, spontaneous } = model.machine.operations[call.operation]!;
    const make = spontaneous ? awaitStep : compareStep;
    const resolved = !system.unsupported.has(name) && resolver.resolve(call, args);
    const step = resolved
      ? await make(model, system, candidates, { operation: call.operation, args: [...args] }, patience)
      : undefined;
    resolver.returned(step?.code ?? -1);
    if (step === undefined) continue;
    steps.push({ ...step, index });
    if (step.mismatch) mismatches.push({ ...step.mismatch, index });
    if (step.candidates.length === 0) break;
    candidates = step.candidates;
  }
  return { steps, mismatches };
}
