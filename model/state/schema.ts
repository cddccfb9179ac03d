/**
 * The shape of a state, written as plain data: numbers with a range, booleans, references, and arrays and
 * tables of these. `layout.ts` packs a shape into one flat row of 32-bit words; `accessors.ts` makes the typed
 * objects through which rules read and write such a row.
 */

/** No object: what an empty reference reads as, and what a search for a free place answers when all are taken. */
export const NONE = -1;

/** A whole number from 0 to `size - 1`. A `size` of 1 takes no room in the row. */
export interface Nat {
  readonly kind: 'nat';
  readonly size: number;
  /** The number is one of these interchangeable things; see {@link Interchange}. */
  readonly of?: string;
}

/** True or false, one bit. */
export interface Bool {
  readonly kind: 'bool';
}

/**
 * A reference to a row of one of the named tables, or {@link NONE}.
 *
 * A reference that *holds* keeps the object alive: `isHeld` of the layout answers whether any such reference
 * to an object is left. One that does not hold is just a number, and dangles when the object goes.
 */
export interface Reference {
  readonly kind: 'reference';
  readonly tables: readonly string[];
  /** Those of the tables whose rows it keeps alive. */
  readonly holds: readonly string[];
}

export type Scalar = Nat | Bool | Reference;

/**
 * That the things of a kind differ by number only: swap two of them, with all that refers to them, and nothing that a rule does
 * or a claim says changes, but for the numbers in it. A search can then look at one of all states that differ by such swaps.
 *
 * `named`: every call says which one it is about, like a process. `allocated`: rules take the first place that is not live, and
 * clear it when it is free again; which one is taken does not matter as long as nothing refers to a free one.
 */
export type Interchange = 'named' | 'allocated';

/** A fixed number of values of one type, addressed by index. */
export interface ArrayOf<T extends Type = Type> {
  readonly kind: 'array';
  readonly length: number;
  readonly of: T;
  /** Its values can be swapped: nothing refers to their numbers but calls. */
  readonly interchangeable?: true;
  /** It has one value for each of these interchangeable things: a table's name, or a name of its own. */
  readonly each?: string;
}

/** Named fields. */
export interface Struct<F extends Fields = Fields> {
  readonly kind: 'struct';
  readonly fields: F;
}

/** A fixed number of places for objects that come and go; each has a field `live` besides its own. */
export interface Table<F extends Fields = Fields> {
  readonly kind: 'table';
  readonly length: number;
  readonly fields: F;
  readonly interchangeable?: Interchange;
}

export type Type = Scalar | ArrayOf | Struct | Table;
export interface Fields {
  readonly [name: string]: Type;
}

/**
 * Numbers 0 … `size - 1`. `size` is a positive whole number of at most 2^16.
 * @param of the interchangeable things that the number is one of: `nat(4, { of: 'colours' })`
 */
export function nat(size: number, { of }: Pick<Nat, 'of'> = {}): Nat {
  if (!Number.isInteger(size) || size < 1 || size > 0x10000) {
    throw new RangeError(`nat(${size}): the size must be a whole number from 1 to 65536`);
  }
  return { kind: 'nat', size, ...(of === undefined ? {} : { of }) };
}

export const bool: Bool = { kind: 'bool' };

export function array<T extends Type>(
  length: number,
  of: T,
  swapped: Pick<ArrayOf, 'interchangeable' | 'each'> = {},
): ArrayOf<T> {
  checkLength('array', length);
  return { kind: 'array', length, of, ...swapped };
}

/** Named fields. A name is letters and digits, and none that a row has of its own: `clear`, and `live` in a table. */
export function struct<F extends Fields>(fields: F): Struct<F> {
  checkNames(fields, ['clear', 'constructor']);
  return { kind: 'struct', fields };
}

/** Places for `length` objects. Only a table at the top level of a state can be referred to. */
export function table<F extends Fields>(
  length: number,
  fields: F,
  swapped: Pick<Table, 'interchangeable'> = {},
): Table<F> {
  checkLength('table', length);
  checkNames(fields, ['clear', 'constructor', 'live']);
  return { kind: 'table', length, fields, ...swapped };
}

/** A reference that keeps what it refers to alive. */
export function holds(...tables: string[]): Reference {
  return { kind: 'reference', tables, holds: tables };
}

/** A reference that keeps nothing alive. */
export function refers(...tables: string[]): Reference {
  return { kind: 'reference', tables, holds: [] };
}

/** A reference that keeps alive what it refers to in some of its tables only. */
export function holdsIn(holds: readonly string[], ...tables: string[]): Reference {
  return { kind: 'reference', tables, holds };
}

function checkLength(what: string, length: number): void {
  if (!Number.isInteger(length) || length < 0 || length > MAX_TABLE_LENGTH) {
    throw new RangeError(
      `${what}(${length}): the length must be a whole number from 0 to ${MAX_TABLE_LENGTH}`,
    );
  }
}

function checkNames(fields: Fields, taken: readonly string[]): void {
  for (const name of Object.keys(fields)) {
    if (taken.includes(name))
      throw new RangeError(`a field cannot be called '${name}': every row has one already`);
    if (!/^[a-z]\w*$/i.test(name))
      throw new RangeError(`a field cannot be called '${name}': only letters and digits`);
  }
}

/** The largest number of places in a table or an array. */
export const MAX_TABLE_LENGTH = 256;

/** An array of scalars, read and written by index. */
export interface Cells<V> {
  readonly length: number;
  get(index: number): V;
  set(index: number, value: V): void;
  /** The lowest index with this value; NONE (-1) if no cell has it. */
  indexOf(value: V): number;
  includes(value: V): boolean;
}

type ScalarValue<T> = T extends Bool ? boolean : number;
type StructValue<F extends Fields> = {
  [K in keyof F as F[K] extends Scalar ? K : never]: ScalarValue<F[K]>;
} & {
  readonly [K in keyof F as F[K] extends Scalar ? never : K]: ValueOf<F[K]>;
};

/** What every row of a table can do. */
export interface Clearable {
  /** Sets all fields to false, 0 and NONE at once. */
  clear(): void;
}

/** The typed object through which a value of type `T` is read and written. */
export type ValueOf<T> = T extends Scalar
  ? ScalarValue<T>
  : T extends ArrayOf<infer E>
    ? E extends Scalar
      ? Cells<ScalarValue<E>>
      : readonly ValueOf<E>[]
    : T extends Struct<infer F>
      ? StructValue<F>
      : T extends Table<infer F>
        ? readonly (StructValue<F> & { live: boolean } & Clearable)[]
        : never;

/**
 * Names an object of any table by one number, so that a file descriptor or a pin can refer to objects of several
 * kinds. The number says which table of the schema, in order of declaration, and which row of it.
 */
export function objectNumber(tableNumber: number, index: number): number {
  return tableNumber * MAX_TABLE_LENGTH + index;
}

/** Which table an object number belongs to; NONE for {@link NONE}. */
export function tableOf(object: number): number {
  return object >> 8;
}

/** Which row of its table an object number names. */
export function indexOf(object: number): number {
  return object & (MAX_TABLE_LENGTH - 1);
}
