/**
 * 64-bit fingerprints of rows, from four multilinear hashes of 16 bits with keys of their own (Lemire, Kaser, "Strongly universal
 * string hashing is fast", 2014): over the draw of the keys, two different rows share a fingerprint with odds of 2^-64, whatever
 * the rows look like. So the odds that are told of a search are odds, not hopes that rows are scattered well.
 *
 * The code is generated for one row width, as that of `state-store.ts`.
 */
import { grouped } from './grouped.js';
import { createPrng } from './prng.js';

/** Writes the fingerprint of the row at `offset`, {@link FINGERPRINT_WORDS} words, to `at`. */
export type Fingerprint = (rows: Int32Array, offset: number, to: Int32Array, at: number) => void;

export const FINGERPRINT_WORDS = 2;
export const FINGERPRINT_BITS = 32 * FINGERPRINT_WORDS;

/**
 * @param words words of one row
 * @param seed any whole number: other seeds draw other keys, and rows that shared a fingerprint share none then
 */
export function compileFingerprint(words: number, seed: number): Fingerprint {
  const prng = createPrng();
  prng.seed(seed);
  const key = (): number => (prng.next(1 << 16) << 16) | prng.next(1 << 16);
  const lanes = ['a', 'b', 'c', 'd'];
  const word = (i: number): string =>
    `low = rows[o + ${i}] & 0xffff; high = rows[o + ${i}] >>> 16; ` +
    lanes.map((h) => `${h} = (${h} + Math.imul(low, ${key()}) + Math.imul(high, ${key()})) | 0;`).join(' ');
  // Of each sum the upper half is as good as drawn by lot; the lower one is not.
  return new Function(`"use strict";
  return function fingerprint(rows, o, to, at) {
    let low = 0, high = 0, ${lanes.map((h) => `${h} = ${key()}`).join(', ')};
    ${Array.from({ length: words }, (_, i) => word(i)).join('\n    ')}
    to[at] = (a & 0xffff0000) | (b >>> 16);
    to[at + 1] = (c & 0xffff0000) | (d >>> 16);
  };`)() as Fingerprint;
}

/** The odds that among so many states there are two that share a fingerprint, at most: the birthday bound. */
export function oddsOfSharing(states: number): number {
  return Math.min(1, (states * (states - 1)) / 2 ** (FINGERPRINT_BITS + 1));
}

/** These odds in words, never smaller than they are. */
export function oddsText(states: number): string {
  const odds = oddsOfSharing(states);
  if (odds === 0) return 'none';
  const one = 1 / odds;
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(one)) - 1);
  return `at most 1 in ${grouped(Math.floor(one / unit) * unit)}`;
}
