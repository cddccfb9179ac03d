import test from 'ava';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { createSieve, createStateStore, type Sieve, type StateStore } from '../../checker/state-store.js';
import { SIFTED } from '../../checker/store-source.js';

/** What a store must agree with: the number of each row, by its words, and where it was first met. */
class Model {
  private readonly numbers = new Map<string, number>();
  readonly rows: number[] = [];
  readonly parents: number[] = [];

  /** A row that was never offered: none of the words drawn is 77. */
  unknown(): number[] {
    return new Array<number>(this.rows.length / Math.max(1, this.parents.length)).fill(77);
  }

  offer(row: readonly number[], parent: number): void {
    const key = row.join();
    if (this.numbers.has(key)) return;
    this.numbers.set(key, this.parents.length);
    this.rows.push(...row);
    this.parents.push(parent);
  }
}

function assertAgree(store: StateStore, model: Model): void {
  const count = model.parents.length;
  assert.equal(store.count(), count);
  assert.deepEqual([...store.parents().subarray(0, count)], model.parents);
  assert.deepEqual([...store.rows().subarray(0, model.rows.length)], model.rows);
  const rows = Int32Array.from([...model.rows, ...model.unknown()]);
  const width = count === 0 ? 0 : model.rows.length / count;
  for (let i = 0; i < count; i++) assert.ok(store.has(rows, i * width));
  if (count > 0) assert.ok(!store.has(rows, model.rows.length));
}

/** Rows offered together: so many successors of one parent, and then perhaps a look-up. */
interface Offer {
  readonly rows: readonly (readonly number[])[];
  readonly resolve: boolean;
}

const MAX_ROWS = 24;

/** Few different words, so that most rows are met again, and some that differ in their highest or lowest bits only. */
const words = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.constantFrom(-1, 0x7fffffff, -0x80000000, 0x40000000, 0x10000),
);

function offersOf(width: number): fc.Arbitrary<{ width: number; offers: Offer[] }> {
  const row = fc.array(words, { minLength: width, maxLength: width });
  const offer = fc.record({ rows: fc.array(row, { maxLength: MAX_ROWS }), resolve: fc.boolean() });
  return fc.array(offer, { maxLength: 40 }).map((offers) => ({ width, offers }));
}

/** The rows of a store have one bit less: the lowest of the last word. */
function isUnused(width: number) {
  return { word: width - 1, mask: 1 };
}

function withoutBit(offers: readonly Offer[]): Offer[] {
  return offers.map(({ rows, resolve }) => ({
    rows: rows.map((row) => [...row.slice(0, -1), row[row.length - 1]! & ~1]),
    resolve,
  }));
}

const SHAPES = [
  ['all bits in use', false, 'numbers-and-hashes'],
  ['slots without hashes', false, 'numbers'],
  ['a bit to spare', true, 'numbers-and-hashes'],
] as const;

for (const [what, unused, slots] of SHAPES) {
  test(`a store has each row once, in the order in which they were offered, with the first parent: ${what}`, (t) => {
    const property = fc.property(fc.integer({ min: 1, max: 5 }).chain(offersOf), ({ width, offers }) => {
      const store = createStateStore(width, MAX_ROWS, {
        slots,
        ...(unused ? { unusedBit: isUnused(width) } : {}),
      });
      assertKeepsAll(store, unused ? withoutBit(offers) : offers);
    });

    t.notThrows(() => fc.assert(property, { seed: 9, numRuns: 100 }));
  });
}

function assertKeepsAll(store: StateStore, offers: readonly Offer[]): void {
  const model = new Model();
  let waiting = 0;
  offers.forEach(({ rows, resolve }, parent) => {
    if (resolve || waiting + rows.length > MAX_ROWS) {
      store.resolve();
      waiting = 0;
      assertAgree(store, model);
    }
    store.offer(Int32Array.from(rows.flat()), rows.length, parent);
    waiting += rows.length;
    for (const row of rows) model.offer(row, parent);
  });
  store.resolve();
  assertAgree(store, model);
}

test('rows are not counted before they are looked up', (t) => {
  const store = createStateStore(1, 4);
  store.offer(Int32Array.of(1, 2), 2, -1);
  t.is(store.count(), 0);

  store.resolve();
  t.is(store.count(), 2);
  store.resolve();
  t.is(store.count(), 2);
});

test('the empty row is a row like others', (t) => {
  const store = createStateStore(2, 4);
  store.offer(new Int32Array(2), 1, -1);
  store.resolve();
  store.offer(new Int32Array(4), 2, 0);
  store.resolve();

  t.is(store.count(), 1);
  t.is(store.parents()[0], -1);
});

/** Offers numbers as rows of two words, 1,000 at a time, and then all of them again. */
function filled(count: number, wordsOf: (i: number) => readonly [number, number]): StateStore {
  const store = createStateStore(2, 1000);
  for (const again of [false, true]) {
    for (let start = 0; start < count; start += 1000) {
      const rows = new Int32Array(2000);
      for (let i = 0; i < 1000; i++) rows.set(wordsOf(start + i), 2 * i);
      store.offer(rows, 1000, again ? -5 : start / 1000);
      store.resolve();
    }
  }
  return store;
}

const manyRows: Readonly<Record<string, (i: number) => readonly [number, number]>> = {
  'count up': (i) => [i, 0],
  'count up in the second word': (i) => [0, i],
  'differ in their upper bits': (i) => [i << 12, 0],
  'differ in both words': (i) => [i % 450, Math.floor(i / 450)],
};

for (const [what, wordsOf] of Object.entries(manyRows)) {
  test(`a store grows over many rows that ${what}, and knows each of them again`, (t) => {
    // More than any table begins with: 4,096 rows, 16,384 slots.
    const store = filled(200_000, wordsOf);
    let misplaced = 0;
    for (let i = 0; i < 200_000; i++) {
      const [a, b] = wordsOf(i);
      const isThere = store.rows()[2 * i] === a && store.rows()[2 * i + 1] === b;
      if (!isThere || store.parents()[i] !== Math.floor(i / 1000)) misplaced++;
    }

    t.is(store.count(), 200_000);
    t.is(misplaced, 0);
  });
}

test('a store that grows says so', (t) => {
  const small = filled(1000, (i) => [i, 0]).bytes();
  const large = filled(200_000, (i) => [i, 0]).bytes();

  // Two words a row, one for its parent, half of one for its call, two for its slot.
  t.true(large - small > 199_000 * 14);
  t.true(large >= 200_000 * 22);
});

for (const unusedBit of [undefined, { word: 1, mask: 1 << 30 }]) {
  const kind = unusedBit ? 'rows in its table' : 'numbers in its table';
  test(`a store with ${kind} fills the memory it may have, never takes more, and says when it is full`, (t) => {
    const maxBytes = 6e6;
    const taken = { most: 0 };
    const allocate = (words: number): Int32Array => new Int32Array(words);
    const store = createStateStore(2, 1000, { unusedBit, maxBytes, allocate });
    const rows = new Int32Array(2000);
    let offered = 0;
    while (!store.isFull() && offered < 1_000_000) {
      for (let i = 0; i < 1000; i++) rows[2 * i] = offered + i;
      store.offer(rows, 1000, 0);
      store.resolve();
      taken.most = Math.max(taken.most, store.bytes());
      offered += 1000;
    }

    t.true(store.isFull());
    t.true(taken.most <= maxBytes);
    // A row, its parent, its call and a slot take 22 bytes at the very least; half of the memory may be lost to growing.
    t.true(store.count() > maxBytes / 45);
    // What it has, it knows; what came when it was full, it left out whole.
    t.is(store.count(), offered - 1000);
    t.true(store.has(Int32Array.of(0, 0, store.count() - 1, 0), 2));
    t.false(store.has(Int32Array.of(store.count(), 0), 0));
  });
}

test('a store for which no array can be made is full, and does not fail', (t) => {
  const store = createStateStore(1, 5000, {
    allocate: (words) => {
      if (words > 1 << 15) throw new RangeError('Array buffer allocation failed');
      return new Int32Array(words);
    },
  });
  for (let start = 0; start < 100_000 && !store.isFull(); start += 5000) {
    store.offer(
      Int32Array.from({ length: 5000 }, (_, i) => start + i),
      5000,
      0,
    );
    store.resolve();
  }

  t.true(store.isFull());
  t.true(store.count() >= 10_000);
});

for (const [what, unused, slots] of SHAPES) {
  test(`what a sieve hands on is added as if it had been offered, before what waits: ${what}`, (t) => {
    const property = fc.property(fc.integer({ min: 1, max: 5 }).chain(offersOf), ({ width, offers }) => {
      const shape = { slots, ...(unused ? { unusedBit: isUnused(width) } : {}) };
      const store = createStateStore(width, MAX_ROWS, shape);
      const sieve = createSieve(width, shape);
      const model = new Model();
      (unused ? withoutBit(offers) : offers).forEach(({ rows, resolve }, parent) => {
        sieve.follow(store.view());
        // Rows that are there, and of which the sieve was not told: it may hand them on.
        sieve.trust(resolve ? store.count() : Math.floor(store.count() / 2));
        const [there, here] = [rows.slice(0, rows.length / 2), rows.slice(rows.length / 2)];
        sieve.offer(Int32Array.from(there.flat()), there.length, 2 * parent);
        store.offer(Int32Array.from(here.flat()), here.length, 2 * parent + 1);
        const found = new Int32Array(MAX_ROWS * (width + SIFTED));
        const end = sieve.sift(found, 0);
        store.add(found, 0, end / (width + SIFTED), there.length);
        store.resolve();
        for (const row of there) model.offer(row, 2 * parent);
        for (const row of here) model.offer(row, 2 * parent + 1);
        assertAgree(store, model);
      });
    });

    t.notThrows(() => fc.assert(property, { seed: 9, numRuns: 100 }));
  });
}

/** The rows of two words that a sieve hands on of those offered. */
function handedOn(sieve: Sieve, ...rows: readonly (readonly [number, number])[]): number[][] {
  sieve.forgetOffered();
  sieve.offer(Int32Array.from(rows.flat()), rows.length, 0);
  const found = new Int32Array(rows.length * (2 + SIFTED));
  const end = sieve.sift(found, 0);
  return Array.from({ length: end / (2 + SIFTED) }, (_, k) => [
    ...found.subarray(k * (2 + SIFTED) + SIFTED, (k + 1) * (2 + SIFTED)),
  ]);
}

for (const slots of ['numbers-and-hashes', 'numbers'] as const) {
  test(`a sieve hands on what was added since it was told how much there is: ${slots}`, (t) => {
    const store = createStateStore(2, 4, { slots });
    store.offer(Int32Array.of(1, 2, 3, 4), 2, -1);
    store.resolve();
    const sieve = createSieve(2, { slots });
    sieve.follow(store.view());

    sieve.trust(1);
    t.deepEqual(handedOn(sieve, [1, 2], [3, 4], [5, 6]), [
      [3, 4],
      [5, 6],
    ]);
    sieve.trust(2);
    t.deepEqual(handedOn(sieve, [1, 2], [3, 4], [5, 6]), [[5, 6]]);
  });
}

test('a sieve hands on a row of which one word is not there yet in the table', (t) => {
  const shape = { unusedBit: { word: 1, mask: 1 } };
  const store = createStateStore(2, 4, shape);
  store.offer(Int32Array.of(8, 2, 0, 4), 2, -1);
  store.resolve();
  const sieve = createSieve(2, shape);
  const view = store.view();
  sieve.follow(view);
  // The second row might be half of another one.
  t.deepEqual(handedOn(sieve, [8, 2], [0, 4]), [[0, 4]]);

  const { table } = view.known;
  table[table.indexOf(8)] = 0;
  t.deepEqual(handedOn(sieve, [8, 2], [0, 2]), [
    [8, 2],
    [0, 2],
  ]);
});

test('a sieve that was shown a small array of rows does not look for those behind it', (t) => {
  const store = createStateStore(2, 1000);
  const sieve = createSieve(2);
  sieve.follow(store.view());
  // The table has room for more rows than the array.
  const rows = Int32Array.from({ length: 12_000 }, (_, i) => i);
  for (let i = 0; i < 6; i++) {
    store.offer(rows.subarray(2000 * i), 1000, 0);
    store.resolve();
  }
  sieve.trust(store.count());

  t.deepEqual(handedOn(sieve, [0, 1], [11_998, 11_999]), [[11_998, 11_999]]);
});

test('rows that were offered are forgotten if that is asked for', (t) => {
  const store = createStateStore(1, 4);
  store.offer(Int32Array.of(1, 2), 2, -1);
  store.forgetOffered();
  store.resolve();
  t.is(store.count(), 0);

  store.offer(Int32Array.of(2, 1), 2, -1);
  store.resolve();
  t.deepEqual([...store.rows().subarray(0, store.count())], [2, 1]);
});
