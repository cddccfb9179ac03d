import test from 'ava';
import { Commuting, commutingWords } from '../../model/machine/commuting.js';

const NOTHING = Int32Array.of(0);
const groups = [{ numbers: [0] }, { numbers: [1, 2] }, { numbers: [3] }];

function bit(n: number): Int32Array {
  return Int32Array.of(1 << n);
}

function commuting(seen: Int32Array = new Int32Array(commutingWords(4, 1))): Commuting {
  return new Commuting(4, 1, seen);
}

test('calls commute that neither read nor write what the other writes', (t) => {
  const one = commuting();
  one.see(0, bit(0), bit(1));
  for (const call of [1, 2]) one.see(call, bit(0), bit(2));
  one.see(3, bit(3), bit(4));

  // Calls 0, 1 and 2 stand in front of call 3, and call 0 in front of call 2: call 1 writes what call 2 writes.
  t.deepEqual([...one.inFrontOf(3, groups)], [0b111]);
  t.deepEqual([...one.inFrontOf(2, groups)], [0b1]);
  t.deepEqual([...one.inFrontOf(0, groups)], [0]);
});

for (const [what, read, written] of [
  ['reads what the other writes', bit(4), bit(1)],
  ['writes what the other reads', bit(0), bit(3)],
  ['writes what the other writes', bit(0), bit(4)],
] as const) {
  test(`a call that ${what} does not commute with it`, (t) => {
    const one = commuting();
    one.see(0, read, written);
    one.see(3, bit(3), bit(4));

    t.deepEqual([...one.inFrontOf(3, [{ numbers: [0] }, { numbers: [3] }])], [0]);
  });
}

test('what is seen later counts, also if another thread has seen it', (t) => {
  const seen = new Int32Array(new SharedArrayBuffer(4 * commutingWords(4, 1)));
  const [one, other] = [commuting(seen), commuting(seen)];
  one.see(0, bit(0), bit(1));
  one.see(3, bit(3), bit(4));

  t.deepEqual([...other.inFrontOf(3, [{ numbers: [0] }, { numbers: [3] }])], [1]);
  // Now call 3 has been seen to write what call 0 reads.
  one.see(3, NOTHING, bit(0));
  t.deepEqual([...other.inFrontOf(3, [{ numbers: [0] }, { numbers: [3] }])], [0]);
  t.deepEqual([...other.nobody()], [0]);
});
