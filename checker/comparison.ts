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
  /** How many numbers there are. */
  count(state: S): number;
  read(state: S, index: number): number;
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
  /** Of what is alive: the partners of which {@link contrast} found one alive and one not. */
  readonly subject?: () => Sides<number>;
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
        contrast: () => contrastIn(aspect, machines[0].state, machines[1].state, agree),
      };
    }),
  ];
}

function changed<S>(machines: Sides<Machine<S>>, fields: Sides<readonly string[]>): () => boolean {
  const first = machines[0].memory.changeTest(fields[0]);
  const second = machines[1].memory.changeTest(fields[1]);
  return () => first() || second();
}

type Agree = (a: number, b: number) => boolean;

function contrastOf(a: readonly number[], b: readonly number[], agree: Agree): Contrast {
  let same = a.length === b.length;
  for (let i = 0; same && i < a.length; i++) same = agree(a[i]!, b[i]!);
  if (same) return 'same';
  return b.length === 0 ? 'only-first' : a.length === 0 ? 'only-second' : 'other';
}

function contrastIn<S>(aspect: Aspect<S>, a: S, b: S, agree: Agree): Contrast {
  const count = aspect.count(a);
  if (count !== aspect.count(b)) return 'other';
  for (let i = 0; i < count; i++) {
    const [first, second] = [aspect.read(a, i), aspect.read(b, i)];
    if (agree(first, second)) continue;
    return second === NONE ? 'only-first' : first === NONE ? 'only-second' : 'other';
  }
  return 'same';
}

/** Objects agree that stand for each other, and those that nobody ever had a number of. */
function objectsAgree(pairs: Correspondence): Agree {
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
        values.map((value): Sides<readonly number[]> => [
          at[0] === NONE ? first : [...first, value[0]],
          at[1] === NONE ? second : [...second, value[1]],
        ]),
      ),
    [[[], []]],
  );
  const agreement = new SightsAgree(machines, pairs);
  return lists.map(([first, second]) => ({
    kind: 'sight',
    name: `${a.verb}(${wordsOf(a, first).join(', ')})`,
    looks: { operation, args: [first, second] },
    changed: hasChanged,
    contrast: () =>
      agreement.contrast(a.observe!(machines[0].state, ...first), b.observe!(machines[1].state, ...second)),
  }));
}

function wordsOf<S>({ params }: Operation<S>, args: readonly number[]): string[] {
  return Object.values(params).map((domain, i) => valueText(domain, args[i]!));
}

/** An element of what was seen: a word, or an object, which has the names that it is given. */
type Element = { readonly word: string } | 'object';

/**
 * What is seen agrees if it is the same words, and objects that agree, in the same order. A word that is a value of one
 * machine's parameters and of none of the other's is left out: the other could not say it.
 */
class SightsAgree<S> {
  private readonly known: Sides<Map<number, Element>> = [new Map(), new Map()];
  private readonly own: Sides<ReadonlySet<string>>;
  private readonly agree: Agree;

  constructor(
    private readonly machines: Sides<Machine<S>>,
    pairs: Correspondence,
  ) {
    const [a, b] = [vocabulary(machines[0]), vocabulary(machines[1])];
    const without = (words: ReadonlySet<string>, others: ReadonlySet<string>): ReadonlySet<string> =>
      new Set([...words].filter((word) => !others.has(word)));
    this.own = [without(a, b), without(b, a)];
    this.agree = objectsAgree(pairs);
  }

  contrast(a: readonly number[], b: readonly number[]): Contrast {
    return contrastOf(this.shared(0, a), this.shared(1, b), (one, other) => {
      const [first, second] = [this.elementOf(0, one), this.elementOf(1, other)];
      if (first === 'object' || second === 'object') return first === second && this.agree(one, other);
      return first.word === second.word;
    });
  }

  private shared(side: 0 | 1, seen: readonly number[]): readonly number[] {
    if (this.own[side].size === 0) return seen;
    return seen.filter((value) => {
      const element = this.elementOf(side, value);
      return element === 'object' || !this.own[side].has(element.word);
    });
  }

  private elementOf(side: 0 | 1, value: number): Element {
    let element = this.known[side].get(value);
    if (element === undefined) {
      element = meaning(this.machines[side], value);
      this.known[side].set(value, element);
    }
    return element;
  }
}

/** The values of all parameters. */
function vocabulary<S>({ operations }: Machine<S>): ReadonlySet<string> {
  return new Set(operations.flatMap(({ params }) => Object.values(params).flatMap(({ values }) => values)));
}

/** Asks a machine for the word for what was seen: if it asks for a name back, it is an object. */
function meaning<S>({ definition, state }: Machine<S>, value: number): Element {
  const names: number[] = [];
  const words = definition.sight?.(state, [value], (object) => String(names.push(object)));
  return names.length > 0 ? 'object' : { word: words?.[0] ?? String(value) };
}

/** Whether partners are alive together. Those that have died together are partners no more. */
function aliveness<S>(machines: Sides<Machine<S>>, pairs: Correspondence): Compared {
  const tables = [objectTables(machines[0]), objectTables(machines[1])] as const;
  const isLive = (side: 0 | 1, place: number): boolean => {
    const { definition, state } = machines[side];
    return definition.isLive?.(state, tables[side].objects[place]!) ?? true;
  };
  let subject: Sides<number> = [NONE, NONE];
  return {
    kind: 'alive',
    name: 'which objects are alive',
    changed: changed(machines, [tables[0].names, tables[1].names]),
    contrast() {
      for (let a = 0; a < tables[0].count; a++) {
        const b = pairs.partner(pairs.objects, a);
        if (b === NONE) continue;
        const [first, second] = [isLive(0, a), isLive(1, b)];
        if (first !== second) {
          subject = [tables[0].objects[a]!, tables[1].objects[b]!];
          return first ? 'only-first' : 'only-second';
        }
        if (!first) pairs.forget(pairs.objects, a);
      }
      return 'same';
    },
    subject: () => subject,
  };
}
