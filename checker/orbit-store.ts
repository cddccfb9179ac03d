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
  const form = new Int32Array(words);
  const recent = recentRows(words);
  const waiting = { rows: new Int32Array(maxRows * words), forms: new Int32Array(maxRows * words), count: 0 };
  const forms = new Int32Array(maxRows * words);
  const callsOfForms = new Uint16Array(maxRows);
  let rows = allocate(words << 12);

  function offer(from: Int32Array, n: number, parent: number, of = n, calls?: Uint16Array): void {
    let fresh = 0;
    for (let k = 0; k < n; k++) {
      const offset = k * words;
      if (recent.has(from, offset)) continue;
      const at = (waiting.count + fresh) * words;
      if (!canonicalise(from, offset, forms, fresh * words)) unreducible(from, offset, parent);
      for (let i = 0; i < words; i++) waiting.rows[at + i] = from[offset + i]!;
      callsOfForms[fresh++] = calls?.[k] ?? 0;
    }
    waiting.forms.set(forms.subarray(0, fresh * words), waiting.count * words);
    orbits.offer(forms, fresh, parent, of, callsOfForms);
    waiting.count += fresh;
  }

  /** What is new in the store of the forms stands there in the order in which it was offered. */
  function resolve(): void {
    let next = orbits.count();
    orbits.resolve();
    const known = orbits.rows();
    const count = orbits.count();
    while (rows.length < count * words) {
      const larger = allocate(2 * rows.length);
      larger.set(rows);
      rows = larger;
    }
    for (let k = 0; next < count; k++) {
      if (!isSame(waiting.forms, k * words, known, next * words, words)) continue;
      for (let i = 0; i < words; i++) rows[next * words + i] = waiting.rows[k * words + i]!;
      next++;
    }
    waiting.count = 0;
  }

  function add(found: Int32Array, at: number, n: number): void {
    for (let k = 0; k < n; k++) {
      const begin = at + k * (words + SIFTED);
      const row = begin + SIFTED;
      offer(found.subarray(row, row + words), 1, found[begin]!, 0, Uint16Array.of(found[begin + 1]!));
      if (waiting.count === maxRows) resolve();
    }
    resolve();
  }

  return {
    offer,
    resolve,
    rows: () => rows,
    parents: () => orbits.parents(),
    calls: () => orbits.calls(),
    count: () => orbits.count(),
    isFull: () => orbits.isFull(),
    bytes: () =>
      orbits.bytes() + rows.byteLength + recent.bytes + 2 * waiting.rows.byteLength + forms.byteLength,
    has: (from, offset) => canonicalise(from, offset, form, 0) && orbits.has(form, 0),
    view: () => ({ rows, calls: orbits.calls(), known: orbits.view().known }),
    room: (offered) =>
      offered > maxRows ? 0 : Math.min(rows.length / words - orbits.count() - offered, orbits.room(offered)),
    add,
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
    offer(from, n, parent, calls) {
      for (let k = 0; k < n; k++) {
        const offset = k * words;
        if (recent.has(from, offset)) continue;
        if (!canonicalise(from, offset, form, 0)) unreducible();
        if (orbits.has(form, 0)) continue;
        fresh.push(parent, calls[k]!);
        for (let i = 0; i < words; i++) fresh.push(from[offset + i]!);
      }
    },
    sift(found, at) {
      found.set(fresh, at);
      const end = at + fresh.length;
      fresh = [];
      return end;
    },
  };
}

/** Rows that were met a moment ago, whose canonical form need not be made again. */
function recentRows(words: number): {
  readonly bytes: number;
  has(from: Int32Array, offset: number): boolean;
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
  };
}

function isSame(one: Int32Array, at: number, other: Int32Array, there: number, words: number): boolean {
  for (let i = 0; i < words; i++) if (one[at + i] !== other[there + i]) return false;
  return true;
}
