/** Random schemas, and the scalars in a view of one, found by going through the schema. */
import fc from 'fast-check';
import {
  array,
  bool,
  holdsIn,
  nat,
  NONE,
  objectNumber,
  struct,
  table,
  type Cells,
  type Fields,
  type Scalar,
  type Struct,
  type Type,
} from '../../model/state/index.js';

/** How many places the tables of a random schema have, in the order of their object numbers. */
export interface Tables {
  readonly [name: string]: number;
}

export interface RandomSchema {
  readonly schema: Struct;
  readonly tables: Tables;
}

/** One scalar of a state: where the schema declares it, without indices, and how a view reads and writes it. */
export interface Leaf {
  readonly path: string;
  readonly type: Scalar;
  get(): unknown;
  set(value: unknown): void;
}

const nats = fc.constantFrom(1, 2, 3, 5, 16, 17, 300, 0x10000).map(nat);

const references = fc
  .record({
    tables: fc.constantFrom(['ones'], ['twos'], ['ones', 'twos'], ['twos', 'none', 'ones'], []),
    held: fc.subarray(['ones', 'twos', 'none']),
  })
  .map(({ tables, held }) =>
    holdsIn(
      tables.filter((name) => held.includes(name)),
      ...tables,
    ),
  );

const scalars: fc.Arbitrary<Scalar> = fc.oneof(fc.constant(bool), nats, references);

const cells = fc
  .record({ length: fc.integer({ min: 0, max: 12 }), of: scalars })
  .map(({ length, of }) => array(length, of));

const { type: types } = fc.letrec<{ type: Type }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.oneof(scalars, cells),
    fieldsOf(tie('type')).map((fields) => struct(fields)),
    fc
      .record({ length: fc.integer({ min: 0, max: 2 }), fields: fieldsOf(tie('type')) })
      .map(({ length, fields }) => array(length, struct(fields))),
  ),
}));

function fieldsOf(type: fc.Arbitrary<Type>): fc.Arbitrary<Fields> {
  return fc
    .array(type, { maxLength: 4 })
    .map((list) => Object.fromEntries(list.map((field, i) => [`field${i}`, field])));
}

/** Two tables with random rows, one without places, and some more fields. */
export const randomSchemas: fc.Arbitrary<RandomSchema> = fc
  .record({
    ones: fc.integer({ min: 0, max: 5 }),
    twos: fc.integer({ min: 0, max: 9 }),
    one: fieldsOf(types),
    two: fieldsOf(types),
    rest: fieldsOf(types),
  })
  .map(({ ones, twos, one, two, rest }) => ({
    tables: { ones, none: 0, twos },
    schema: struct({
      ones: table(ones, one),
      none: table(0, {}),
      twos: table(twos, two),
      rest: struct(rest),
    }),
  }));

/** Every scalar of a view. */
export function leavesOf(schema: Struct, view: unknown): Leaf[] {
  return fieldLeaves(schema.fields, view as Record<string, unknown>, '');
}

function fieldLeaves(fields: Fields, view: Record<string, unknown>, path: string): Leaf[] {
  return Object.entries(fields).flatMap(([name, type]) => {
    const inner = path === '' ? name : `${path}.${name}`;
    if (isScalar(type)) {
      return [{ path: inner, type, get: () => view[name], set: (value) => void (view[name] = value) }];
    }
    return innerLeaves(type, view[name], inner);
  });
}

function innerLeaves(type: Type, view: unknown, path: string): Leaf[] {
  switch (type.kind) {
    case 'struct':
      return fieldLeaves(type.fields, view as Record<string, unknown>, path);
    case 'table':
      return (view as Record<string, unknown>[]).flatMap((row) =>
        fieldLeaves({ live: bool, ...type.fields }, row, path),
      );
    case 'array': {
      const { of, length } = type;
      if (!isScalar(of)) return (view as unknown[]).flatMap((element) => innerLeaves(of, element, path));
      const list = view as Cells<unknown>;
      return Array.from({ length }, (_, i) => ({
        path,
        type: of,
        get: () => list.get(i),
        set: (value) => {
          list.set(i, value);
        },
      }));
    }
    default:
      return [];
  }
}

function isScalar(type: Type): type is Scalar {
  return type.kind === 'bool' || type.kind === 'nat' || type.kind === 'reference';
}

/** How many values a scalar takes. */
export function sizeOf(type: Scalar, tables: Tables): number {
  if (type.kind === 'bool') return 2;
  if (type.kind === 'nat') return type.size;
  return 1 + type.tables.reduce((sum, name) => sum + tables[name]!, 0);
}

/** One of the values that a scalar takes, from 0 to {@link sizeOf} - 1. */
export function nthValue(type: Scalar, choice: number, tables: Tables): number | boolean {
  if (type.kind === 'bool') return choice === 1;
  if (type.kind === 'nat') return choice;
  let left = choice;
  for (const name of type.tables) {
    if (left < tables[name]!) {
      return type.tables.length === 1 ? left : objectNumber(Object.keys(tables).indexOf(name), left);
    }
    left -= tables[name]!;
  }
  return NONE;
}

/** What a reference that reads as `value` refers to, as an object number. */
export function objectReferredTo(type: Scalar, value: unknown, tables: Tables): number {
  if (type.kind !== 'reference' || value === NONE) return NONE;
  if (type.tables.length > 1) return value as number;
  return objectNumber(Object.keys(tables).indexOf(type.tables[0]!), value as number);
}

/** Writes a value into every scalar, chosen by numbers that come round again when they are used up. */
export function fill(
  leaves: readonly Leaf[],
  choices: readonly number[],
  tables: Tables,
): readonly (number | boolean)[] {
  return leaves.map((leaf, i) => {
    const value = nthValue(leaf.type, choices[i % choices.length]! % sizeOf(leaf.type, tables), tables);
    leaf.set(value);
    return value;
  });
}

/** For {@link fill}: a prime number of them, so that rows of a table are filled differently. */
export const randomChoices = fc.array(fc.nat(), { minLength: 31, maxLength: 31 });
