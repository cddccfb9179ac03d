/**
 * What a search says of a property of refusals. It has counted the refusals by their causes: so it is known which
 * causes there are without a look at each refusal, and only if two of them break the property a sequence is searched that
 * meets both.
 */
import { grouped } from './grouped.js';
import {
  endsEarly,
  errnoOf,
  type CallCounts,
  type Machine,
  type OutcomeCode,
} from '../model/machine/index.js';
import type { FoundCall } from './calls.js';
import { causesOf } from './causes.js';
import { shortestMeeting } from './meeting.js';
import type { RefusalsProperty } from './property.js';
import { breachBetween, countOf, judgedOutcomes } from './refusals.js';
import type { Verdict } from './verdict.js';

export interface CountedRefusals {
  readonly counts: CallCounts;
  /** The counts of some operations with every refusal in them, for where it matters that `counts` may lack some. */
  readonly recounted: (operations: readonly number[]) => CallCounts;
  /** The calls in front of all those that were counted; none if it is not given. */
  readonly made?: readonly FoundCall[];
}

/**
 * The verdict on the refusals that were counted, as if there were no others.
 * @param depth calls of the longest sequence asked about
 */
export function verdictOnRefusals<S>(
  machine: Machine<S>,
  property: RefusalsProperty,
  { counts, recounted, made = [] }: CountedRefusals,
  depth: number,
): Verdict {
  let breaking = breakingCauses(machine, property, counts);
  const doubtful = operationsInDoubt(machine, property, counts);
  // What is broken already needs no second count.
  if (isNone(breaking) && doubtful.length > 0)
    breaking = breakingCauses(machine, property, recounted(doubtful));
  if (!isNone(breaking)) {
    const breaks = (operation: number, code: OutcomeCode): boolean => breaking[operation]!.has(code);
    const { meeting, closed } = shortestMeeting(machine, property, breaks, depth, made);
    if (meeting) {
      return { kind: 'violated', counterexample: { trace: meeting.trace, ...meeting.broken } };
    }
    if (!closed) return { kind: 'holds-up-to', bound: 'the first sequences with two such refusals in them' };
    if (depth < Infinity) return { kind: 'holds-up-to', bound: `all sequences of up to ${depth} calls` };
  }
  const { looked } = causesOf(machine);
  if (looked === undefined) return { kind: 'holds' };
  return {
    kind: 'holds-up-to',
    bound: `what others can end in the first ${grouped(looked)} states`,
  };
}

/** For each operation, those of the causes that were counted which break the property together with another one. */
function breakingCauses<S>(
  machine: Machine<S>,
  property: RefusalsProperty,
  counts: CallCounts,
): readonly ReadonlySet<OutcomeCode>[] {
  return machine.operations.map((_, operation) => {
    const met = judgedOutcomes(machine, property, operation).filter(
      (code) => countOf(counts, operation, code) > 0,
    );
    const breaks = (one: OutcomeCode, other: OutcomeCode): boolean =>
      breachBetween(machine, property, operation, one, other) !== undefined;
    return new Set(met.filter((one) => met.some((other) => breaks(one, other) || breaks(other, one))));
  });
}

function isNone(breaking: readonly ReadonlySet<OutcomeCode>[]): boolean {
  return breaking.every((codes) => codes.size === 0);
}

/**
 * The operations of which a cause that shares its errno with another one was not met, and may yet have been hidden: by a full
 * table that ended the operation before its guards were asked.
 */
function operationsInDoubt<S>(
  machine: Machine<S>,
  property: RefusalsProperty,
  counts: CallCounts,
): readonly number[] {
  return [...machine.operations.keys()].filter((operation) => {
    const { possible, guards } = machine.operations[operation]!;
    const wasEnded = possible.some((bound, i) => endsEarly(bound) && counts.impossible[operation]![i]! > 0);
    const shared = judgedOutcomes(machine, property, operation).filter((code) => {
      const errno = errnoOf(machine.operations[operation]!, code);
      return guards.filter((guard) => guard.errno === errno).length > 1;
    });
    return wasEnded && shared.some((code) => countOf(counts, operation, code) === 0);
  });
}
