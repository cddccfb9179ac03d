import test from 'ava';
import { CallLog } from '../../checker/call-log.js';
import { files, toggler } from '../models/tiny.js';

const args = (...given: number[]): number[] => [...given, 0, 0, 0, 0].slice(0, 5);

test('the calls of a log are a trace in which numbers are the results of calls', (t) => {
  const machine = files();
  const log = new CallLog();
  const open = machine.operationIndex('open');
  const write = machine.operationIndex('write');
  machine.reset();
  log.add(open, args(0), machine.call(open, [0]));
  log.add(write, args(0, 0), machine.call(write, [0, 0]));

  t.deepEqual(log.trace(machine), [
    { operation: open, args: [0] },
    { operation: write, args: [0, { result: 0 }] },
  ]);
});

test('a log can be longer than it was made for, go on from another one, and be emptied', (t) => {
  const log = new CallLog();
  for (let i = 0; i < 100; i++) log.add(0, args(i % 4), 0);
  const other = new CallLog();
  other.add(0, args(3), 0);
  other.startWith(log.packed());
  other.add(0, args(2), 0);

  t.is(log.length, 100);
  t.is(other.length, 101);
  t.deepEqual(other.trace(toggler(4)).slice(-2), [
    { operation: 0, args: [3] },
    { operation: 0, args: [2] },
  ]);
  other.clear();
  t.deepEqual(other.trace(toggler(4)), []);
});

test('a log is made again if each call comes to the same', (t) => {
  const machine = toggler(3);
  const log = new CallLog();
  log.add(0, args(1), 0);

  t.true(log.replay(machine));
  t.true(machine.state.bits.get(1));
  log.add(0, args(2), -1);
  t.false(log.replay(machine));
});
