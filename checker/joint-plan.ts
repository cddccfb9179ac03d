/** What the two machines' calls need to know of an operation, worked out before any of them. */
import type { Machine, Operation, Test } from '../model/machine/index.js';
import { NONE } from '../model/state/index.js';
import {
  operationsOf,
  type AlignedOperation,
  type AlignedParameter,
  type Alignment,
  type Sides,
} from './alignment.js';
import type { Choices } from './joint-numbers.js';

export interface Plan<S> {
  readonly aligned: AlignedOperation;
  readonly operations: Sides<Operation<S> | undefined>;
  readonly callers: Sides<ReturnType<Machine<S>['caller']> | undefined>;
  /** How many parameters both sides have. */
  readonly shared: number;
  /** The fixed values of each parameter. */
  readonly fixed: readonly Choices[];
  /** Which argument says whose the number handed out is; NONE if it is everyone's or there is none. */
  readonly owners: Sides<number>;
  /** The kinds of numbers that a number handed out on one side only may be of. */
  readonly handsOut: Sides<readonly number[]>;
  /** What can keep every call of an actor from being made, whatever else is named. */
  readonly early: Sides<readonly Test<S>[]>;
}

/** The plan of an operation that both machines have, or one of them. */
export function planOf<S>(
  machines: Sides<Machine<S>>,
  { numbers }: Alignment,
  aligned: AlignedOperation,
): Plan<S> {
  const operations = operationsOf(machines, aligned.operation);
  const caller = (side: 0 | 1) => operations[side] && machines[side].caller(aligned.operation[side]);
  const owner = (side: 0 | 1): number =>
    Object.keys(operations[side]?.params ?? {}).indexOf(operations[side]?.returns?.owner ?? '');
  const handsOut = (side: 0 | 1): number[] => {
    const name = operations[side]?.returns?.domain.name;
    return numbers.flatMap(({ domains }, kind) =>
      domains[0] && domains[1] && domains[side]!.name === name ? [kind] : [],
    );
  };
  const { parameters } = aligned;
  return {
    aligned,
    operations,
    callers: [caller(0), caller(1)],
    shared: parameters.filter(({ at }) => at[0] !== NONE && at[1] !== NONE).length,
    fixed: parameters.map(({ values }) => {
      const pairs = Int32Array.from(values.flat());
      return { pairs, length: pairs.length };
    }),
    owners: [owner(0), owner(1)],
    handsOut: [handsOut(0), handsOut(1)],
    early: isFirstOfBoth(parameters[0]) ? [earlyTests(operations[0]!), earlyTests(operations[1]!)] : [[], []],
  };
}

/** Whether a parameter comes first on both sides and takes fixed values, as an actor does. */
function isFirstOfBoth(parameter: AlignedParameter | undefined): boolean {
  return parameter?.at[0] === 0 && parameter.at[1] === 0 && parameter.numbers === NONE;
}

function earlyTests<S>({ possible }: Operation<S>): Test<S>[] {
  // The state comes before the arguments.
  return possible.filter(({ test, isBound }) => !isBound && test.length <= 2).map(({ test }) => test);
}
