import test from 'ava';
import { Distinct } from '../../model/machine/distinct.js';

test('a list that is there already is found again, and only that', (t) => {
  const distinct = new Distinct();
  const memory = Int32Array.of(0, 5, 6, 7, 5, 6, 7, 5, 6, 8);

  t.is(distinct.keep(memory, 1, 4), 1);
  t.is(distinct.keep(memory, 4, 7), 1);
  t.is(distinct.keep(memory, 7, 10), 7);
  t.is(distinct.keep(memory, 7, 10), 7);
});

test('the words in front that are to be skipped do not matter', (t) => {
  const distinct = new Distinct();
  const memory = Int32Array.of(0, 1, 9, 9, 2, 9, 9, 2, 9, 8);

  t.is(distinct.keep(memory, 1, 4, 1), 1);
  t.is(distinct.keep(memory, 4, 7, 1), 1);
  t.is(distinct.keep(memory, 7, 10, 1), 7);
});

test('10,000 lists are told apart', (t) => {
  const distinct = new Distinct();
  const memory = Int32Array.from({ length: 40_000 }, (_, i) => (i >>> 1) % 10_000);

  // Pairs of the same number, from 0 to 9,999, twice.
  const begins = Array.from({ length: 20_000 }, (_, i) =>
    distinct.keep(memory, 2 * i + (i === 0 ? 1 : 0), 2 * i + 2),
  );
  t.deepEqual(
    begins.slice(1, 10_000),
    Array.from({ length: 9_999 }, (_, i) => 2 * (i + 1)),
  );
  t.deepEqual(begins.slice(10_001), begins.slice(1, 10_000));
});
