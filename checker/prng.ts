/** A small, fast source of random numbers: the same seed gives the same numbers everywhere. */
export interface Prng {
  /** A whole number from 0 to `below - 1`. `below` is at least 1 and at most 2^16. */
  next(below: number): number;
  /** Starts again from a seed, any whole number. */
  seed(seed: number): void;
}

/** xorshift128 (Marsaglia, "Xorshift RNGs", 2003), its state filled from the seed by splitmix32. */
export function createPrng(): Prng {
  let x = 1;
  let y = 2;
  let z = 3;
  let w = 4;
  return {
    next(below) {
      const t = x ^ (x << 11);
      x = y;
      y = z;
      z = w;
      w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
      // Multiplying the upper half into the range has a bias below 2^-16 times the range: nothing for choosing calls.
      return ((w >>> 16) * below) >>> 16;
    },
    seed(seed) {
      let s = seed | 0;
      const split = (): number => {
        s = (s + 0x9e3779b9) | 0;
        let t = s ^ (s >>> 16);
        t = Math.imul(t, 0x21f0aaad);
        t ^= t >>> 15;
        t = Math.imul(t, 0x735a2d97);
        return t ^ (t >>> 15);
      };
      x = split();
      y = split();
      z = split();
      w = split() | 1;
    },
  };
}
