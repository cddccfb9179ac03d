import test from 'ava';
import { createBitTable } from '../../checker/bit-table.js';

/** Rows of two words that all differ. */
function rowsOf(count: number): Int32Array {
  return Int32Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? i >> 1 : 7 * (i >> 1)));
}

test('what was noted is known, and in a large table hardly anything else', (t) => {
  const table = createBitTable(2, 100_000, 1);
  const rows = rowsOf(2000);
  for (let i = 0; i < 1000; i++) t.true(table.add(rows, 2 * i));

  for (let i = 0; i < 1000; i++) t.true(table.has(rows, 2 * i));
  // 800,000 bits for 1,000 states: a chance of (1/267)^3 each.
  for (let i = 1000; i < 2000; i++) t.false(table.has(rows, 2 * i));
  t.false(table.add(rows, 0));
});

test('asking notes nothing', (t) => {
  const table = createBitTable(1, 1000, 1);

  t.false(table.has(Int32Array.of(5), 0));
  t.true(table.add(Int32Array.of(5), 0));
});

test('three bits are set for a state, each in a third of the table', (t) => {
  const table = createBitTable(1, 1200, 1);
  table.add(Int32Array.of(5), 0);

  // 1,200 bytes are 9,600 bits: three parts of 3,200.
  t.is(table.bytes(), 1200);
  t.deepEqual(table.coverage(), {
    bits: 9600,
    bitsSet: 3,
    hashes: 3,
    hashFactor: 9600,
    expectedOmissions: 0,
  });
});

test('as many new states are taken for known ones as it says are to be expected', (t) => {
  const omitted: number[] = [];
  const expected: number[] = [];
  for (let seed = 0; seed < 20; seed++) {
    // 24,000 bits for 4,000 states.
    const table = createBitTable(2, 3000, seed);
    const rows = rowsOf(4000);
    let lost = 0;
    for (let i = 0; i < 4000; i++) if (!table.add(rows, 2 * i)) lost++;
    omitted.push(lost);
    expected.push(table.coverage().expectedOmissions);
  }
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

  // Some 130 a table, 2,600 in all: the error of the sum is 50.
  t.true(sum(omitted) > 1000);
  t.true(Math.abs(sum(omitted) - sum(expected)) < 200, `${sum(omitted)}, expected ${sum(expected)}`);
});

test('tables with other seeds leave out other states', (t) => {
  const lost = (seed: number): number[] => {
    const table = createBitTable(2, 500, seed);
    const rows = rowsOf(1000);
    return Array.from({ length: 1000 }, (_, i) => i).filter((i) => !table.add(rows, 2 * i));
  };

  t.deepEqual(lost(1), lost(1));
  const both = lost(1).filter((i) => lost(2).includes(i));
  t.true(both.length < lost(1).length / 2, `${both.length} of ${lost(1).length}`);
});
