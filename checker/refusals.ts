/** Properties of refusals, judged on the refusals that one sequence of calls meets. */
import {
  errnoOf,
  LATE,
  refusalCodes,
  type CallCounts,
  type Machine,
  type OutcomeCode,
} from '../model/machine/index.js';
import { causesOf } from './causes.js';
import { KEPT, SILENT, type Broken, type Judgement, type RefusalsProperty } from './property.js';

/** The outcomes of an operation that a property is asked about: refusals by a guard, or by the effect with some errno. */
export function judgedOutcomes<S>(
  machine: Machine<S>,
  property: RefusalsProperty,
  operation: number,
): readonly OutcomeCode[] {
  const op = machine.operations[operation]!;
  if (op.observe) return [];
  return refusalCodes(op).filter((code) => !property.excepting?.includes(errnoOf(op, code)));
}

/** How often an operation was refused with an outcome. */
export function countOf({ refused, late }: CallCounts, operation: number, code: OutcomeCode): number {
  return code > LATE ? refused[operation]![-1 - code]! : late[operation]![LATE - code]!;
}

/** How many refusals a property was asked about. */
export function refusalsJudged<S>(
  machine: Machine<S>,
  property: RefusalsProperty,
  counts: CallCounts,
): number {
  let total = 0;
  machine.operations.forEach((_, operation) => {
    for (const code of judgedOutcomes(machine, property, operation))
      total += countOf(counts, operation, code);
  });
  return total;
}

/** What a property says of two causes of one operation that are met in this order; undefined unless it is broken. */
export function breachBetween<S>(
  machine: Machine<S>,
  property: RefusalsProperty,
  operation: number,
  earlier: OutcomeCode,
  later: OutcomeCode,
): Broken | undefined {
  const causes = causesOf(machine);
  const [one, other] = [causes.of(operation, earlier), causes.of(operation, later)];
  if (earlier === later || one.errno !== other.errno) return undefined;
  const judgement = property.check(one, other);
  return judgement === KEPT ? undefined : judgement;
}

/** Hears the refusals of a sequence, one after the other. */
export class RefusalHearing<S> {
  /** For each operation, the outcomes met. */
  private readonly met: readonly OutcomeCode[][];
  private readonly judged: readonly ReadonlySet<OutcomeCode>[];

  constructor(
    private readonly machine: Machine<S>,
    private readonly property: RefusalsProperty,
  ) {
    this.met = machine.operations.map(() => []);
    this.judged = machine.operations.map(
      (_, operation) => new Set(judgedOutcomes(machine, property, operation)),
    );
  }

  /** What the property says of a refusal, together with those before. */
  hear(operation: number, code: OutcomeCode): Judgement {
    const { machine, property } = this;
    if (!this.judged[operation]!.has(code)) return SILENT;
    const codes = this.met[operation]!;
    if (codes.includes(code)) return KEPT;
    for (const earlier of codes) {
      const breach = breachBetween(machine, property, operation, earlier, code);
      if (breach) return breach;
    }
    codes.push(code);
    return KEPT;
  }
}
