/**
 * Which calls of two machines are the same call to somebody who makes it: operations by name, or by verb and parameters;
 * parameters by name; values by the word they are written with. What is left over on both sides is paired in order.
 */
import type { Domain, Machine, Operation } from '../model/machine/index.js';
import { NONE } from '../model/state/index.js';

/** The same thing of two machines, the first one's first. */
export type Sides<T> = readonly [T, T];

export interface AlignedParameter {
  readonly name: string;
  /** Where it stands among the parameters of each side; NONE on a side that does not have it. */
  readonly at: Sides<number>;
  /** Values that mean the same; on a side that does not have the parameter, NONE. Empty for numbers that calls hand out. */
  readonly values: readonly Sides<number>[];
  /** Whose numbers it takes, as an index into {@link Alignment.numbers}; NONE if its values are fixed. */
  readonly numbers: number;
}

export interface AlignedOperation {
  /** As the first machine has it, if it does. */
  readonly name: string;
  /** Index into the operations of each side; NONE on a side that does not have it. */
  readonly operation: Sides<number>;
  /** Those that both sides have come first. */
  readonly parameters: readonly AlignedParameter[];
  /** Of which numbers it hands one out on both sides; NONE if it does not. */
  readonly returns: number;
}

/** Numbers that calls hand out and later calls name. */
export interface AlignedNumbers {
  /** The domain of each side; undefined where only the other side has such numbers. */
  readonly domains: Sides<Domain | undefined>;
  /** Whose they are: values of `actor` on each side, or one pair of NONE if they are everyone's. */
  readonly owners: readonly Sides<number>[];
}

export interface Alignment {
  /**
   * Operations that both have, in the order of the first machine's, then those that one side alone has. Those that only look
   * are not among them.
   */
  readonly operations: readonly AlignedOperation[];
  /** Operations of both that only look. */
  readonly observations: readonly AlignedOperation[];
  readonly numbers: readonly AlignedNumbers[];
}

/** A pair of operations that are said to be the same, the first machine's first. */
export type SameOperations = Sides<string>;

/** An operation was named that a machine does not have. */
export class UnknownOperationError extends Error {
  constructor(
    readonly machine: string,
    readonly unknown: string,
    readonly known: readonly string[],
  ) {
    super(`'${machine}' has no operation '${unknown}'`);
    this.name = 'UnknownOperationError';
  }
}

/** Aligns two machines. `same` comes before everything else. Throws an {@link UnknownOperationError}. */
export function align<S>(machines: Sides<Machine<S>>, same: readonly SameOperations[] = []): Alignment {
  const numbers = new NumberTable(machines);
  const pairs = operationPairs(machines, same);
  const alone = (side: 0 | 1): Sides<number>[] =>
    machines[side].operations.flatMap(({ observe }, i): Sides<number>[] => {
      if (observe || pairs.some((pair) => pair[side] === i)) return [];
      return [side === 0 ? [i, NONE] : [NONE, i]];
    });
  const all = [...pairs, ...alone(0), ...alone(1)].map((operation) => {
    const operations = operationsOf(machines, operation);
    return { operation, operations, parameters: alignParameters(operations, numbers) };
  });
  // Which numbers correspond is known when all parameters have been seen.
  const aligned = all.map(({ operation, operations: [a, b], parameters }): AlignedOperation => {
    const returns = a?.returns && b?.returns ? numbers.find([a.returns.domain, b.returns.domain]) : NONE;
    return { name: (a ?? b)!.name, operation, parameters, returns };
  });
  const isObservation = ({ operation }: AlignedOperation): boolean =>
    operationsOf(machines, operation)[0]?.observe !== undefined;
  return {
    operations: aligned.filter((one) => !isObservation(one)),
    observations: aligned.filter(isObservation),
    numbers: numbers.found,
  };
}

/** The operations behind a pair of indices; undefined where a side has none. */
export function operationsOf<S>(
  machines: Sides<Machine<S>>,
  [a, b]: Sides<number>,
): Sides<Operation<S> | undefined> {
  return [machines[0].operations[a], machines[1].operations[b]];
}

function operationPairs<S>(
  machines: Sides<Machine<S>>,
  same: readonly SameOperations[],
): readonly Sides<number>[] {
  const pairs: Sides<number>[] = same.map(([a, b]) => [indexOf(machines[0], a), indexOf(machines[1], b)]);
  const pairUp = (agree: (a: Operation<S>, b: Operation<S>) => boolean): void => {
    machines[0].operations.forEach((a, i) => {
      if (pairs.some((pair) => pair[0] === i)) return;
      const found = machines[1].operations.findIndex(
        (b, k) => !pairs.some((pair) => pair[1] === k) && !a.observe === !b.observe && agree(a, b),
      );
      if (found >= 0) pairs.push([i, found]);
    });
  };
  const parameters = ({ params }: Operation<S>): string => Object.keys(params).sort().join();
  pairUp((a, b) => a.name === b.name);
  pairUp((a, b) => a.verb === b.verb && parameters(a) === parameters(b));
  return pairs.sort((one, other) => one[0] - other[0]);
}

function indexOf<S>(machine: Machine<S>, name: string): number {
  const index = machine.operationIndex(name);
  if (index >= 0) return index;
  throw new UnknownOperationError(
    machine.name,
    name,
    machine.operations.map((operation) => operation.name),
  );
}

/** The kinds of numbers, collected from the parameters that take them. */
class NumberTable<S> {
  readonly found: AlignedNumbers[] = [];

  constructor(private readonly machines: Sides<Machine<S>>) {}

  /** The index of the numbers that are of these domains, one of which may be missing. */
  of(domains: Sides<Domain | undefined>): number {
    const known = this.find(domains);
    if (known >= 0) return known;
    const { issued } = (domains[0] ?? domains[1])!;
    this.found.push({ domains, owners: issued === 'actor' ? this.actors() : [[NONE, NONE]] });
    return this.found.length - 1;
  }

  find(domains: Sides<Domain | undefined>): number {
    return this.found.findIndex(
      (numbers) =>
        numbers.domains[0]?.name === domains[0]?.name && numbers.domains[1]?.name === domains[1]?.name,
    );
  }

  private actors(): readonly Sides<number>[] {
    const actors = ({ operations }: Machine<S>): Domain | undefined =>
      operations.find(({ params }) => 'actor' in params)?.params.actor;
    const [a, b] = [actors(this.machines[0]), actors(this.machines[1])];
    if (a && b) return alignValues(a, b);
    return a || b ? valuesOf([a, b]) : [];
  }
}

function alignParameters<S>(
  [a, b]: Sides<Operation<S> | undefined>,
  numbers: NumberTable<S>,
): AlignedParameter[] {
  const domains: Sides<[string, Domain][]> = [
    Object.entries(a?.params ?? {}),
    Object.entries(b?.params ?? {}),
  ];
  const pairs = a && b ? parameterPairs(a, b) : [];
  const alone = (side: 0 | 1): Sides<number>[] =>
    domains[side].flatMap((_, i): Sides<number>[] => {
      if (pairs.some((pair) => pair[side] === i)) return [];
      return [side === 0 ? [i, NONE] : [NONE, i]];
    });
  return [...pairs, ...alone(0), ...alone(1)].map((at): AlignedParameter => {
    const [one, other] = [domains[0][at[0]], domains[1][at[1]]];
    const taken: Sides<Domain | undefined> = [one?.[1], other?.[1]];
    const isIssued = (taken[0] ?? taken[1])!.issued !== undefined;
    return {
      name: (one ?? other)![0],
      at,
      values: valuesOf(taken),
      numbers: isIssued ? numbers.of(taken) : NONE,
    };
  });
}

/** Parameters of the same name, then those left over of the same domain; numbers never go with fixed values. */
function parameterPairs<S>(a: Operation<S>, b: Operation<S>): Sides<number>[] {
  const pairs: Sides<number>[] = [];
  const [ofA, ofB] = [Object.entries(a.params), Object.entries(b.params)];
  const pairUp = (agree: (a: [string, Domain], b: [string, Domain]) => boolean): void => {
    ofA.forEach((one, i) => {
      if (pairs.some((pair) => pair[0] === i)) return;
      const found = ofB.findIndex(
        (other, k) =>
          !pairs.some((pair) => pair[1] === k) && one[1].issued === other[1].issued && agree(one, other),
      );
      if (found >= 0) pairs.push([i, found]);
    });
  };
  pairUp(([name], [other]) => name === other);
  pairUp(([, domain], [, other]) => domain.name === other.name);
  return pairs.sort((one, other) => one[0] - other[0]);
}

function valuesOf([a, b]: Sides<Domain | undefined>): readonly Sides<number>[] {
  if (a && b) return a.issued ? noneOf(a, b) : alignValues(a, b);
  const only = (a ?? b)!;
  const values = only.issued ? [] : only.values.map((_, i) => i);
  return [...(only.optional ? [NONE] : []), ...values].map((value) => (a ? [value, NONE] : [NONE, value]));
}

/** NONE, which means the same wherever both can do without. */
function noneOf(a: Domain, b: Domain): Sides<number>[] {
  return a.optional && b.optional ? [[NONE, NONE]] : [];
}

/** Values of the same text, and those left over in order. */
function alignValues(a: Domain, b: Domain): readonly Sides<number>[] {
  const left = b.values.flatMap((text, k) => (a.values.includes(text) ? [] : [k]));
  const pairs = a.values.flatMap((text, i): Sides<number>[] => {
    const found = b.values.includes(text) ? b.values.indexOf(text) : left.shift();
    return found === undefined ? [] : [[i, found]];
  });
  return [...noneOf(a, b), ...pairs];
}
