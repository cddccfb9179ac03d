import test from 'ava';
import { clustersOf } from '../../model/machine/clusters.js';

/** The bits from `from` to before `to`, in two words. */
function bits(from: number, to: number): Int32Array {
  const mask = new Int32Array(2);
  for (let bit = from; bit < to; bit++) mask[bit >>> 5]! |= 1 << bit;
  return mask;
}

/** So many rows that differ in the bits of both words. */
function differentRows(count: number): Int32Array {
  return Int32Array.from({ length: 2 * count }, (_, i) => Math.imul(i + 1, 0x9e3779b1));
}

const SAMPLE = differentRows(256);

test('a group joins the one that reads all that it reads, and the least besides', (t) => {
  // 20 bits come in too many ways to be put together with others.
  const masks = [bits(0, 20), bits(40, 60), bits(42, 62), bits(45, 47), bits(41, 43)];

  t.deepEqual(clustersOf(masks, SAMPLE), [[0], [1, 4], [2, 3]]);
});

test('groups that read few bits together are put together, nearest first', (t) => {
  // Any two of them read 14 bits or less, but for the first and the last; all three, 18.
  const masks = [bits(0, 8), bits(6, 14), bits(12, 18)];

  t.deepEqual(clustersOf(masks, SAMPLE), [[0], [1, 2]]);
});

test('groups that read many bits are put together if these come in few ways', (t) => {
  const masks = [bits(0, 20), bits(20, 40)];
  const alike = Int32Array.from(SAMPLE, (_, i) => (i >>> 1) % 8);

  t.deepEqual(clustersOf(masks, SAMPLE), [[0], [1]]);
  t.deepEqual(clustersOf(masks, alike), [[0, 1]]);
});

test('each group is in one cluster', (t) => {
  const masks = Array.from({ length: 100 }, (_, i) => bits((i * 7) % 50, ((i * 7) % 50) + 1 + (i % 9)));
  const clusters = clustersOf(masks, SAMPLE);

  t.deepEqual(
    clusters.flat().sort((a, b) => a - b),
    masks.map((_, i) => i),
  );
  t.true(clusters.length < 20);
});
