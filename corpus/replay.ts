/** Replays a case: are the outcomes and the verdict still what it says? */
import type { Machine } from '../model/machine/index.js';
import { outcomeText, play } from '../checker/playback.js';
import type { Property } from '../checker/property.js';
import { bindCase, type BoundCase } from './bind.js';
import type { Case, Expectation } from './case.js';
import { findingOf, type Finding } from './finding.js';
import { whyImpossible } from './impossible.js';
import { printCall } from './print.js';
import { CaseSyntaxError } from './syntax-error.js';

/** A call that came to something else than the case says. */
export interface OutcomeChange {
  readonly line: number;
  /** The call as it is written. */
  readonly call: string;
  readonly expected: string;
  readonly got: string;
  /** What keeps it from succeeding now: a guard, or the precondition without which it cannot be made. */
  readonly guard: string | undefined;
}

/** What a replay came to. Whatever its kind, all outcomes that changed are in it. */
export type CaseVerdict =
  | { readonly kind: 'as-expected'; readonly clause: string | undefined }
  /** Some calls came to something else; the verdict is still the one expected, undefined if there is none. */
  | {
      readonly kind: 'outcome-changed';
      readonly expected: Expectation | undefined;
      readonly outcomes: readonly OutcomeChange[];
    }
  | {
      readonly kind: 'verdict-changed';
      readonly expected: Expectation;
      readonly got: Exclude<Finding['kind'], 'vacuous'>;
      /** What is broken, where it is. */
      readonly clause: string | undefined;
      /** The line of the call that breaks it, where that is not the last one; 0 for the first state. */
      readonly line: number | undefined;
      readonly outcomes: readonly OutcomeChange[];
    }
  /** The property said nothing: the situation it speaks about did not arise. */
  | { readonly kind: 'vacuous'; readonly expected: Expectation; readonly outcomes: readonly OutcomeChange[] };

/**
 * Makes the calls of a case and compares; the verdict too, if the case is about a claim. Throws a {@link CaseSyntaxError} if the case does not fit the machine, or expects
 * of the property what its kind cannot come to; and what the rules of the machine or the property throw.
 */
export function replayCase<S>(
  read: Case,
  machine: Machine<S>,
  property: Property<S> | undefined,
): CaseVerdict {
  const { expect } = read;
  if (property === undefined || expect === undefined) return comparedOutcomes(read, machine);
  checkExpectation(read, expect, property);
  const bound = bindCase(read, machine);
  const outcomes = outcomeChanges(read, machine, bound);
  const finding = findingOf(machine, property, bound.trace);
  const clause = 'clause' in finding ? finding.clause : undefined;
  if (finding.kind === 'vacuous') return { kind: 'vacuous', expected: expect, outcomes };
  if (finding.kind !== expect) {
    const line = finding.kind === 'violated-earlier' ? (read.calls[finding.after]?.at.line ?? 0) : undefined;
    return { kind: 'verdict-changed', expected: expect, got: finding.kind, clause, line, outcomes };
  }
  return outcomes.length > 0
    ? { kind: 'outcome-changed', expected: expect, outcomes }
    : { kind: 'as-expected', clause };
}

function comparedOutcomes<S>(read: Case, machine: Machine<S>): CaseVerdict {
  const outcomes = outcomeChanges(read, machine, bindCase(read, machine));
  if (outcomes.length === 0) return { kind: 'as-expected', clause: undefined };
  return { kind: 'outcome-changed', expected: undefined, outcomes };
}

/** A witness is reached, and nothing else is: to expect anything else is a slip of the pen. */
function checkExpectation<S>(read: Case, expect: Expectation, property: Property<S>): void {
  const isWitness = property.kind === 'witness';
  if (isWitness === (expect === 'reached')) return;
  const { line, column } = read.at.headers.expect!;
  throw new CaseSyntaxError(
    read.at.file,
    line,
    column,
    `'${property.name}' is ${isWitness ? 'a witness' : 'no witness'}, and cannot be '${expect}'`,
    isWitness ? "write 'reached'" : "write 'violated' or 'kept'",
  );
}

function outcomeChanges<S>(read: Case, machine: Machine<S>, bound: BoundCase): OutcomeChange[] {
  const { steps } = play(machine, bound.trace, bound.names);
  const reasons = whyImpossible(machine, bound.trace);
  return read.calls.flatMap((call, i) => {
    const expected = bound.expected[i];
    const { outcome } = steps[i]!;
    const got = outcomeText(outcome);
    if (expected === undefined || expected === got) return [];
    const guard = outcome.kind === 'refused' ? outcome.guard : reasons.get(i);
    return [{ line: call.at.line, call: printCall(call), expected, got, guard }];
  });
}
