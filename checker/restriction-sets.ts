/** Sets of restrictions: which there are, which is weaker than which, and what they forbid of a trace. */
import { guardOf, isRefusal, type Machine, type Restriction } from '../model/machine/index.js';
import { runTrace, type Trace } from './trace.js';

export type RestrictionSet<S> = readonly Restriction<S>[];

/** Whether a restriction forbids all calls that another one forbids. */
function covers<S>(one: Restriction<S>, other: Restriction<S>): boolean {
  return one === other || one.implies.includes(other.name);
}

/** Whether a set forbids all that another one forbids. */
export function isAsStrong<S>(set: RestrictionSet<S>, other: RestrictionSet<S>): boolean {
  return other.every((wanted) => set.some((restriction) => covers(restriction, wanted)));
}

/** All sets of so many restrictions, none of which makes another one needless; weaker sets come before stronger ones. */
export function setsOfSize<S>(restrictions: RestrictionSet<S>, size: number): RestrictionSet<S>[] {
  const strength = (set: RestrictionSet<S>): number =>
    set.reduce((sum, { implies }) => sum + implies.length, 0);
  return subsets(restrictions, size).sort((a, b) => strength(a) - strength(b));
}

function subsets<S>(restrictions: RestrictionSet<S>, size: number): RestrictionSet<S>[] {
  if (size === 0) return [[]];
  return restrictions.flatMap((first, i) =>
    subsets(restrictions.slice(i + 1), size - 1)
      .filter((rest) => !rest.some((other) => covers(first, other) || covers(other, first)))
      .map((rest) => [first, ...rest]),
  );
}

/** The restrictions that forbid a call of a trace. It is played on the machine without any. */
export function forbidding<S>(
  machine: Machine<S>,
  trace: Trace,
  restrictions: RestrictionSet<S>,
): ReadonlySet<Restriction<S>> {
  const found = new Set<Restriction<S>>();
  runTrace(machine, trace, (index, code, args) => {
    const op = machine.operations[trace[index]!.operation]!;
    const isRefused = isRefusal(code) && guardOf(op, code) !== undefined;
    for (const restriction of restrictions) {
      const forbidden = restriction.forbids(op);
      if (forbidden === 'none' || (forbidden !== 'all' && isRefused)) continue;
      if (forbidden === 'all' || forbidden(machine.before, machine.state, args)) found.add(restriction);
    }
  });
  return found;
}
