import test from 'ava';
import { callBetween } from '../../checker/calls.js';
import { shortened } from '../../checker/shortcuts.js';
import { grid, toggler } from '../models/tiny.js';

/** The states of a machine after its calls, the first one first. */
function wayOf(machine: ReturnType<typeof toggler>, flips: readonly number[]): Int32Array {
  const rows = new Int32Array((flips.length + 1) * machine.words);
  machine.reset();
  machine.save(rows, 0);
  flips.forEach((bit, i) => {
    machine.call(0, [bit]);
    machine.save(rows, (i + 1) * machine.words);
  });
  return rows;
}

test('what leads nowhere is left out of a way', (t) => {
  const machine = toggler(4);
  // All bits on, one by one, with a lot of to and fro.
  const rows = wayOf(machine, [0, 1, 2, 1, 2, 0, 3, 2, 3, 2, 1, 0, 2, 3]);
  const short = shortened(machine, rows);

  // Bits 0, 2 and 3 are on at the end: flipped 3, 5 and 3 times, and bit 1 three times as well.
  t.is(short.length, 1 + 4);
  t.is(short[0], rows[0]);
  t.is(short.at(-1), rows.at(-1));
});

test('a way that is longer than what is looked at around a state is shortened piece by piece', (t) => {
  const machine = grid(100, 100);
  const [left, right, down] = ['left', 'right', 'down'].map((name) => machine.operationIndex(name)) as [
    number,
    number,
    number,
  ];
  const { words } = machine;
  const rows = new Int32Array(100 * 100 * words);
  machine.reset();
  machine.save(rows, 0);
  // To the right, a line down, to the left, a line down, …: through all 10,000 places, to the left end of the last line.
  for (let i = 1; i < 10_000; i++) {
    const line = Math.floor((i - 1) / 100);
    machine.call(i % 100 === 0 ? down : line % 2 === 0 ? right : left, []);
    machine.save(rows, i * words);
  }
  const short = shortened(machine, rows);

  // Straight down. The 4,096 places around the corner reach 90 lines down, so that this takes two pieces.
  t.is(short.length, 100 * words);
  for (let i = 1; i < 100; i++) {
    const [from, to] = [
      short.subarray((i - 1) * words, i * words),
      short.subarray(i * words, (i + 1) * words),
    ];
    t.is(callBetween(machine, from, to)?.operation, down);
  }
});

test('a way of one state stays as it is', (t) => {
  const machine = toggler(2);

  t.deepEqual(shortened(machine, machine.initialRow), machine.initialRow);
});
