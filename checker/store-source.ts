/** The generated inner loops of the state store: straight lines for one row width. */
import type { StoreTables } from './state-store.js';

export interface RowShape {
  readonly words: number;
  /** Log2 of the rows in the cache of recent ones. */
  readonly cacheBits: number;
  /** A bit that no row has. With it, rows stand in the table themselves, and the bit says that a slot is taken. */
  readonly unusedBit?: { readonly word: number; readonly mask: number };
  /** What stands in a slot otherwise. Without the hash it is half as wide, and rows are looked at that cannot be the one sought. */
  readonly slots: 'numbers-and-hashes' | 'numbers';
  /**
   * Whether rows are looked up while another thread adds some, as far as the first `count` states are concerned. What it writes may
   * be seen in any order. But all words are 0 at first and are written once, so one that is not 0 is what it will be.
   */
  readonly isForeign?: boolean;
}

/** Words in front of a row that was sifted: the state from which it was reached, and the call. */
export const SIFTED = 2;
/** Words in front of a row that waits: its hash, and then the same. */
export const WAITING = 1 + SIFTED;

/** Words of a slot. */
export function slotWords({ words, unusedBit, slots }: RowShape): number {
  return unusedBit ? words : slots === 'numbers' ? 1 : 2;
}

export interface LookUps {
  /** Lets rows wait, but for those that the cache knows. */
  offer(tables: StoreTables, from: Int32Array, n: number, parent: number, calls: Uint16Array): void;
  /** Looks up all rows that wait; there must be room for them. */
  resolve(tables: StoreTables): void;
  /** Writes the rows that wait and are not among the states to `at`, each behind its parent and call, and returns where they end. */
  sift(tables: StoreTables, found: Int32Array, at: number): number;
  /**
   * Looks up `n` rows that were sifted into `found`, from the word `at` on, and adds those that are new; there must be room for them.
   * `hashes` and `touched` are for so many numbers.
   */
  add(
    tables: StoreTables,
    found: Int32Array,
    at: number,
    n: number,
    hashes: Int32Array,
    touched: Int32Array,
  ): void;
  has(tables: StoreTables, from: Int32Array, offset: number): boolean;
  /** Enters all states of an old table into an empty one. */
  enter(tables: StoreTables, old: Int32Array): void;
  /** A cache in which no row is found. */
  emptyCache(): Int32Array;
}

export function compileLookUps(shape: RowShape): LookUps {
  return (new Function(source(shape)) as () => LookUps)();
}

/** How a row is found in the table, as source text. */
interface Slots {
  /** Words of a slot. */
  readonly width: number;
  /** The state of a slot `at` (a word of the table), as something that is 0 if it is empty. */
  readonly taken: string;
  /** Whether the row r0, r1, … with the hash h is in the slot at `at`, of which `taken` is known as x. */
  readonly isHere: string;
  /** Puts the row, which becomes state number `state`, into the slot. */
  readonly put: string;
  /** Finds the hash, as h, of the row that is in the slot at `o` of a table `old`. */
  readonly hashOfOld: string;
  /** What is touched of a slot's row besides the slot: a function body of one look. */
  readonly touchRow: string;
}

function source(shape: RowShape): string {
  const { words, cacheBits } = shape;
  const each = (line: (i: number) => string, separator = ' '): string =>
    range(words).map(line).join(separator);
  const load = each((i) => `const r${i} = from[o + ${i}];`);
  const put = (array: string, at: string): string => each((i) => `${array}[${at} + ${i}] = r${i};`);
  const same = (array: string, at: string): string => each((i) => `${array}[${at} + ${i}] === r${i}`, ' && ');
  const slots = slotsOf(shape, same);
  const probe = (found: string, free: string): string => `
    for (let j = h >>> shift;; j = (j + 1) & mask) {
      const at = j * ${slots.width}, x = ${slots.taken};
      if (x === 0) { ${free} }
      if (${slots.isHere}) { ${found} }
    }`;
  // What stands in front of the row at o, whether it waits or was sifted.
  const waitingHash = `from[o - ${WAITING}]`;
  const parent = `from[o - ${SIFTED}]`;
  const call = `from[o - ${SIFTED - 1}]`;
  const enterNew = probe(
    'break;',
    `const a = count * ${words}; ${put('rows', 'a')} calls[count] = ${call}; parents[count++] = ${parent}; ${slots.put} break;`,
  );
  return `"use strict";
  function hashOf(${each((i) => `r${i}`, ', ')}) { ${hashing(words)} return h; }
  function offer(tables, from, n, parent, calls) {
    const { cache, offered } = tables;
    let at = tables.waiting * ${words + WAITING};
    for (let k = 0, o = 0; k < n; k++, o += ${words}) {
      ${load} ${hashing(words)}
      const c = ((h >>> 7) & ${2 ** cacheBits - 1}) * ${words};
      const differs = ${each((i) => `(cache[c + ${i}] ^ r${i})`, ' | ')};
      ${put('cache', 'c')} offered[at] = h; offered[at + 1] = parent; offered[at + 2] = calls[k]; ${put('offered', `at + ${WAITING}`)}
      // Nobody can foretell which rows the cache knows, and a wrong guess would cost more than writing them all: so no branch.
      at += ((differs | -differs) >> 31) & ${words + WAITING};
    }
    tables.waiting = at / ${words + WAITING};
  }
  function touchSlots(touched, hashes, apart, table, shift, n) {
    for (let k = 0, at = 0; k < n; k++, at += apart) touched[k] = table[(hashes[at] >>> shift) * ${slots.width}];
  }
  function touchRows(touched, rows, n, known) { let s = 0; for (let k = 0; k < n; k++) { const id = touched[k]; if (id !== 0${shape.isForeign ? ' && id <= known' : ''}) s ^= rows[(id - 1) * ${words}]; } return s; }
  function resolve(tables) {
    const { table, rows, parents, calls, shift, offered: from, touched } = tables;
    const n = tables.waiting, mask = table.length / ${slots.width} - 1;
    touchSlots(touched, from, ${words + WAITING}, table, shift, n);
    ${slots.touchRow}
    let count = tables.count;
    for (let k = 0, o = ${WAITING}; k < n; k++, o += ${words + WAITING}) {
      const h = ${waitingHash}; ${load}
      ${enterNew}
    }
    tables.count = count;
  }
  function add(tables, from, begin, n, hashes, touched) {
    const { table, rows, parents, calls, shift } = tables;
    const mask = table.length / ${slots.width} - 1;
    for (let k = 0, o = begin + ${SIFTED}; k < n; k++, o += ${words + SIFTED}) { ${load} ${hashing(words)} hashes[k] = h; }
    touchSlots(touched, hashes, 1, table, shift, n);
    ${slots.touchRow}
    let count = tables.count;
    for (let k = 0, o = begin + ${SIFTED}; k < n; k++, o += ${words + SIFTED}) {
      const h = hashes[k]; ${load}
      ${enterNew}
    }
    tables.count = count;
  }
  function sift(tables, found, end) {
    const { table, rows, shift, offered: from, touched } = tables;
    const n = tables.waiting, known = tables.count, mask = table.length / ${slots.width} - 1;
    touchSlots(touched, from, ${words + WAITING}, table, shift, n);
    ${slots.touchRow}
    for (let k = 0, o = ${WAITING}; k < n; k++, o += ${words + WAITING}) {
      const h = ${waitingHash}; ${load}
      ${probe('break;', `found[end] = ${parent}; found[end + 1] = ${call}; const to = end + ${SIFTED}; ${put('found', 'to')} end += ${words + SIFTED}; break;`)}
    }
    return end;
  }
  function has(tables, from, o) {
    const { table, rows, shift, count: known } = tables, mask = table.length / ${slots.width} - 1;
    ${load} ${hashing(words)}
    ${probe('return true;', 'return false;')}
  }
  function enter(tables, old) {
    // The upper bits of the hash choose the slot: so what stands in a row there comes to stand nearly in a row here.
    const { table, rows, shift } = tables, mask = table.length / ${slots.width} - 1;
    for (let o = 0; o < old.length; o += ${slots.width}) {
      if (${slots.taken.replace('table[at', 'old[o')} === 0) continue;
      ${slots.hashOfOld}
      let j = h >>> shift;
      while (${slots.taken.replace('at', `j * ${slots.width}`)} !== 0) j = (j + 1) & mask;
      ${range(slots.width)
        .map((i) => `table[j * ${slots.width} + ${i}] = old[o + ${i}];`)
        .join(' ')}
    }
  }
  // Each line has a row that belongs into another one.
  function emptyCache() {
    const line = (...row) => (hashOf(...row) >>> 7) & ${2 ** cacheBits - 1};
    const zeros = [${each(() => '0', ', ')}];
    const cache = new Int32Array(${2 ** cacheBits * words});
    let other = 1;
    while (line(...zeros.fill(other)) === line(...zeros.map(() => 0))) other++;
    const home = line(${each(() => '0', ', ')}) * ${words};
    cache.fill(other, home, home + ${words});
    return cache;
  }
  return { offer, resolve, sift, add, has, enter, emptyCache };`;
}

/** The hash of a row as h. Its upper bits choose the slot. */
function hashing(words: number): string {
  const steps = Array.from({ length: words }, (_, i) =>
    i === 0 ? 'let h = Math.imul(r0, 0x85ebca6b);' : `h = Math.imul(h ^ (h >>> 15) ^ r${i}, 0xc2b2ae35);`,
  );
  return `${steps.join(' ')} h = Math.imul(h ^ (h >>> 15), 0x9e3779b1);`;
}

type Same = (array: string, at: string) => string;

function slotsOf(shape: RowShape, same: Same): Slots {
  const { words, unusedBit, slots, isForeign = false } = shape;
  if (unusedBit) return rowSlots(words, unusedBit, isForeign);
  const isHere = `${isForeign ? 'x <= known && ' : ''}${slots === 'numbers' ? '' : 'table[at + 1] === h && '}${same('rows', `(x - 1) * ${words}`)}`;
  return slots === 'numbers' ? bareSlots(words, isHere) : numberSlots(isHere);
}

/** Rows stand in the table. */
function rowSlots(
  words: number,
  { word, mask }: NonNullable<RowShape['unusedBit']>,
  isForeign: boolean,
): Slots {
  const marked = (i: number): string => (i === word ? `(r${i} | ${mask})` : `r${i}`);
  const indices = range(words);
  const others = indices.filter((i) => i !== word);
  const isSame = (i: number): string => `table[at + ${i}] === r${i}${isForeign ? ` && r${i} !== 0` : ''}`;
  return {
    width: words,
    taken: `table[at + ${word}]`,
    isHere: [`x === ${marked(word)}`, ...others.map(isSame)].join(' && '),
    put: indices.map((i) => `table[at + ${i}] = ${marked(i)};`).join(' '),
    hashOfOld: `${indices.map((i) => `const r${i} = old[o + ${i}]${i === word ? ` & ${~mask}` : ''};`).join(' ')} ${hashing(words)}`,
    touchRow: '',
  };
}

/** A slot has the number of the state, counted from 1, and its hash. */
function numberSlots(isHere: string): Slots {
  return {
    width: 2,
    taken: 'table[at]',
    isHere,
    put: 'table[at] = count; table[at + 1] = h;',
    hashOfOld: 'const h = old[o + 1];',
    touchRow: 'tables.sink ^= touchRows(touched, rows, n, tables.count);',
  };
}

/** A slot has the number of the state alone, counted from 1. */
function bareSlots(words: number, isHere: string): Slots {
  return {
    width: 1,
    taken: 'table[at]',
    isHere,
    put: 'table[at] = count;',
    hashOfOld: `const row = (old[o] - 1) * ${words}; ${range(words)
      .map((i) => `const r${i} = rows[row + ${i}];`)
      .join(' ')} ${hashing(words)}`,
    touchRow: 'tables.sink ^= touchRows(touched, rows, n, tables.count);',
  };
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
