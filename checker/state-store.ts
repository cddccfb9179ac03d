/**
 * All states met so far, each once.
 *
 * Rows stand in one big array in the order of discovery, so that the array is the queue of a breadth-first search and the
 * parent of a state is one more number. An open-addressing table holds (state number, hash). The code is generated for one
 * row width: hashing, comparing and copying a row are straight lines.
 *
 * Memory latency decides the speed. So rows are offered first: a small cache answers for those met a moment ago, the rest
 * wait. Then all that wait are looked up together, first touching every table slot, then every candidate row, and only then
 * deciding in order, so that many cache misses are outstanding at once instead of one after the other.
 */
export interface StateStore {
  /** Rows, one after the other, in the order of discovery. Replaced by a larger array as it grows. */
  rows(): Int32Array;
  /** The state each state was first reached from; -1 for the first. */
  parents(): Int32Array;
  count(): number;
  /** Bytes of all tables. */
  bytes(): number;
  /** Offers `n` rows of `from`, all successors of the state `parent`. At most {@link batch} offers before a resolve. */
  offer(from: Int32Array, n: number, parent: number): void;
  /** Looks up all rows offered, and adds those that are new. */
  resolve(): void;
  /** Whether the row at `offset` is among the states; rows that were offered and not resolved are not yet. */
  has(from: Int32Array, offset: number): boolean;
}

/** Log2 of the rows in the cache of recent ones. */
const CACHE_BITS = 14;

/**
 * @param words words of one row
 * @param maxRows rows that can be offered before a resolve
 */
export function createStateStore(words: number, maxRows: number): StateStore {
  const make = new Function('maxRows', storeSource(words)) as (maxRows: number) => StateStore;
  return make(maxRows);
}

function storeSource(words: number): string {
  const each = (line: (i: number) => string, separator = ' '): string =>
    Array.from({ length: words }, (_, i) => line(i)).join(separator);
  const load = each((i) => `const r${i} = from[o + ${i}];`);
  const put = (array: string, at: string): string => each((i) => `${array}[${at} + ${i}] = r${i};`);
  const same = (array: string, at: string): string => each((i) => `${array}[${at} + ${i}] === r${i}`, ' && ');
  const hash =
    `let h = ${0x9747b28c | 0}; ` +
    each((i) => `h = Math.imul(h ^ r${i}, 0x5bd1e995); h ^= h >>> 15;`) +
    ' h = Math.imul(h, 0x2c1b3c6d); h ^= h >>> 13; h = Math.imul(h, 0x297a2d39); h ^= h >>> 16;';
  const cacheMask = (1 << CACHE_BITS) - 1;
  return `"use strict";
  let capacity = 1 << 12, slots = 1 << 14, count = 0, waiting = 0, sink = 0;
  let parents = new Int32Array(capacity), arena = new Int32Array(capacity * ${words}), table = new Int32Array(slots * 2);
  const rows = new Int32Array(maxRows * ${words}), hashes = new Int32Array(maxRows), origins = new Int32Array(maxRows);
  const touched = new Int32Array(maxRows), cache = new Int32Array(${(cacheMask + 1) * words}), cached = new Uint8Array(${cacheMask + 1});
  function grow() {
    capacity *= 2;
    const p = new Int32Array(capacity); p.set(parents); parents = p;
    const a = new Int32Array(capacity * ${words}); a.set(arena); arena = a;
  }
  function rehash() {
    slots *= 2;
    const old = table, mask = slots - 1, t = new Int32Array(slots * 2);
    for (let i = 0; i < old.length; i += 2) {
      const id = old[i]; if (id === 0) continue;
      const h = old[i + 1]; let j = h & mask;
      while (t[2 * j] !== 0) j = (j + 1) & mask;
      t[2 * j] = id; t[2 * j + 1] = h;
    }
    table = t;
  }
  function offer(from, n, parent) {
    let w = waiting;
    for (let k = 0, o = 0; k < n; k++, o += ${words}) {
      ${load} ${hash}
      const line = (h >>> 7) & ${cacheMask}, c = line * ${words};
      if (cached[line] === 1 && ${same('cache', 'c')}) continue;
      cached[line] = 1; ${put('cache', 'c')}
      const at = w * ${words}; ${put('rows', 'at')} hashes[w] = h; origins[w] = parent; w++;
    }
    waiting = w;
  }
  function touchSlots(t, mask, n) { for (let k = 0; k < n; k++) touched[k] = t[2 * (hashes[k] & mask)]; }
  function touchRows(a, n) { let s = 0; for (let k = 0; k < n; k++) { const id = touched[k]; if (id !== 0) s ^= a[(id - 1) * ${words}]; } return s; }
  function resolve() {
    const n = waiting; waiting = 0;
    while (count + n > capacity) grow();
    while (count + n > slots * 0.6) rehash();
    const t = table, a = arena, p = parents, mask = slots - 1, from = rows;
    touchSlots(t, mask, n);
    sink ^= touchRows(a, n);
    let next = count;
    for (let k = 0; k < n; k++) {
      const h = hashes[k], o = k * ${words}; ${load}
      let j = h & mask;
      for (;;) {
        const id = t[2 * j];
        if (id === 0) {
          const at = next * ${words}; ${put('a', 'at')}
          p[next] = origins[k]; next++; t[2 * j] = next; t[2 * j + 1] = h;
          break;
        }
        if (t[2 * j + 1] === h) { const at = (id - 1) * ${words}; if (${same('a', 'at')}) break; }
        j = (j + 1) & mask;
      }
    }
    count = next;
  }
  function has(from, o) {
    ${load} ${hash}
    const mask = slots - 1;
    for (let j = h & mask; table[2 * j] !== 0; j = (j + 1) & mask) {
      if (table[2 * j + 1] === h) { const at = (table[2 * j] - 1) * ${words}; if (${same('arena', 'at')}) return true; }
    }
    return false;
  }
  return {
    offer, resolve, has,
    rows: () => arena, parents: () => parents, count: () => count,
    bytes: () => arena.byteLength + parents.byteLength + table.byteLength + cache.byteLength + rows.byteLength + 3 * hashes.byteLength,
  };`;
}
