/**
 * All states met so far, each once.
 *
 * Rows stand in one big array in the order of discovery, so that the array is the queue of a breadth-first search and the
 * parent of a state is one more number. An open-addressing table finds them. Rows of one or two words stand in the table
 * themselves, if there is a bit that no row has, to tell them from empty slots; for wider ones a slot has the state's number and its
 * hash, or, where memory counts more than speed, the number alone. The code that looks rows up is generated for one row width: `store-source.ts`.
 *
 * Memory latency decides the speed. So rows are offered first: a small cache answers for those met a moment ago, the rest
 * wait. Then all that wait are looked up together, first touching every table slot, then every candidate row, and only then
 * deciding in order, so that many cache misses are outstanding at once instead of one after the other.
 */
import { compileLookUps, SIFTED, slotWords, WAITING, type LookUps, type RowShape } from './store-source.js';

/** Takes rows, to find out later, of all together, which of them are new. */
export interface RowTaker {
  /**
   * Offers `n` rows of `from`, all successors of the state `parent`. They may stand for `of` successors, of which the others are known
   * to repeat what was offered before. `calls` has a number for each row.
   */
  offer(from: Int32Array, n: number, parent: number, of?: number, calls?: Uint16Array): void;
}

export interface StateStore extends RowTaker {
  /** Rows, one after the other, in the order of discovery. Replaced by a larger array as it grows. */
  rows(): Int32Array;
  /** The state each state was first reached from; -1 for the first. */
  parents(): Int32Array;
  /** The call by which each state was first reached from there, as it was offered; 0 where that was not said. */
  calls(): Uint16Array;
  count(): number;
  /** Bytes of all tables. */
  bytes(): number;
  /**
   * Looks up all rows offered, and adds those that are new; none of them if there is no room for all: then it {@link isFull}. Room is
   * made for all successors that they stand for: then what the tables take does not depend on which repeats were noticed before.
   */
  resolve(): void;
  /** Whether rows were left out because the tables must not grow any more. */
  isFull(): boolean;
  /** Whether the row at `offset` is among the states; rows that were offered and not resolved are not yet. */
  has(from: Int32Array, offset: number): boolean;
}

/** A store that other threads can look into, and that can be told what they found. */
export interface SharedStore extends StateStore, RowSifter {
  /** The tables as they are now. Others may look at them while rows are added, if they {@link Sieve.trust} only what they were told. */
  view(): StoreView;
  /**
   * Adds those of `n` rows that a {@link RowSifter} wrote from the word `at` on which are new, in their order; none of them if there is
   * no room for `of` rows, as in {@link resolve}. Rows that wait go on waiting.
   */
  add(found: Int32Array, at: number, n: number, of: number): void;
}

/** What another thread has to know to look rows up. */
export interface StoreView {
  readonly rows: Int32Array;
  readonly calls: Uint16Array;
  readonly known: Pick<StoreTables, 'rows' | 'table' | 'shift'>;
}

export interface RowSifter extends RowTaker {
  /**
   * Writes the rows offered that are not in the store to `at`, each behind {@link SIFTED} words, and returns where they end. Of a
   * row that was offered more than once the first is written at least. Rows do not wait any more then.
   */
  sift(found: Int32Array, at: number): number;
  /** Forgets which rows were offered: those that wait, and those that are known to have been offered before. */
  forgetOffered(): void;
}

/** Finds out which rows are not in the store of another thread, as far as can be seen from here. */
export interface Sieve extends RowSifter {
  /** The tables into which it looks from now on. */
  follow(view: StoreView): void;
  /** How many states have been added to them of which this thread was told. Others may be only half written. */
  trust(states: number): void;
}

export interface ShapeOptions {
  /** A bit that is set in no row. */
  readonly unusedBit?: RowShape['unusedBit'];
  /** What stands in a slot, for rows that do not stand there themselves; with the hash if it is not given. */
  readonly slots?: RowShape['slots'];
}

export interface StoreOptions extends ShapeOptions {
  /** What {@link StateStore.bytes} may come to, also while a table is being replaced by a larger one. */
  readonly maxBytes?: number;
  /** Bytes of it that are taken by others. */
  readonly bytesElsewhere?: () => number;
  /** Makes an array of so many zeros; where several threads are to look at it, over shared memory. */
  readonly allocate?: (words: number) => Int32Array;
}

/** Log2 of the rows in the cache of recent ones. */
const CACHE_BITS = 14;

/**
 * Slots are taken to the first part, then the table is made larger; to the second one if it cannot be. Most rows that are looked up are
 * there, and are found in their first slots. A table that is filled less takes more memory, and is not faster.
 */
const USUAL_LOAD = 13 / 16;
const UTMOST_LOAD = 0.9;

/** Rows there is room for in the beginning. */
const FIRST_CAPACITY = 1 << 12;
const FIRST_SLOT_BITS = 14;
/** With less room than this, it is made four times as large: that takes little memory, and what is there has to be moved less often. */
const LARGE = 1 << 19;
/** Rows that were sifted which are looked up together. */
const SIFTED_BATCH = 1 << 9;
/** Rows that can wait in the beginning. Most models have far fewer successors of a state than they could have. */
const FIRST_WAITING = 1 << 12;

/** What the generated code reads and writes. */
export interface StoreTables {
  count: number;
  waiting: number;
  /** Of no meaning: it keeps the compiler from leaving out what only touches memory. */
  sink: number;
  rows: Int32Array;
  parents: Int32Array;
  calls: Uint16Array;
  table: Int32Array;
  /** 32 less the logarithm of the number of slots. */
  shift: number;
  readonly cache: Int32Array;
  /** The rows that wait, each behind {@link WAITING} words, and a word for each. Replaced by larger arrays as they grow. */
  offered: Int32Array;
  touched: Int32Array;
}

/**
 * @param words words of one row
 * @param maxRows rows that can be offered before a resolve
 */
export function createStateStore(words: number, maxRows: number, options: StoreOptions = {}): SharedStore {
  return new RowStore(words, maxRows, options);
}

/** A sieve for a store that was created with these words and options. */
export function createSieve(words: number, options: ShapeOptions = {}): RowSieve {
  return new RowSieve(words, options);
}

export class RowSieve implements Sieve {
  private readonly lookUps: LookUps;
  private readonly tables: StoreTables;

  constructor(
    private readonly words: number,
    options: ShapeOptions,
  ) {
    this.lookUps = compileLookUps({ ...shapeOf(words, options), isForeign: true });
    const none = new Int32Array(0);
    this.tables = {
      ...{ count: 0, waiting: 0, sink: 0, rows: none, parents: none, calls: new Uint16Array(0), table: none },
      shift: 0,
      cache: this.lookUps.emptyCache(),
      ...waitingRows(FIRST_WAITING, words),
    };
  }

  follow({ known }: StoreView): void {
    Object.assign(this.tables, known);
  }

  trust(states: number): void {
    const { tables, words } = this;
    // More rows than stood in this array when it was shown may have been added to a larger one.
    tables.count = Math.min(states, Math.floor(tables.rows.length / words));
  }

  offer(from: Int32Array, n: number, parent: number, _of = n, calls = zeros(n)): void {
    const { tables, words } = this;
    if (tables.waiting + n > tables.touched.length) growWaiting(tables, tables.waiting + n, words);
    this.lookUps.offer(tables, from, n, parent, calls);
  }

  sift(found: Int32Array, at: number): number {
    const end = this.lookUps.sift(this.tables, found, at);
    this.tables.waiting = 0;
    return end;
  }

  forgetOffered(): void {
    forgetOffered(this.tables, this.lookUps);
  }

  has(from: Int32Array, offset: number): boolean {
    return this.lookUps.has(this.tables, from, offset);
  }
}

class RowStore implements SharedStore {
  private readonly tables: StoreTables;
  private readonly lookUps: LookUps;
  private readonly slotWords: number;
  private readonly maxBytes: number;
  private readonly bytesElsewhere: () => number;
  private readonly allocate: (words: number) => Int32Array;
  private full = false;
  /** Successors that the rows stand for which wait. */
  private offered = 0;
  /** For looking up what was sifted. */
  private scratch: { readonly hashes: Int32Array; readonly touched: Int32Array } | undefined;

  constructor(
    private readonly words: number,
    maxRows: number,
    { maxBytes, bytesElsewhere, allocate, ...options }: StoreOptions,
  ) {
    this.maxBytes = maxBytes ?? Infinity;
    this.bytesElsewhere = bytesElsewhere ?? (() => 0);
    this.allocate = allocate ?? ((length) => new Int32Array(length));
    const shape = shapeOf(words, options);
    this.lookUps = compileLookUps(shape);
    this.slotWords = slotWords(shape);
    this.tables = {
      count: 0,
      waiting: 0,
      sink: 0,
      rows: this.allocate(FIRST_CAPACITY * words),
      parents: this.allocate(FIRST_CAPACITY),
      calls: shortsIn(this.allocate(FIRST_CAPACITY / 2)),
      table: this.allocate(this.slotWords << FIRST_SLOT_BITS),
      shift: 32 - FIRST_SLOT_BITS,
      cache: this.lookUps.emptyCache(),
      ...waitingRows(Math.min(maxRows, FIRST_WAITING), words),
    };
  }

  rows(): Int32Array {
    return this.tables.rows;
  }

  parents(): Int32Array {
    return this.tables.parents;
  }

  calls(): Uint16Array {
    return this.tables.calls;
  }

  count(): number {
    return this.tables.count;
  }

  isFull(): boolean {
    return this.full;
  }

  bytes(): number {
    const { rows, parents, calls, table, cache, offered, touched } = this.tables;
    const words =
      rows.length + parents.length + table.length + cache.length + offered.length + touched.length;
    return 4 * words + 2 * calls.length;
  }

  offer(from: Int32Array, n: number, parent: number, of = n, calls = zeros(n)): void {
    const { tables, words } = this;
    this.offered += of;
    if (this.offered > tables.touched.length) growWaiting(tables, this.offered, words);
    this.lookUps.offer(tables, from, n, parent, calls);
  }

  resolve(): void {
    const { tables } = this;
    if (this.makeRoom(tables.count + this.offered)) this.lookUps.resolve(tables);
    else this.full = true;
    tables.waiting = this.offered = 0;
  }

  view(): StoreView {
    const { rows, calls, table, shift } = this.tables;
    return { rows, calls, known: { rows, table, shift } };
  }

  sift(found: Int32Array, at: number): number {
    const { tables } = this;
    const end = this.lookUps.sift(tables, found, at);
    tables.waiting = this.offered = 0;
    return end;
  }

  add(found: Int32Array, at: number, n: number, of: number): void {
    const { tables, words, lookUps } = this;
    // As if they had been offered.
    if (of > tables.touched.length) growWaiting(tables, of, words);
    if (!this.makeRoom(tables.count + of)) {
      this.full = true;
      return;
    }
    this.scratch ??= { hashes: new Int32Array(SIFTED_BATCH), touched: new Int32Array(SIFTED_BATCH) };
    const { hashes, touched } = this.scratch;
    for (let begin = 0; begin < n; begin += SIFTED_BATCH) {
      const count = Math.min(SIFTED_BATCH, n - begin);
      lookUps.add(tables, found, at + begin * (words + SIFTED), count, hashes, touched);
    }
  }

  forgetOffered(): void {
    this.offered = 0;
    forgetOffered(this.tables, this.lookUps);
  }

  has(from: Int32Array, offset: number): boolean {
    return this.lookUps.has(this.tables, from, offset);
  }

  /** Room for so many states in all, if it can be had. */
  private makeRoom(states: number): boolean {
    return (
      (states <= this.tables.parents.length || this.growRows(states)) &&
      (states <= USUAL_LOAD * this.slots() || this.growTable(states))
    );
  }

  private spareBytes(): number {
    return this.maxBytes - this.bytesElsewhere() - this.bytes();
  }

  private slots(): number {
    return 2 ** (32 - this.tables.shift);
  }

  /** More room, or as much as is left for it. */
  private growRows(states: number): boolean {
    const { tables, words } = this;
    const left = Math.floor(this.spareBytes() / (4 * (words + 1) + 2));
    // An even number: two calls are a word.
    const wanted = tables.parents.length << doublings(tables.parents.length);
    const capacity = 2 * Math.floor(Math.min(wanted, left) / 2);
    if (capacity < states) return false;
    const rows = this.allocated(capacity * words);
    const parents = this.allocated(capacity);
    const calls = this.allocated(capacity / 2);
    if (!rows || !parents || !calls) return false;
    rows.set(tables.rows);
    parents.set(tables.parents);
    tables.rows = rows;
    tables.parents = parents;
    const before = tables.calls;
    tables.calls = shortsIn(calls);
    tables.calls.set(before);
    return true;
  }

  /** More slots; if there is no memory for them, the ones that are there are filled further. */
  private growTable(states: number): boolean {
    const { tables } = this;
    const twice = doublings(this.slots());
    const slotWords = tables.table.length << twice;
    const isAllowed = 4 * slotWords <= this.spareBytes();
    const table = isAllowed ? this.allocated(slotWords) : undefined;
    if (!table) return states <= UTMOST_LOAD * this.slots();
    const old = tables.table;
    tables.table = table;
    tables.shift -= twice;
    this.lookUps.enter(tables, old);
    return true;
  }

  private allocated(length: number): Int32Array | undefined {
    try {
      return this.allocate(length);
    } catch {
      // "Array buffer allocation failed", or more than an array may have.
      return undefined;
    }
  }
}

/** How often what has so much room is doubled when it is full. */
function doublings(room: number): number {
  return room < LARGE ? 2 : 1;
}

function shapeOf(words: number, { unusedBit, slots = 'numbers-and-hashes' }: ShapeOptions): RowShape {
  return { words, cacheBits: CACHE_BITS, slots, ...(words <= 2 && unusedBit ? { unusedBit } : {}) };
}

type WaitingRows = Pick<StoreTables, 'offered' | 'touched'>;

/** Room for so many rows that wait. */
function waitingRows(rows: number, words: number): WaitingRows {
  return { offered: new Int32Array(rows * (words + WAITING)), touched: new Int32Array(rows) };
}

/** Room for so many rows that wait: the next power of two, so that it does not matter in how many steps it is made. */
function growWaiting(tables: WaitingRows, atLeast: number, words: number): void {
  const rows = 2 ** Math.ceil(Math.log2(atLeast));
  tables.offered = lengthened(tables.offered, rows * (words + WAITING));
  tables.touched = new Int32Array(rows);
}

function forgetOffered(tables: StoreTables, lookUps: LookUps): void {
  tables.waiting = 0;
  tables.cache.set(lookUps.emptyCache());
}

function shortsIn(words: Int32Array): Uint16Array {
  return new Uint16Array(words.buffer);
}

let none = new Uint16Array(1 << 10);

/** At least so many zeros, which nobody writes to. */
function zeros(n: number): Uint16Array {
  if (n > none.length) none = new Uint16Array(2 * n);
  return none;
}

/** The same numbers in an array with more room. */
export function lengthened(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(length);
  longer.set(array);
  return longer;
}
