/**
 * All states met so far, by their fingerprints. Rows are kept of the states that wait, and of the level that is being looked at; of
 * all others there is a fingerprint, and the number of the state it was first reached from. So a state takes the same memory however
 * wide it is, and the way to it can be found again: `found-again.ts`.
 *
 * A new state that has the fingerprint of another one is taken for it, and left out.
 */
import { compileFingerprint, FINGERPRINT_WORDS } from './fingerprint.js';
import { createStateStore, lengthened, type StateStore } from './state-store.js';

export interface FingerprintStore extends StateStore {
  /** The number of the first state whose row is kept: {@link StateStore.rows} begin with it. */
  firstKept(): number;
  /** Says that the rows of all states in front of this one may be dropped. */
  forgetBefore(state: number): void;
  /** The row of the first state. */
  firstRow(): Int32Array;
  /** Whether the row at `offset` has the fingerprint of a state. */
  isLike(state: number, rows: Int32Array, offset: number): boolean;
}

/** Rows there is room for in the beginning, among those kept and among those that wait to be looked up. */
const FIRST_CAPACITY = 1 << 12;

/** If no more than this part of the room is needed, rows are dropped, and there is no need for more room. */
const USUAL_LOAD = 3 / 4;

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
  let waiting = new Int32Array(FIRST_CAPACITY * words);
  let prints = new Int32Array(FIRST_CAPACITY * FINGERPRINT_WORDS);
  const print = new Int32Array(FINGERPRINT_WORDS);
  let waitingCount = 0;
  let rows = new Int32Array(FIRST_CAPACITY * words);
  let first: Int32Array | undefined;
  let firstKept = 0;
  let firstNeeded = 0;
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

  function offer(from: Int32Array, n: number, parent: number, of = n, calls?: Uint16Array): void {
    const count = waitingCount + n;
    if (count * words > waiting.length) {
      waiting = lengthened(waiting, 2 * count * words);
      prints = lengthened(prints, 2 * count * FINGERPRINT_WORDS);
    }
    for (let k = 0; k < n; k++) fingerprint(from, k * words, prints, (waitingCount + k) * FINGERPRINT_WORDS);
    const begin = waitingCount * words;
    for (let i = 0; i < n * words; i++) waiting[begin + i] = from[i]!;
    known.offer(prints.subarray(waitingCount * FINGERPRINT_WORDS), n, parent, of, calls);
    waitingCount = count;
  }

  /** What is new among the fingerprints stands there in the order in which it was offered. */
  function resolve(): void {
    const count = known.count();
    full ||= !makeRoom(count + waitingCount);
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

  /** Room for the rows up to this state, if it can be had: that of rows that are dropped, or half as much again, or what is left. */
  function makeRoom(end: number): boolean {
    if ((end - firstKept) * words <= rows.length) return true;
    if ((end - firstNeeded) * words <= USUAL_LOAD * rows.length) {
      dropRows();
      return true;
    }
    const left = Math.floor((maxBytes - bytes()) / (4 * words));
    const capacity = Math.min(Math.floor((1.5 * rows.length) / words), left);
    if (capacity >= end - firstKept) {
      try {
        rows = lengthened(rows, capacity * words);
        return true;
      } catch {
        // "Array buffer allocation failed", or more than an array may have.
      }
    }
    dropRows();
    return (end - firstKept) * words <= rows.length;
  }

  function dropRows(): void {
    rows.copyWithin(0, (firstNeeded - firstKept) * words, (known.count() - firstKept) * words);
    firstKept = firstNeeded;
  }

  function printOf(from: Int32Array, offset: number): Int32Array {
    fingerprint(from, offset, print, 0);
    return print;
  }

  return {
    offer,
    resolve,
    bytes,
    forgetBefore: (state) => {
      firstNeeded = state;
    },
    rows: () => rows,
    parents: () => known.parents(),
    calls: () => known.calls(),
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
