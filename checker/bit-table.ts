/**
 * States met, remembered by a few bits each: Holzmann's bitstate hashing ("An analysis of bitstate hashing", 1998). A state is
 * one that was met if all its bits are set, so that now and then a new one is taken for one that was met, and left out.
 *
 * Each hash function has a part of the table of its own. The code is generated for one row width, as that of `state-store.ts`.
 */
export interface BitTable {
  /** Notes the row at `offset`; false if it seems to be among those noted already. */
  readonly add: (rows: Int32Array, offset: number) => boolean;
  /** Whether the row at `offset` seems to be among those noted. */
  readonly has: (rows: Int32Array, offset: number) => boolean;
  readonly bytes: () => number;
  readonly coverage: () => BitCoverage;
}

/** How far a table of bits can be trusted. */
export interface BitCoverage {
  /** Bits of the table, and how many of them are set. */
  readonly bits: number;
  readonly bitsSet: number;
  /** Hash functions: bits that are set for a state. */
  readonly hashes: number;
  /** Bits of the table for each state that was noted: Holzmann's hash factor. Above 100, next to nothing is left out. */
  readonly hashFactor: number;
  /**
   * How many new states were left out by chance, as is to be expected: for each state that was noted, the odds that another one
   * would have been taken for known then. What can only be reached through those comes on top of that.
   */
  readonly expectedOmissions: number;
}

/** As many as SPIN takes if it is not told otherwise. */
const HASHES = 3;

/** A hash is a number of 32 bits, and names a bit. */
const MOST_BITS = 2 ** 32;

/**
 * @param words words of one row
 * @param bytes memory for the bits; at most 1.5 GiB are taken
 * @param seed tables with other seeds have other hash functions, and leave out other states
 */
export function createBitTable(words: number, bytes: number, seed: number): BitTable {
  const bitsOfPart = Math.min(MOST_BITS, Math.max(64, Math.floor((bytes * 8) / HASHES / 32) * 32));
  const parts = Array.from({ length: HASHES }, () => new Int32Array(bitsOfPart / 32));
  const make = new Function('parts', 'seed', tableSource(words, bitsOfPart));
  const { note, isNoted, counts } = make(parts, seed) as TableCode;
  return {
    add: note,
    has: isNoted,
    bytes: () => parts.reduce((sum, part) => sum + part.byteLength, 0),
    coverage() {
      const [states, bitsSet, expectedOmissions] = counts();
      const bits = bitsOfPart * HASHES;
      return { bits, bitsSet, hashes: HASHES, hashFactor: bits / Math.max(1, states), expectedOmissions };
    },
  };
}

interface TableCode {
  readonly note: BitTable['add'];
  readonly isNoted: BitTable['has'];
  readonly counts: () => readonly [states: number, bitsSet: number, expectedOmissions: number];
}

function tableSource(words: number, bitsOfPart: number): string {
  const each = (line: (i: number) => string, count: number): string =>
    Array.from({ length: count }, (_, i) => line(i)).join(' ');
  // Two hashes of 32 bits; the others are sums of these (Kirsch, Mitzenmacher, "Less hashing, same performance", 2006).
  const hash = (name: string, start: string, factor: number): string =>
    `let ${name} = ${start}; ` +
    each(
      (i) => `${name} = Math.imul(${name} ^ rows[o + ${i}], ${factor}); ${name} ^= ${name} >>> 15;`,
      words,
    ) +
    ` ${name} = Math.imul(${name}, 0x2c1b3c6d); ${name} ^= ${name} >>> 13; ${name} = Math.imul(${name}, 0x297a2d39); ${name} ^= ${name} >>> 16;`;
  const hashed = `${hash('h', 'seed ^ 0x9747b28c', 0x5bd1e995)} ${hash('g', 'Math.imul(seed, 0x9e3779b1) ^ 0x3c6ef372', 0x85ebca6b)} g |= 1;`;
  const place = (i: number): string =>
    `const b${i} = Math.floor(((h + Math.imul(g, ${i})) >>> 0) * scale), w${i} = (b${i} / 32) | 0, m${i} = 1 << (b${i} & 31);`;
  const places = each(place, HASHES);
  const isSet = (i: number): string => `(p${i}[w${i}] & m${i}) !== 0`;
  const all = Array.from({ length: HASHES }, (_, i) => isSet(i)).join(' && ');
  const set = (i: number): string => `if (!(${isSet(i)})) { p${i}[w${i}] |= m${i}; set${i}++; }`;
  const odds = Array.from({ length: HASHES }, (_, i) => `(set${i} / ${bitsOfPart})`).join(' * ');
  return `"use strict";
  const scale = ${bitsOfPart} / ${MOST_BITS};
  ${each((i) => `const p${i} = parts[${i}]; let set${i} = 0;`, HASHES)}
  let states = 0, omissions = 0;
  return {
    note(rows, o) {
      ${hashed} ${places}
      if (${all}) return false;
      const odds = ${odds};
      omissions += odds / (1 - odds);
      ${each(set, HASHES)}
      states++;
      return true;
    },
    isNoted(rows, o) { ${hashed} ${places} return ${all}; },
    counts: () => [states, ${Array.from({ length: HASHES }, (_, i) => `set${i}`).join(' + ')}, omissions],
  };`;
}
