/**
 * What a schema says is interchangeable, as places in a row.
 *
 * Things that can be swapped are *sorts*: the places of a table, or what has a number only (`each`, `of`). All that a row says of
 * one thing of a sort moves with it: its row in the table, its value in each array that has one for each, its references. Values
 * of an interchangeable array are a *bag*: nothing refers to them. The rest of the row stays where it is.
 * Source of the idea: scalarsets; Ip and Dill, "Better verification through symmetry", 1996.
 */
import {
  referenceTables,
  type CellsPlace,
  type Place,
  type RowLayout,
  type StructPlace,
  type TableInfo,
} from './layout.js';
import type { Interchange, Reference, Scalar, Struct, Type } from './schema.js';

/** Some bits of a row. In a field of a {@link Piece}, from where the piece starts. */
export interface BitField {
  readonly word: number;
  readonly bit: number;
  readonly bits: number;
}

/** A field that names a thing: its packed code stands for the thing `things[code]`. */
export interface NamingField extends BitField {
  readonly things: readonly number[];
}

/** Values whose order does not matter. */
export interface Bag {
  readonly cells: readonly BitField[];
  /** What the codes name; undefined if they are plain numbers. */
  readonly things: readonly number[] | undefined;
}

/** Plain numbers, one for each thing of a sort. */
export interface Line {
  readonly sort: number;
  readonly cells: readonly BitField[];
}

/** A part of what a row says of each thing of a sort: everywhere the same fields, of up to 32 bits or from a word's start on. */
export interface Piece {
  /** The bits of the piece, a mask for each of its words. */
  readonly masks: readonly number[];
  /** Those of them that are plain numbers. */
  readonly plain: readonly number[];
  readonly naming: readonly NamingField[];
  readonly bags: readonly Bag[];
  readonly lines: readonly Line[];
  /** Where it starts, for each thing. */
  readonly at: readonly Pick<BitField, 'word' | 'bit'>[];
}

export interface Sort {
  readonly name: string;
  readonly kind: Interchange;
  /** The number of its first thing. */
  readonly first: number;
  readonly size: number;
  readonly pieces: readonly Piece[];
  /** The bit of `live` in its first piece; undefined for what has no table. */
  readonly live: number | undefined;
}

export interface Symmetry {
  readonly words: number;
  /** All things: 0 is none, then those of the sorts, then the places of tables that cannot be swapped. */
  readonly things: number;
  readonly sorts: readonly Sort[];
  /** What the fixed part of a row names. */
  readonly naming: readonly NamingField[];
  readonly bags: readonly Bag[];
}

/** Undefined if nothing in the schema can be swapped. Throws a RangeError for what is said in a place where it cannot be. */
export function symmetryOf(schema: Struct, layout: RowLayout): Symmetry | undefined {
  const symmetry = new Plan(schema, layout).symmetry();
  return symmetry.sorts.length + symmetry.bags.length > 0 ? symmetry : undefined;
}

interface Draft {
  readonly name: string;
  readonly kind: Interchange;
  readonly first: number;
  readonly size: number;
}

/** What was found so far of a piece, or of the fixed part. */
class Parts {
  readonly plain: number[] = [];
  readonly naming: NamingField[] = [];
  readonly bags: Bag[] = [];
  readonly lines: Line[] = [];

  constructor(private readonly origin: Pick<BitField, 'word' | 'bit'>) {}

  field({ word, bit, bits }: BitField): BitField {
    return { word: word - this.origin.word, bit: bit - this.origin.bit, bits };
  }

  addPlain(place: BitField): void {
    const { word, bit, bits } = this.field(place);
    this.plain[word] = (this.plain[word] ?? 0) | maskOf(bit, bits);
  }
}

class Plan {
  private readonly sorts: Draft[] = [];
  /** The number of each table's first place among the things. */
  private readonly firsts = new Map<TableInfo, number>();
  private things = 1;

  constructor(
    private readonly schema: Struct,
    private readonly layout: RowLayout,
  ) {
    const { tables } = layout;
    const swapped = (table: TableInfo): Interchange | undefined => {
      const type = schema.fields[table.name];
      return type?.kind === 'table' ? type.interchangeable : undefined;
    };
    for (const table of tables) {
      const kind = swapped(table);
      if (kind) this.firsts.set(table, this.sort(table.name, kind, table.length).first);
    }
    for (const type of Object.values(schema.fields)) this.nameSorts(type);
    for (const table of tables) {
      if (swapped(table)) continue;
      this.firsts.set(table, this.things);
      this.things += table.length;
    }
  }

  symmetry(): Symmetry {
    const fixed = new Parts({ word: 0, bit: 0 });
    const columns = new Map<string, CellsPlace[]>();
    const rows = new Map<string, readonly Place[]>();
    for (const [name, place] of this.layout.root.fields) {
      const type = this.schema.fields[name]!;
      if (type.kind === 'table' && type.interchangeable) {
        rows.set(name, place.kind === 'list' ? place.elements : []);
      } else if (type.kind === 'array' && type.each !== undefined && place.kind === 'cells') {
        columns.set(type.each, [...(columns.get(type.each) ?? []), place]);
      } else {
        this.visit(type, place, fixed, name);
      }
    }
    const sorts = this.sorts.map((sort): Sort => {
      const elements = rows.get(sort.name);
      const pieces = [
        ...(elements ? [this.rowPiece(sort.name, elements)] : []),
        ...(columns.get(sort.name) ?? []).map((column) => this.columnPiece(column)),
      ].filter((piece) => piece.at.length > 0);
      return { ...sort, pieces, live: elements ? 0 : undefined };
    });
    const { naming, bags } = fixed;
    return { words: this.layout.words, things: this.things, sorts, naming, bags };
  }

  private sort(name: string, kind: Interchange, size: number): Draft {
    const known = this.sorts.find((sort) => sort.name === name);
    if (known && known.size !== size)
      throw new RangeError(`there are ${known.size} of '${name}', not ${size}`);
    if (known) return known;
    const sort = { name, kind, first: this.things, size };
    this.sorts.push(sort);
    this.things += size;
    return sort;
  }

  /** Those that have no table of their own. */
  private nameSorts(type: Type): void {
    switch (type.kind) {
      case 'nat':
        if (type.of !== undefined) this.sort(type.of, 'named', type.size);
        break;
      case 'array':
        if (type.each !== undefined) this.sort(type.each, 'named', type.length);
        this.nameSorts(type.of);
        break;
      case 'struct':
      case 'table':
        for (const field of Object.values(type.fields)) this.nameSorts(field);
        break;
      case 'bool':
      case 'reference':
    }
  }

  /** All places of a table have the same fields at the same distances: what the first one says goes for all. */
  private rowPiece(name: string, elements: readonly Place[]): Piece {
    const at = elements as readonly StructPlace[];
    const type = this.schema.fields[name];
    const first = at[0];
    const parts = new Parts(first ?? { word: 0, bit: 0 });
    if (first && type?.kind === 'table') this.visitFields(type.fields, first, parts, name);
    return pieceOf(parts, at);
  }

  private columnPiece(place: CellsPlace): Piece {
    const cells = cellsOf(place);
    const parts = new Parts(cells[0] ?? { word: 0, bit: 0 });
    if (cells[0]) this.visitScalar(place.of, cells[0], parts);
    return pieceOf(parts, cells);
  }

  private visit(type: Type, place: Place, parts: Parts, path: string): void {
    switch (place.kind) {
      case 'scalar':
        this.visitScalar(place.type, place, parts);
        break;
      case 'struct':
        if (type.kind === 'struct') this.visitFields(type.fields, place, parts, path);
        break;
      case 'cells':
        if (type.kind === 'array') this.visitCells(type, place, parts, path);
        break;
      case 'list':
        this.visitList(type, place.elements, parts, path);
    }
  }

  private visitFields(
    fields: Readonly<Record<string, Type>>,
    place: StructPlace,
    parts: Parts,
    path: string,
  ): void {
    for (const [name, field] of place.fields) {
      this.visit(fields[name] ?? { kind: 'bool' }, field, parts, `${path}.${name}`);
    }
  }

  private visitList(type: Type, elements: readonly Place[], parts: Parts, path: string): void {
    if (type.kind === 'array') {
      if (type.interchangeable || type.each !== undefined)
        throw new RangeError(
          `${path}: only arrays of numbers, booleans and references can be interchangeable`,
        );
      for (const element of elements) this.visit(type.of, element, parts, path);
      return;
    }
    if (type.kind !== 'table') return;
    if (type.interchangeable)
      throw new RangeError(`${path}: only a table at the top level of a state can be interchangeable`);
    for (const element of elements) this.visitFields(type.fields, element as StructPlace, parts, path);
  }

  private visitCells(
    { of, interchangeable, each }: Extract<Type, { kind: 'array' }>,
    place: CellsPlace,
    parts: Parts,
    path: string,
  ): void {
    const cells = cellsOf(place);
    if (interchangeable && cells.length > 0) {
      parts.bags.push({ cells: cells.map((cell) => parts.field(cell)), things: this.thingsOf(of as Scalar) });
    } else if (each === undefined) {
      for (const cell of cells) this.visitScalar(of as Scalar, cell, parts);
    } else if (this.thingsOf(of as Scalar)) {
      throw new RangeError(
        `${path}: within a table, an array with one value for each can only have plain ones`,
      );
    } else if (place.bits > 0 && cells.length > 0) {
      const sort = this.sorts.findIndex(({ name }) => name === each);
      parts.lines.push({ sort, cells: cells.map((cell) => parts.field(cell)) });
    }
  }

  private visitScalar(type: Scalar, place: BitField, parts: Parts): void {
    const things = this.thingsOf(type);
    if (place.bits === 0) return;
    if (things) parts.naming.push({ ...parts.field(place), things });
    else parts.addPlain(place);
  }

  /** Which thing each packed code of a type stands for; undefined for plain numbers. */
  private thingsOf(type: Scalar): readonly number[] | undefined {
    if (type.kind === 'reference') return this.referredTo(type);
    if (type.kind !== 'nat' || type.of === undefined) return undefined;
    const { first } = this.sorts.find(({ name }) => name === type.of)!;
    return Array.from({ length: type.size }, (_, i) => first + i);
  }

  private referredTo(type: Reference): readonly number[] {
    const places = referenceTables(type, this.layout.tables).flatMap((table) =>
      Array.from({ length: table.length }, (_, i) => this.firsts.get(table)! + i),
    );
    return [0, ...places];
  }
}

function pieceOf({ plain, naming, bags, lines }: Parts, at: Piece['at']): Piece {
  const masks = [...plain];
  const cover = ({ word, bit, bits }: BitField): void => {
    masks[word] = (masks[word] ?? 0) | maskOf(bit, bits);
  };
  naming.forEach(cover);
  for (const { cells } of [...bags, ...lines]) cells.forEach(cover);
  const length = masks.length;
  const whole = (words: readonly number[]): number[] => Array.from({ length }, (_, i) => words[i] ?? 0);
  return { masks: whole(masks), plain: whole(plain), naming, bags, lines, at };
}

function cellsOf({ word, bit, bits, length, perWord }: CellsPlace): BitField[] {
  return Array.from({ length }, (_, i) => ({
    word: word + (bits === 0 ? 0 : Math.floor(i / perWord)),
    bit: bit + (bits === 0 ? 0 : i % perWord) * bits,
    bits,
  }));
}

/** The bits of a field in its word. */
export function maskOf(bit: number, bits: number): number {
  return ((2 ** bits - 1) << bit) | 0;
}
