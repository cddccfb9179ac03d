/** One call on the running system and on the model, and a look at both. */
import { errnoOf, type Operation, type OutcomeCode } from '../../model/machine/index.js';
import type { Candidate, Candidates, Predicted } from './candidates.js';
import { firstDifference, type LiveOutcome, type LiveSystem, type View } from './system.js';

/** What the model says that the running system does not do. */
export interface Mismatch {
  /** The outcome of the call, or what was there behind it. */
  readonly kind: 'outcome' | 'view';
  /** What it is about: the call came to something, or a line of the view. */
  readonly what: string;
  readonly observed: string;
  /** What alone was allowed, each once. */
  readonly allowed: readonly string[];
}

export interface StepResult {
  /** The states the system may be in now. Empty if it is in none that the model knows. */
  readonly candidates: readonly Candidate[];
  /** What the call came to, in words. */
  readonly outcome: string;
  /** The outcomes that the model allowed, in words; more than one where the system had work of its own to do. */
  readonly allowed: readonly string[];
  /** The code of the model's outcome that agreed; undefined if none did. */
  readonly code: OutcomeCode | undefined;
  readonly mismatch: Mismatch | undefined;
  /** Whether the view agreed only after a while. */
  readonly wasLate: boolean;
}

/** How long the running system is given to finish what it does behind a call, and how often it is looked at, in milliseconds. */
export interface Patience {
  readonly milliseconds: number;
  /** Waits so long, in milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly now: () => number;
}

/** What a call came to in words: `ok`, `fd3`, `EBUSY`, or what was seen. */
export function outcomeWords<S>(op: Operation<S>, outcome: LiveOutcome): string {
  switch (outcome.kind) {
    case 'refused':
      return outcome.errno;
    case 'saw':
      return outcome.words.join(' ') || 'nothing';
    case 'done':
      return outcome.value === undefined
        ? 'ok'
        : (op.returns?.domain.values[outcome.value] ?? `${outcome.value}`);
  }
}

function predictedWords<S>(op: Operation<S>, { code, saw }: Predicted): string {
  if (op.observe) return saw.join(' ') || 'nothing';
  if (code < 0) return errnoOf(op, code);
  // Only a process's own numbers are the same on both sides; others are the running system's to choose.
  return op.returns?.domain.issued === 'actor' ? op.returns.domain.values[code]! : 'ok';
}

/** Makes one call. `candidates` are the states in which the system may be; at least one. */
export async function compareStep<S>(
  model: Candidates<S>,
  system: LiveSystem<S>,
  candidates: readonly Candidate[],
  call: { readonly operation: number; readonly args: readonly number[] },
  patience: Patience,
): Promise<StepResult | undefined> {
  const { operation, args } = call;
  const op = model.machine.operations[operation]!;
  const predicted = model.settling(candidates).flatMap((one) => model.predict(one, operation, args) ?? []);
  if (predicted.length === 0) return undefined;
  const live = await system.perform({ operation: op, args, identities: candidates[0]!.identities });
  const outcome = outcomeWords(op, live);
  const allowed = [...new Set(predicted.map((one) => predictedWords(op, one)))];
  const agreeing = predicted.filter((one) => predictedWords(op, one) === outcome);
  if (agreeing.length === 0) {
    const mismatch: Mismatch = { kind: 'outcome', what: op.verb, observed: outcome, allowed };
    // A refusal that the model does not have: it goes on as if the call had not been made, where that is what is there.
    const unchanged = live.kind === 'refused' ? model.settling(candidates) : [];
    const observed = await system.observe();
    const left = unchanged.filter((one) => firstDifference(model.viewOf(one), observed) === undefined);
    return { candidates: left, outcome, allowed, code: undefined, mismatch, wasLate: false };
  }
  const made = live.kind === 'done' ? live.made : undefined;
  const identified = agreeing.flatMap((one) =>
    made === undefined ? [one.after] : (model.identified(one, operation, args, made) ?? []),
  );
  const { code } = agreeing[0]!;
  if (identified.length === 0) {
    const mismatch: Mismatch = {
      kind: 'view',
      what: outcome,
      observed: made!,
      allowed: [...new Set(agreeing.flatMap(({ after }) => [...after.identities.values()]))],
    };
    return { candidates: [], outcome, allowed, code, mismatch, wasLate: false };
  }
  const seen = await look(model, system, model.settling(identified), patience);
  return { ...seen, outcome, allowed, code };
}

/** Waits for a step that nobody calls: until the system is where the step leads to. */
export async function awaitStep<S>(
  model: Candidates<S>,
  system: LiveSystem<S>,
  candidates: readonly Candidate[],
  call: { readonly operation: number; readonly args: readonly number[] },
  patience: Patience,
): Promise<StepResult | undefined> {
  const { operation, args } = call;
  const steps = model.settling(candidates).map((one) => ({ one, done: model.predict(one, operation, args) }));
  if (!steps.some(({ done }) => done !== undefined && done.code >= 0)) return undefined;
  // Where it cannot be done it may have been done before, as far as could be seen: that is where the system is then.
  const after = steps.map(({ one, done }) => (done !== undefined && done.code >= 0 ? done.after : one));
  const seen = await look(model, system, model.settling(after), patience);
  // Where nothing shows whether it has been done, it may still be to come.
  const views = seen.candidates.map((one) => model.viewOf(one));
  const left = model
    .settling(candidates)
    .filter((one) => views.some((view) => firstDifference(view, model.viewOf(one)) === undefined));
  return { ...seen, candidates: left, outcome: 'ok', allowed: ['ok'], code: 0 };
}

/** Looks at the running system until it is in one of the states, or patience ends. */
async function look<S>(
  model: Candidates<S>,
  system: LiveSystem<S>,
  candidates: readonly Candidate[],
  { milliseconds, wait, now }: Patience,
): Promise<Pick<StepResult, 'candidates' | 'mismatch' | 'wasLate'>> {
  const expected = candidates.map((candidate) => model.viewOf(candidate));
  const start = now();
  for (let wasLate = false; ; wasLate = true) {
    const observed = await system.observe();
    const left = candidates.filter((_, i) => firstDifference(expected[i]!, observed) === undefined);
    if (left.length > 0) return { candidates: left, mismatch: undefined, wasLate };
    if (now() - start >= milliseconds)
      return { candidates: [], mismatch: viewMismatch(expected, observed), wasLate };
    await wait(1);
  }
}

/** Told by the state that differs least: what was observed there, and what all states allow. */
function viewMismatch(expected: readonly View[], observed: View): Mismatch {
  const nearest = [...expected].sort((a, b) => differences(a, observed) - differences(b, observed))[0]!;
  const { what, observed: seen } = firstDifference(nearest, observed)!;
  const allowed = [...new Set(expected.map((view) => view.get(what) ?? 'nothing'))];
  return { kind: 'view', what, observed: seen, allowed };
}

function differences(a: View, b: View): number {
  return [...new Set([...a.keys(), ...b.keys()])].filter((what) => a.get(what) !== b.get(what)).length;
}
