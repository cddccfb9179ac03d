/** What only one of two machines has to be called, told and kept alive by: what differs before anything is done. */
import type { Machine, Operation } from '../model/machine/index.js';
import { NONE } from '../model/state/index.js';
import { operationsOf, type AlignedOperation, type Alignment, type Sides } from './alignment.js';

/** Something that one side has and the other has not. */
export interface OnlyThere {
  /** Who has it: 0 the first machine, 1 the second. */
  readonly side: 0 | 1;
  /**
   * An operation; a parameter of one that both have, or a value of a parameter; a number that it hands out; a guard, with its
   * errno; a reference that keeps objects alive; or the name of an operation that the other side calls something else.
   */
  readonly what: 'operation' | 'name' | 'parameter' | 'value' | 'number' | 'guard' | 'reference';
  /** The operation that it is part of, as this side calls it; undefined for a reference. */
  readonly operation: string | undefined;
  /** How it is written: `force_detach(link)`, `device-is-free (EBUSY)`, `programs.target`. */
  readonly text: string;
}

/** Everything that one side alone has, operations first. */
export function interfaceDifferences<S>(machines: Sides<Machine<S>>, alignment: Alignment): OnlyThere[] {
  const all = [...alignment.operations, ...alignment.observations];
  const isOfBoth = ({ operation: [a, b] }: AlignedOperation): boolean => a !== NONE && b !== NONE;
  return [
    ...machines.flatMap(({ operations }, side) =>
      operations.flatMap((operation, i): OnlyThere[] => {
        if (all.some((aligned) => isOfBoth(aligned) && aligned.operation[side] === i)) return [];
        return [
          { side: sideOf(side), what: 'operation', operation: operation.name, text: signature(operation) },
        ];
      }),
    ),
    ...all.filter(isOfBoth).flatMap((aligned) => ofOperation(machines, aligned)),
    ...only('reference', undefined, [holdsOf(machines[0]), holdsOf(machines[1])]),
  ];
}

function ofOperation<S>(machines: Sides<Machine<S>>, aligned: AlignedOperation): OnlyThere[] {
  const [a, b] = operationsOf(machines, aligned.operation) as Sides<Operation<S>>;
  const names = [a.name, b.name] as const;
  const of = (what: OnlyThere['what'], texts: (operation: Operation<S>) => string[]): OnlyThere[] =>
    only(what, names, [texts(a), texts(b)]);
  const alone = (side: 0 | 1): string[] =>
    aligned.parameters.filter(({ at }) => at[1 - side] === NONE).map(({ name }) => name);
  return [
    ...of('name', ({ name }) => [name]),
    ...only('parameter', names, [alone(0), alone(1)]),
    ...aligned.parameters.flatMap(({ name, at: [i, k], values, numbers }) => {
      const [one, other] = [Object.values(a.params)[i], Object.values(b.params)[k]];
      if (!one || !other || numbers !== NONE) return [];
      const left = (side: 0 | 1, texts: readonly string[]): string[] =>
        texts
          .filter((_, value) => !values.some((pair) => pair[side] === value))
          .map((text) => `${name} ${text}`);
      return only('value', names, [left(0, one.values), left(1, other.values)]);
    }),
    ...of('number', ({ returns }) => (returns ? [returns.domain.name] : [])),
    ...of('guard', ({ guards }) => guards.map(({ name, errno }) => `${name} (${errno})`)),
  ];
}

/** What is in one of two lists. */
function only(
  what: OnlyThere['what'],
  names: Sides<string> | undefined,
  texts: Sides<readonly string[]>,
): OnlyThere[] {
  return texts.flatMap((own, side) =>
    own
      .filter((text) => !texts[1 - side]!.includes(text))
      .map((text): OnlyThere => ({ side: sideOf(side), what, operation: names?.[side], text })),
  );
}

/** References that hold, save those that were switched off. */
function holdsOf<S>({ memory, without }: Machine<S>): string[] {
  return memory.holdPaths.filter((path) => !without.includes(`hold:${path}`));
}

/** How an operation is called, without who calls it. */
function signature<S>({ name, params }: Operation<S>): string {
  const names = Object.keys(params).filter((param) => param !== 'actor');
  return `${name}(${names.join(', ')})`;
}

function sideOf(index: number): 0 | 1 {
  return index === 0 ? 0 : 1;
}
