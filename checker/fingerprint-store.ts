/**
 * All states met so far, by their fingerprints. Rows are kept of the states that wait, and of the level that is being looked at; of
 * all others there is a fingerprint, and the number of the state it was first reached from. So a state takes the same memory however
 * wide it is, and the way to it can be found again: `found-again.ts`.
 *
 * A new state that has the fingerprint of another one is taken for it, and left out.
 */
import { compileFingerprint, FINGERPRINT_WORDS } from './fingerprint.js';
import { createStateStore, type StateStore } from './state-store.js';

export interface FingerprintStore extends StateStore {
  /** The number of the first state whose row is kept: {@link StateStore.rows} begin with it. */
  firstKept(): number;
  /** Drops the rows of all states in front of this one. */
  forgetBefore(state: number): void;
  /** The row of the first state. */
  firstRow(): Int32Array;
  /** Whether the row at `offset` has the fingerprint of a state. */
  isLike(state: number, rows: Int32Array, offset: number): boolean;
}

/** Rows there is room for in the beginning. */
const FIRST_CAPACITY = 1 << 12;

/**
 * @param words words of one row
 * @param maxRows rows that can be offered before a resolve
 * @param seed chooses the fingerprints
 * @param maxBytes what {@link StateStore.bytes} may come to, also while a table is being replaced by a larger one
 */
export function createFingerprintStore(
  words: number,
  maxRows: number,
  seed: number,
  maxBytes = Infinity,
): FingerprintStore {
  const fingerprint = compileFingerprint(words, seed);
  const waiting = new Int32Array(maxRows * words);
  const prints = new Int32Array(maxRows * FINGERPRINT_WORDS);
  const print = new Int32Array(FINGERPRINT_WORDS);
  let waitingCount = 0;
  let rows = new Int32Array(FIRST_CAPACITY * words);
  let first: Int32Array | undefined;
  let firstKept = 0;
  let full = false;
  const known = createStateStore(FINGERPRINT_WORDS, maxRows, {
    slots: 'numbers',
    maxBytes,
    bytesElsewhere: ownBytes,
  });

  function ownBytes(): number {
    return rows.byteLength + waiting.byteLength + prints.byteLength;
  }

  function bytes(): number {
    return known.bytes() + ownBytes();
  }

  function offer(from: Int32Array, n: number, parent: number): void {
    for (let k = 0; k < n; k++) fingerprint(from, k * words, prints, (waitingCount + k) * FINGERPRINT_WORDS);
    const begin = waitingCount * words;
    for (let i = 0; i < n * words; i++) waiting[begin + i] = from[i]!;
    known.offer(prints.subarray(waitingCount * FINGERPRINT_WORDS), n, parent);
    waitingCount += n;
  }

  /** What is new among the fingerprints stands there in the order in which it was offered. */
  function resolve(): void {
    const count = known.count();
    full ||= !makeRoom(count - firstKept + waitingCount);
    if (full) return;
    known.resolve();
    const added = known.rows();
    const end = known.count();
    let next = count;
    for (let k = 0; next < end; k++) {
      if (!isSamePrint(prints, k, added, next)) continue;
      const to = (next++ - firstKept) * words;
      for (let i = 0; i < words; i++) rows[to + i] = waiting[k * words + i]!;
    }
    first ??= rows.slice(0, words);
    waitingCount = 0;
  }

  /** Room for the rows of so many states, if it can be had: twice as much, or what is left. */
  function makeRoom(states: number): boolean {
    if (states * words <= rows.length) return true;
    const left = Math.floor((maxBytes - bytes()) / (4 * words));
    const capacity = Math.min((2 * rows.length) / words, left);
    if (capacity < states) return false;
    try {
      const larger = new Int32Array(capacity * words);
      larger.set(rows);
      rows = larger;
      return true;
    } catch {
      // "Array buffer allocation failed", or more than an array may have.
      return false;
    }
  }

  function forgetBefore(state: number): void {
    rows.copyWithin(0, (state - firstKept) * words, (known.count() - firstKept) * words);
    firstKept = state;
  }

  function printOf(from: Int32Array, offset: number): Int32Array {
    fingerprint(from, offset, print, 0);
    return print;
  }

  return {
    offer,
    resolve,
    bytes,
    forgetBefore,
    rows: () => rows,
    parents: () => known.parents(),
    count: () => known.count(),
    isFull: () => full || known.isFull(),
    has: (from, offset) => known.has(printOf(from, offset), 0),
    firstKept: () => firstKept,
    firstRow: () => first!,
    isLike: (state, from, offset) => isSamePrint(printOf(from, offset), 0, known.rows(), state),
  };
}

function isSamePrint(one: Int32Array, k: number, other: Int32Array, n: number): boolean {
  for (let i = 0; i < FINGERPRINT_WORDS; i++)
    if (one[k * FINGERPRINT_WORDS + i] !== other[n * FINGERPRINT_WORDS + i]) return false;
  return true;
}
