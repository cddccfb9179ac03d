import test from 'ava';
import { sequenceSeed } from '../../checker/sequence-seeds.js';

test('no two sequences of a search have the same seed', (t) => {
  const seeds = new Set<number>();
  for (let number = 0; number < 200_000; number++) seeds.add(sequenceSeed(1, number));

  // Of as many random numbers of 32 bits, four or five would be there twice.
  t.is(seeds.size, 200_000);
});

test('searches with neighbouring seeds draw other sequences, not the same ones a little later', (t) => {
  const first = new Set(Array.from({ length: 10_000 }, (_, number) => sequenceSeed(1, number)));
  const shared = Array.from({ length: 10_000 }, (_, number) => sequenceSeed(2, number)).filter((seed) =>
    first.has(seed),
  );

  t.true(shared.length < 5);
});
