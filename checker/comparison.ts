/**
 * What is compared of two machines after each call: what somebody who looks sees, which objects are alive, and what else the
 * caller asks about. Objects are the same if they are partners, whatever their numbers.
 */
import type { Machine, Operation } from '../model/machine/index.js';
import { NONE } from '../model/state/index.js';
import type { AlignedOperation, Alignment, Sides } from './alignment.js';
import { objectTables, type Correspondence } from './correspondence.js';
import { valueText } from './playback.js';

/** Something of a state that must be the same in both machines, as numbers in order. */
export interface Aspect<S> {
  /** What is compared, so that it can follow "they differ in": `which processes are alive`. */
  readonly name: string;
  /** The top-level fields of the state that it depends on. */
  readonly reads: readonly string[];
  /** Whether the numbers are plain values, or objects, which are the same if they stand for each other. */
  readonly of: 'values' | 'objects';
  read(state: S): readonly number[];
}

/** How two states differ in something: in what is there, or by something that is on one side only. */
export type Contrast = 'same' | 'other' | 'only-first' | 'only-second';

/** The call that looks, on each side. */
export interface Looks {
  readonly operation: Sides<number>;
  readonly args: Sides<readonly number[]>;
}

/** One thing that is compared. */
export interface Compared {
  readonly kind: 'sight' | 'alive' | 'aspect';
  /** `packet(eth0)`, or the aspect's name. */
  readonly name: string;
  /** Of a sight. */
  readonly looks?: Looks;
  /** Whether what it depends on has changed on either side since {@link Machine.remember}. */
  readonly changed: () => boolean;
  readonly contrast: () => Contrast;
}

/** All that is compared, in the order in which it is asked. What is alive comes behind the sights, which still need the pairs. */
export function comparisons<S>(
  machines: Sides<Machine<S>>,
  alignment: Alignment,
  pairs: Correspondence,
  aspects: readonly Aspect<S>[],
): Compared[] {
  return [
    ...alignment.observations.flatMap((observation) => sights(machines, observation, pairs)),
    aliveness(machines, pairs),
    ...aspects.map((aspect): Compared => {
      const agree = aspect.of === 'objects' ? objectsAgree(pairs) : (a: number, b: number) => a === b;
      return {
        kind: 'aspect',
        name: aspect.name,
        changed: changed(machines, [aspect.reads, aspect.reads]),
        contrast: () => contrastOf(aspect.read(machines[0].state), aspect.read(machines[1].state), agree),
      };
    }),
  ];
}

function changed<S>(machines: Sides<Machine<S>>, fields: Sides<readonly string[]>): () => boolean {
  const first = machines[0].memory.changeTest(fields[0]);
  const second = machines[1].memory.changeTest(fields[1]);
  return () => first() || second();
}

function contrastOf(
  a: readonly number[],
  b: readonly number[],
  agree: (a: number, b: number) => boolean,
): Contrast {
  let same = a.length === b.length;
  for (let i = 0; same && i < a.length; i++) same = agree(a[i]!, b[i]!);
  if (same) return 'same';
  const isNothing = (seen: readonly number[]): boolean => seen.every((value) => value === NONE);
  return isNothing(b) ? 'only-first' : isNothing(a) ? 'only-second' : 'other';
}

/** Objects agree that stand for each other, and those that nobody ever had a number of. */
function objectsAgree(pairs: Correspondence): (a: number, b: number) => boolean {
  return (a, b) => {
    if (a === NONE || b === NONE) return a === b;
    const [one, other] = [pairs.place(0, a), pairs.place(1, b)];
    const partner = pairs.partner(pairs.objects, one);
    return partner === NONE ? pairs.partnerOfSecond(pairs.objects, other) === NONE : partner === other;
  };
}

/** An observation with each of its arguments. */
function sights<S>(
  machines: Sides<Machine<S>>,
  { operation, parameters }: AlignedOperation,
  pairs: Correspondence,
): Compared[] {
  const [a, b] = [machines[0].operations[operation[0]]!, machines[1].operations[operation[1]]!];
  const allFields = (side: 0 | 1): string[] => Object.keys(machines[side].definition.schema.fields);
  const hasChanged = changed(machines, [a.reads ?? allFields(0), b.reads ?? allFields(1)]);
  const lists = parameters.reduce<Sides<readonly number[]>[]>(
    (before, { at, values }) =>
      before.flatMap(([first, second]) =>
        values.map(
          (value): Sides<readonly number[]> => [
            at[0] === NONE ? first : [...first, value[0]],
            at[1] === NONE ? second : [...second, value[1]],
          ],
        ),
      ),
    [[[], []]],
  );
  const agree = sightsAgree(machines, pairs);
  return lists.map(([first, second]) => ({
    kind: 'sight',
    name: `${a.verb}(${wordsOf(a, first).join(', ')})`,
    looks: { operation, args: [first, second] },
    changed: hasChanged,
    contrast: () =>
      contrastOf(a.observe!(machines[0].state, ...first), b.observe!(machines[1].state, ...second), agree),
  }));
}

function wordsOf<S>({ params }: Operation<S>, args: readonly number[]): string[] {
  return Object.values(params).map((domain, i) => valueText(domain, args[i]!));
}

/** An element of what was seen: a word, or an object, which has the names that it is given. */
type Element = { readonly word: string } | 'object';

/** Elements agree that are the same word, or objects that agree. */
function sightsAgree<S>(
  machines: Sides<Machine<S>>,
  pairs: Correspondence,
): (a: number, b: number) => boolean {
  const known: Sides<Map<number, Element>> = [new Map(), new Map()];
  const agree = objectsAgree(pairs);
  function elementOf(side: 0 | 1, value: number): Element {
    let element = known[side].get(value);
    if (element === undefined) known[side].set(value, (element = meaning(machines[side], value)));
    return element;
  }
  return (a, b) => {
    const [one, other] = [elementOf(0, a), elementOf(1, b)];
    if (one === 'object' || other === 'object') return one === other && agree(a, b);
    return one.word === other.word;
  };
}

/** Asks a machine for the word for what was seen: if it asks for a name back, it is an object. */
function meaning<S>({ definition, state }: Machine<S>, value: number): Element {
  let isObject = false;
  const words = definition.sight?.(state, [value], () => {
    isObject = true;
    return '';
  });
  return isObject ? 'object' : { word: words?.[0] ?? String(value) };
}

/** Whether partners are alive together. Those that have died together are partners no more. */
function aliveness<S>(machines: Sides<Machine<S>>, pairs: Correspondence): Compared {
  const tables = [objectTables(machines[0]), objectTables(machines[1])] as const;
  const isLive = (side: 0 | 1, place: number): boolean => {
    const { definition, state } = machines[side];
    return definition.isLive?.(state, tables[side].objects[place]!) ?? true;
  };
  return {
    kind: 'alive',
    name: 'which objects are alive',
    changed: changed(machines, [tables[0].names, tables[1].names]),
    contrast() {
      for (let a = 0; a < tables[0].count; a++) {
        const b = pairs.partner(pairs.objects, a);
        if (b === NONE) continue;
        const [first, second] = [isLive(0, a), isLive(1, b)];
        if (first !== second) return first ? 'only-first' : 'only-second';
        if (!first) pairs.forget(pairs.objects, a);
      }
      return 'same';
    },
  };
}
