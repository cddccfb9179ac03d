/** The swaps themselves, one at a time and slowly: for asking whether they change anything. */
import { maskOf, type Bag, type BitField, type NamingField, type Symmetry } from './symmetry.js';

/** Changes a row in place: two neighbours of a sort, or two neighbouring values of a bag, change their places. */
export type Swap = (row: Int32Array) => void;

/** Swaps that give all others, made one after the other in some order. */
export function swapsOf(symmetry: Symmetry): readonly Swap[] {
  const ofThings = symmetry.sorts.flatMap(({ size }, s) =>
    pairs(size).map(
      (i): Swap =>
        (row) =>
          swapThings(symmetry, s, i, row),
    ),
  );
  const ofValues = bagsOf(symmetry).flatMap(({ cells }) =>
    pairs(cells.length).map(
      (i): Swap =>
        (row) =>
          swapBits(row, cells[i]!, cells[i + 1]!),
    ),
  );
  return [...ofThings, ...ofValues];
}

function pairs(length: number): number[] {
  return Array.from({ length: Math.max(0, length - 1) }, (_, i) => i);
}

/** The things `i` and `i + 1` of a sort: all that is said of them, and what names them. */
function swapThings(symmetry: Symmetry, sort: number, i: number, row: Int32Array): void {
  const { first, pieces } = symmetry.sorts[sort]!;
  for (const field of namesIn(symmetry, row)) rename(row, field, first + i, first + i + 1);
  for (const { masks, at } of pieces) {
    masks.forEach((mask, w) => {
      const [one, other] = [at[i]!, at[i + 1]!];
      swapMasked(row, mask, { ...one, word: one.word + w }, { ...other, word: other.word + w });
    });
  }
  for (const { cells } of linesOf(symmetry, sort)) swapBits(row, cells[i]!, cells[i + 1]!);
}

function rename(row: Int32Array, field: NamingField, one: number, other: number): void {
  const thing = field.things[read(row, field)];
  if (thing === one) write(row, field, field.things.indexOf(other));
  else if (thing === other) write(row, field, field.things.indexOf(one));
}

/** Where in the row a field of a piece is. */
function moved<F extends BitField>(field: F, at: Pick<BitField, 'word' | 'bit'>): F {
  return { ...field, word: field.word + at.word, bit: field.bit + at.bit };
}

/** Each piece of each thing, with the place of that thing's `live` if a free one names nothing. */
function piecesOf({ sorts }: Symmetry) {
  return sorts.flatMap(({ pieces, kind, live, size }) =>
    pieces.flatMap((piece) =>
      Array.from({ length: size }, (_, i) => {
        const at = piece.at[i]!;
        const flag =
          kind === 'allocated' && live !== undefined
            ? moved({ word: 0, bit: live, bits: 1 }, pieces[0]!.at[i]!)
            : undefined;
        return { piece, at, flag };
      }),
    ),
  );
}

/** All fields of a row that name something. */
function namesIn(symmetry: Symmetry, row: Int32Array): NamingField[] {
  const inPieces = piecesOf(symmetry).flatMap(({ piece, at, flag }) =>
    flag && read(row, flag) === 0 ? [] : fieldsThatName(piece).map((field) => moved(field, at)),
  );
  return [...fieldsThatName(symmetry), ...inPieces];
}

function fieldsThatName({ naming, bags }: Pick<Symmetry, 'naming' | 'bags'>): readonly NamingField[] {
  return [
    ...naming,
    ...bags.flatMap(({ cells, things }) => (things ? cells.map((cell) => ({ ...cell, things })) : [])),
  ];
}

function bagsOf(symmetry: Symmetry): Pick<Bag, 'cells'>[] {
  const inPieces = piecesOf(symmetry).flatMap(({ piece: { bags }, at }) =>
    bags.map(({ cells }) => ({ cells: cells.map((cell) => moved(cell, at)) })),
  );
  return [...symmetry.bags, ...inPieces];
}

/** The lines with a value for each thing of a sort. */
function linesOf(symmetry: Symmetry, sort: number): Pick<Bag, 'cells'>[] {
  return piecesOf(symmetry).flatMap(({ piece: { lines }, at }) =>
    lines
      .filter((line) => line.sort === sort)
      .map(({ cells }) => ({ cells: cells.map((cell) => moved(cell, at)) })),
  );
}

function read(row: Int32Array, { word, bit, bits }: BitField): number {
  return (row[word]! >>> bit) & maskOf(0, bits);
}

function write(row: Int32Array, { word, bit, bits }: BitField, value: number): void {
  row[word] = (row[word]! & ~maskOf(bit, bits)) | (value << bit);
}

function swapBits(row: Int32Array, one: BitField, other: BitField): void {
  swapMasked(row, maskOf(0, one.bits), one, other);
}

function swapMasked(
  row: Int32Array,
  mask: number,
  one: Pick<BitField, 'word' | 'bit'>,
  other: Pick<BitField, 'word' | 'bit'>,
): void {
  const a = (row[one.word]! >>> one.bit) & mask;
  const b = (row[other.word]! >>> other.bit) & mask;
  row[one.word] = (row[one.word]! & ~(mask << one.bit)) | (b << one.bit);
  row[other.word] = (row[other.word]! & ~(mask << other.bit)) | (a << other.bit);
}
