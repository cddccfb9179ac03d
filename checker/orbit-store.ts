/**
 * All states met so far, one for all that differ by swaps of interchangeable things: of each such set, an *orbit*, the state that
 * was met first. Its canonical form tells whether an orbit is known.
 *
 * The states kept are those that the calls really lead to, not their canonical forms. So the way to each is a sequence of calls
 * as in a search without symmetry, and, because swaps do not change what a rule does or a claim says, the first shortest sequence
 * that breaks a claim is the same in both: one that starts with another way to an orbit than the first found could be replaced by
 * the first found, followed by the same calls with things swapped, and would not be the first.
 */
import type { Canonicalise } from '../model/state/index.js';
import type { RowSieve, SharedStore, Sieve } from './state-store.js';
import { SIFTED } from './store-source.js';

/** Log2 of the states in the cache of those offered a moment ago, whose canonical form need not be made again. */
const CACHE_BITS = 14;

/**
 * @param orbits a store for the canonical forms, with nothing in it
 * @param words words of one row
 * @param maxRows rows that can be offered before a resolve
 * @param unreducible called with the place of a row that has no canonical form; it must throw
 */
export function createOrbitStore(
  orbits: SharedStore,
  canonicalise: Canonicalise,
  words: number,
  maxRows: number,
  unreducible: (from: Int32Array, offset: number, parent: number) => never,
  allocate = (length: number): Int32Array => new Int32Array(length),
): SharedStore {
  const width = words + SIFTED;
  const form = new Int32Array(words);
  const recent = recentRows(words);
  /** Of the rows that wait: themselves, and their canonical forms, both as they are sifted. */
  const waiting = {
    rows: new Int32Array(maxRows * width),
    forms: new Int32Array(maxRows * width),
    count: 0,
    of: 0,
  };
  /** Canonical forms of rows that were sifted. */
  let formsFound = new Int32Array(0);
  let rows = allocate(words << 12);

  function offer(from: Int32Array, n: number, parent: number, of = n, calls?: Uint16Array): void {
    waiting.of += of;
    for (let k = 0; k < n; k++) {
      const offset = k * words;
      if (recent.has(from, offset)) continue;
      const at = waiting.count++ * width;
      waiting.rows[at] = waiting.forms[at] = parent;
      waiting.rows[at + 1] = waiting.forms[at + 1] = calls?.[k] ?? 0;
      copy(from, offset, waiting.rows, at + SIFTED, words);
      if (!canonicalise(from, offset, waiting.forms, at + SIFTED)) unreducible(from, offset, parent);
    }
  }

  /** Adds what is new of `n` rows with their canonical forms, both as they are sifted. What is new stands with the forms in their order. */
  function enter(from: Int32Array, begin: number, forms: Int32Array, n: number, of: number): void {
    let next = orbits.count();
    orbits.add(forms, 0, n, of);
    const known = orbits.rows();
    const count = orbits.count();
    while (rows.length < count * words) {
      const larger = allocate(2 * rows.length);
      larger.set(rows);
      rows = larger;
    }
    for (let k = 0; next < count; k++) {
      if (!isSame(forms, k * width + SIFTED, known, next * words, words)) continue;
      copy(from, begin + k * width + SIFTED, rows, next * words, words);
      next++;
    }
  }

  function resolve(): void {
    enter(waiting.rows, 0, waiting.forms, waiting.count, waiting.of);
    waiting.count = waiting.of = 0;
  }

  function sift(found: Int32Array, at: number): number {
    let end = at;
    for (let k = 0; k < waiting.count; k++) {
      if (orbits.has(waiting.forms, k * width + SIFTED)) continue;
      copy(waiting.rows, k * width, found, end, width);
      end += width;
    }
    waiting.count = waiting.of = 0;
    return end;
  }

  function add(found: Int32Array, at: number, n: number, of: number): void {
    if (n * width > formsFound.length) formsFound = new Int32Array(2 * n * width);
    for (let k = 0; k < n; k++) {
      const row = at + k * width + SIFTED;
      if (!canonicalise(found, row, formsFound, k * width + SIFTED)) unreducible(found, row, found[row - 2]!);
      formsFound.set(found.subarray(row - SIFTED, row), k * width);
    }
    enter(found, at, formsFound, n, of);
  }

  return {
    ...{ offer, resolve, sift, add },
    forgetOffered() {
      waiting.count = waiting.of = 0;
      recent.forget();
    },
    rows: () => rows,
    parents: () => orbits.parents(),
    calls: () => orbits.calls(),
    count: () => orbits.count(),
    isFull: () => orbits.isFull(),
    bytes: () =>
      orbits.bytes() + rows.byteLength + recent.bytes + waiting.rows.byteLength + waiting.forms.byteLength,
    has: (from, offset) => canonicalise(from, offset, form, 0) && orbits.has(form, 0),
    view: () => ({ rows, calls: orbits.calls(), known: orbits.view().known }),
  };
}

/** A sieve for an orbit store. @param orbits one for its canonical forms */
export function createOrbitSieve(
  orbits: RowSieve,
  canonicalise: Canonicalise,
  words: number,
  unreducible: () => never,
): Sieve {
  const recent = recentRows(words);
  const form = new Int32Array(words);
  let fresh: number[] = [];
  return {
    follow: (view) => {
      orbits.follow(view);
    },
    trust: (states) => {
      orbits.trust(states);
    },
    offer(from, n, parent, _of, calls) {
      for (let k = 0; k < n; k++) {
        const offset = k * words;
        if (recent.has(from, offset)) continue;
        if (!canonicalise(from, offset, form, 0)) unreducible();
        if (orbits.has(form, 0)) continue;
        fresh.push(parent, calls?.[k] ?? 0);
        for (let i = 0; i < words; i++) fresh.push(from[offset + i]!);
      }
    },
    sift(found, at) {
      found.set(fresh, at);
      const end = at + fresh.length;
      fresh = [];
      return end;
    },
    forgetOffered() {
      fresh = [];
      recent.forget();
    },
  };
}

/** Rows that were met a moment ago, whose canonical form need not be made again. */
function recentRows(words: number): {
  readonly bytes: number;
  has(from: Int32Array, offset: number): boolean;
  forget(): void;
} {
  const cache = new Int32Array(words << CACHE_BITS);
  const isCached = new Uint8Array(1 << CACHE_BITS);
  return {
    bytes: cache.byteLength,
    /** Whether a row was met; if not, it is remembered. */
    has(from, offset) {
      let hash = 0;
      for (let i = 0; i < words; i++) hash = Math.imul(hash ^ from[offset + i]!, 0x5bd1e995) ^ (hash >>> 15);
      hash = Math.imul(hash ^ (hash >>> 13), 0x2c1b3c6d);
      const place = (hash >>> 7) & ((1 << CACHE_BITS) - 1);
      const line = place * words;
      let same = isCached[place] === 1;
      isCached[place] = 1;
      for (let i = 0; i < words; i++) {
        if (cache[line + i] !== from[offset + i]) same = false;
        cache[line + i] = from[offset + i]!;
      }
      return same;
    },
    forget() {
      isCached.fill(0);
    },
  };
}

function copy(from: Int32Array, at: number, to: Int32Array, there: number, words: number): void {
  for (let i = 0; i < words; i++) to[there + i] = from[at + i]!;
}

function isSame(one: Int32Array, at: number, other: Int32Array, there: number, words: number): boolean {
  for (let i = 0; i < words; i++) if (one[at + i] !== other[there + i]) return false;
  return true;
}
