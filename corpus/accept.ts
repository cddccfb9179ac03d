/** Accepting what a replay came to: the case is written anew, as things are now. */
import type { Machine } from '../model/machine/index.js';
import { outcomeText, play } from '../checker/playback.js';
import type { Property } from '../checker/property.js';
import { bindCase, type BoundCase } from './bind.js';
import { textOf, type Case, type CaseText, type Expectation } from './case.js';
import { findingOf } from './finding.js';
import { caseFrom } from './print.js';

export type Acceptance =
  | { readonly kind: 'accepted'; readonly case: Case }
  /** There is nothing that a case could expect. */
  | { readonly kind: 'refused'; readonly why: string };

/**
 * The same case with the outcomes and, if it is about a claim, the verdict of now. If the property is broken earlier than at the end, the calls
 * behind are dropped, but for those that look at what has just happened.
 *
 * Throws a {@link CaseSyntaxError} if the case does not fit the machine, and what the rules or the property throw.
 */
export function acceptCase<S>(
  read: Case,
  machine: Machine<S>,
  property: Property<S> | undefined,
): Acceptance {
  const bound = bindCase(read, machine);
  if (property === undefined) return acceptedAs(read, machine, bound, undefined);
  const { trace } = bound;
  const finding = findingOf(machine, property, trace);
  switch (finding.kind) {
    case 'vacuous':
      return { kind: 'refused', why: `'${property.name}' says nothing of these calls` };
    case 'not-reached':
      return { kind: 'refused', why: `'${property.name}' is not reached by these calls` };
    case 'violated-earlier': {
      const behind = trace.findIndex(
        (call, i) => i > finding.after && !machine.operations[call.operation]!.observe,
      );
      const cut: CaseText = { ...textOf(read), calls: textOf(read).calls.slice(0, behind) };
      return acceptCase(caseFrom(cut, read.at.file), machine, property);
    }
    case 'violated':
    case 'kept':
    case 'reached':
      return acceptedAs(read, machine, bound, finding.kind);
  }
}

function acceptedAs<S>(
  read: Case,
  machine: Machine<S>,
  { trace, names }: BoundCase,
  expect: Expectation | undefined,
): Acceptance {
  const { steps } = play(machine, trace, names);
  const text = textOf(read);
  const calls = text.calls.map((call, i) => ({ ...call, outcome: outcomeText(steps[i]!.outcome) }));
  return { kind: 'accepted', case: caseFrom({ ...text, expect, calls }, read.at.file) };
}
