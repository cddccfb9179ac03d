/** The seeds of the sequences of a random search: one for each number of a sequence, and never the same for two. */

/** A step that scrambles 32 bits and loses none (the finaliser of MurmurHash3, by Austin Appleby). */
function scrambled(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/**
 * The seed of a sequence. For one `seed`, any two numbers below 2^32 have different ones: so searches that share the numbers
 * among them never draw with the same seed.
 */
export function sequenceSeed(seed: number, number: number): number {
  return scrambled(scrambled(number + 1) ^ scrambled(seed ^ 0x5bd1e995));
}
