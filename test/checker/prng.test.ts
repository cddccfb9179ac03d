import test from 'ava';
import { createPrng } from '../../checker/prng.js';

/** The next numbers below a bound. */
function take(count: number, below: number, seed: number): number[] {
  const random = createPrng();
  random.seed(seed);
  return Array.from({ length: count }, () => random.next(below));
}

test('the same seed gives the same numbers, another one others', (t) => {
  t.deepEqual(take(50, 1000, 12), take(50, 1000, 12));
  t.notDeepEqual(take(50, 1000, 12), take(50, 1000, 13));
  t.notDeepEqual(take(50, 1000, 0), take(50, 1000, -1));
});

test('seeding starts again', (t) => {
  const random = createPrng();
  random.seed(5);
  const first = random.next(65536);
  random.next(65536);
  random.seed(5);

  t.is(random.next(65536), first);
});

test('numbers are from 0 to one below the bound, each about equally often', (t) => {
  for (const below of [1, 2, 3, 7, 100]) {
    const counts = new Array<number>(below).fill(0);
    for (const number of take(70_000, below, below)) counts[number]!++;

    t.is(counts.length, below);
    const expected = 70_000 / below;
    // Five standard deviations of a fair draw.
    t.true(
      counts.every((count) => Math.abs(count - expected) < 5 * Math.sqrt(expected)),
      `below ${below}`,
    );
  }
});

test('one number does not tell the next', (t) => {
  const numbers = take(64_000, 8, 1);
  const pairs = new Array<number>(64).fill(0);
  for (let i = 1; i < numbers.length; i++) pairs[8 * numbers[i - 1]! + numbers[i]!]!++;

  // 1,000 of each pair, give or take five standard deviations.
  t.true(pairs.every((count) => Math.abs(count - 1000) < 160));
});

test('the first numbers of neighbouring seeds have nothing in common', (t) => {
  const firsts = new Set(Array.from({ length: 1000 }, (_, seed) => take(1, 65536, seed)[0]));

  // Of 1,000 draws from 65,536 about 8 meet an earlier one.
  t.true(firsts.size > 970);
});
