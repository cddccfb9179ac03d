/**
 * Packs a schema into a flat row of 32-bit words.
 *
 * Fields stand in order of declaration. A scalar, and a struct or an array of scalars of up to 32 bits, never
 * straddles two words, so that one shift and one mask reach it; anything larger starts at a word of its own.
 * The bounds of the schema decide the widths: a table with no places, and a number with one value, take no room.
 */
import type { Fields, Reference, Scalar, Struct, Table, Type } from './schema.js';

export interface ScalarPlace {
  readonly kind: 'scalar';
  readonly path: string;
  readonly type: Scalar;
  readonly word: number;
  readonly bit: number;
  readonly bits: number;
}

export interface CellsPlace {
  readonly kind: 'cells';
  readonly path: string;
  readonly of: Scalar;
  readonly length: number;
  readonly word: number;
  readonly bit: number;
  /** Bits of one cell. */
  readonly bits: number;
  /** Cells in one word. */
  readonly perWord: number;
}

export interface ListPlace {
  readonly kind: 'list';
  readonly elements: readonly Place[];
}

export interface StructPlace {
  readonly kind: 'struct';
  readonly path: string;
  readonly fields: readonly (readonly [name: string, place: Place])[];
  readonly word: number;
  /** Where in its word a struct of up to 32 bits starts; 0 for a larger one. */
  readonly bit: number;
}

export type Place = ScalarPlace | CellsPlace | ListPlace | StructPlace;

/** A table of the schema: its name, its number in object numbers, and how many places it has. */
export interface TableInfo {
  readonly name: string;
  readonly number: number;
  readonly length: number;
}

export interface RowLayout {
  readonly words: number;
  readonly root: StructPlace;
  readonly tables: readonly TableInfo[];
}

/** Lays a schema out. Throws a RangeError for a reference to a table that the schema does not have. */
export function layOut(schema: Struct): RowLayout {
  const tables: TableInfo[] = [];
  for (const [name, type] of Object.entries(schema.fields)) {
    if (type.kind === 'table') tables.push({ name, number: tables.length, length: type.length });
  }
  const packer = new Packer(tables);
  const root = packer.struct(schema.fields, '');
  return { words: Math.max(1, packer.wordsUsed()), root, tables };
}

/** The tables a reference can point into, in the order of its packed codes. */
export function referenceTables(reference: Reference, tables: readonly TableInfo[]): readonly TableInfo[] {
  return reference.tables.map((name) => {
    const found = tables.find((table) => table.name === name);
    if (!found) {
      const known = tables.map((table) => table.name).join(', ');
      throw new RangeError(`a reference names the table '${name}', but the state's tables are: ${known}`);
    }
    return found;
  });
}

/** How many distinct values a scalar takes. */
export function scalarSize(type: Scalar, tables: readonly TableInfo[]): number {
  switch (type.kind) {
    case 'bool':
      return 2;
    case 'nat':
      return type.size;
    case 'reference':
      return 1 + referenceTables(type, tables).reduce((sum, table) => sum + table.length, 0);
  }
}

/** A table's rows are structs with one more field, `live`, in front. */
function tableFields(table: Table): Fields {
  return { live: { kind: 'bool' }, ...table.fields };
}

function bitsFor(size: number): number {
  return 32 - Math.clz32(size - 1);
}

class Packer {
  private word = 0;
  private bit = 0;

  constructor(private readonly tables: readonly TableInfo[]) {}

  wordsUsed(): number {
    return this.word + (this.bit > 0 ? 1 : 0);
  }

  struct(fields: Fields, path: string): StructPlace {
    this.makeRoom(this.bitsOfFields(fields));
    const { word, bit } = this;
    const places = Object.entries(fields).map(
      ([name, type]) => [name, this.place(type, path === '' ? name : `${path}.${name}`)] as const,
    );
    return { kind: 'struct', path, fields: places, word, bit };
  }

  private place(type: Type, path: string): Place {
    switch (type.kind) {
      case 'struct':
        return this.struct(type.fields, path);
      case 'table':
        return this.list(type.length, () => this.struct(tableFields(type), path));
      case 'array': {
        const { of, length } = type;
        if (of.kind === 'struct' || of.kind === 'array' || of.kind === 'table') {
          return this.list(length, () => this.place(of, path));
        }
        return this.cells(of, length, path);
      }
      default: {
        const bits = this.bitsOf(type);
        this.makeRoom(bits);
        const { word, bit } = this;
        this.advance(bits);
        return { kind: 'scalar', path, type, word, bit, bits };
      }
    }
  }

  private list(length: number, element: () => Place): ListPlace {
    return { kind: 'list', elements: Array.from({ length }, element) };
  }

  private cells(of: Scalar, length: number, path: string): CellsPlace {
    const bits = this.bitsOf(of);
    const perWord = bits === 0 ? length : Math.floor(32 / bits);
    this.makeRoom(bits * length);
    const { word, bit } = this;
    if (bits * length <= 32) {
      this.advance(bits * length);
    } else {
      this.word += Math.floor(length / perWord);
      this.bit = (length % perWord) * bits;
    }
    return { kind: 'cells', path, of, length, word, bit, bits, perWord };
  }

  /** Moves to the next word if what comes would straddle, or is too large to share one. */
  private makeRoom(bits: number): void {
    if (this.bit > 0 && this.bit + bits > 32) {
      this.word++;
      this.bit = 0;
    }
  }

  private advance(bits: number): void {
    this.bit += bits;
    if (this.bit === 32) {
      this.word++;
      this.bit = 0;
    }
  }

  private bitsOfFields(fields: Fields): number {
    return Object.values(fields).reduce((sum, type) => sum + this.bitsOf(type), 0);
  }

  /** Bits of a type when nothing is lost to alignment; above 32 only that it is above 32 matters. */
  private bitsOf(type: Type): number {
    switch (type.kind) {
      case 'struct':
        return this.bitsOfFields(type.fields);
      case 'table':
        return type.length * this.bitsOfFields(tableFields(type));
      case 'array':
        return type.length * this.bitsOf(type.of);
      default:
        return bitsFor(scalarSize(type, this.tables));
    }
  }
}
