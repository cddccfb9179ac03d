/**
 * What stands for what in two machines that are called side by side: a number that one call handed out on both sides, and an
 * object that such numbers stand for. Part of the joint state, packed into words behind the rows of both machines.
 */
import { indexOf, NONE, objectNumber, tableOf } from '../model/state/index.js';
import type { Machine } from '../model/machine/index.js';
import type { AlignedNumbers, Sides } from './alignment.js';

/** Numbers of one owner, or objects: each of the first side has a partner among those of the second, or none. */
export interface Group {
  /** Where its entries begin. */
  readonly start: number;
  /** How many there are on each side. */
  readonly sizes: Sides<number>;
}

export class Correspondence {
  /** Words of the packed form. */
  readonly words: number;
  /** One for the numbers of each owner, by kind of number. Empty for numbers that one side alone has. */
  readonly numbers: readonly (readonly Group[])[];
  readonly objects: Group;
  /** For each number and object of the first side its partner plus one; 0 if it has none. */
  private readonly entries: Uint8Array;
  private readonly remembered: Uint8Array;
  private readonly places: readonly { readonly word: number; readonly bit: number; readonly mask: number }[];

  constructor(
    numbers: readonly AlignedNumbers[],
    private readonly tables: Sides<ObjectTables>,
  ) {
    const groups: Group[] = [];
    let start = 0;
    const group = (a: number, b: number): Group => {
      const made = { start, sizes: [a, b] as const };
      groups.push(made);
      start += a;
      return made;
    };
    this.numbers = numbers.map(({ domains: [a, b], owners }) =>
      a && b ? owners.map(() => group(a.values.length, b.values.length)) : [],
    );
    this.objects = group(tables[0].count, tables[1].count);
    this.entries = new Uint8Array(start);
    this.remembered = new Uint8Array(start);
    this.places = placesOf(groups);
    this.words = Math.max(1, ...this.places.map(({ word }) => word + 1));
  }

  /** The partner of something of the first side; NONE if it has none. */
  partner({ start }: Group, a: number): number {
    return this.entries[start + a]! - 1;
  }

  /** The partner of something of the second side; NONE if it has none. */
  partnerOfSecond({ start, sizes }: Group, b: number): number {
    for (let a = 0; a < sizes[0]; a++) if (this.entries[start + a] === b + 1) return a;
    return NONE;
  }

  /** Makes two things partners; whatever they were paired with before has none then. */
  pair(group: Group, a: number, b: number): void {
    this.part(group, b);
    this.entries[group.start + a] = b + 1;
  }

  /** Something of the first side has no partner any more. */
  forget({ start }: Group, a: number): void {
    this.entries[start + a] = 0;
  }

  /** Something of the second side has no partner any more. */
  part(group: Group, b: number): void {
    const a = this.partnerOfSecond(group, b);
    if (a !== NONE) this.forget(group, a);
  }

  /** The number of an object among all objects of its side. */
  place(side: 0 | 1, object: number): number {
    return this.tables[side].starts[tableOf(object)]! + indexOf(object);
  }

  /** Makes the present pairs those that {@link restore} goes back to. */
  remember(): void {
    this.remembered.set(this.entries);
  }

  restore(): void {
    this.entries.set(this.remembered);
  }

  load(rows: Int32Array, offset: number): void {
    for (let i = 0; i < this.places.length; i++) {
      const { word, bit, mask } = this.places[i]!;
      this.entries[i] = (rows[offset + word]! >>> bit) & mask;
    }
  }

  save(rows: Int32Array, offset: number): void {
    for (let i = 0; i < this.words; i++) rows[offset + i] = 0;
    for (let i = 0; i < this.places.length; i++) {
      const { word, bit } = this.places[i]!;
      rows[offset + word]! |= this.entries[i]! << bit;
    }
  }
}

/** The objects that a machine has places for, numbered through all its tables. */
export interface ObjectTables {
  /** The place of each table's first object. */
  readonly starts: readonly number[];
  readonly count: number;
  /** The object number at each place. */
  readonly objects: readonly number[];
  /** Fields of the state: the tables' names. */
  readonly names: readonly string[];
}

export function objectTables<S>({ memory }: Machine<S>): ObjectTables {
  const { tables } = memory.layout;
  const objects = tables.flatMap((table) =>
    Array.from({ length: table.length }, (_, i) => objectNumber(table.number, i)),
  );
  const starts = tables.map(({ number }) => objects.findIndex((object) => tableOf(object) === number));
  return { starts, count: objects.length, objects, names: tables.map(({ name }) => name) };
}

function placesOf(groups: readonly Group[]) {
  let word = 0;
  let bit = 0;
  return groups.flatMap(({ sizes: [count, partners] }) => {
    const bits = 32 - Math.clz32(partners);
    return Array.from({ length: count }, () => {
      if (bit + bits > 32) {
        word++;
        bit = 0;
      }
      const place = { word, bit, mask: 2 ** bits - 1 };
      bit += bits;
      return place;
    });
  });
}
