import test from 'ava';
import { Arena } from '../../model/machine/arena.js';
import { CHANGE, HEAD, MET, Outcomes, SUCCESSORS, type Draft } from '../../model/machine/outcomes.js';

/** Outcomes of rows of one word. */
function outcomesOf(calls: number) {
  const arena = new Arena();
  const outcomes = new Outcomes(arena, 1, calls);
  /** A change that sets the bits of `written` to those of `value`. */
  const change = (written: number, value: number): number => outcomes.change([~written, value]);
  const draft = (changes: Readonly<Record<number, number>>, tallies: number[] = []): Draft => {
    const list = new Int32Array(calls);
    for (const [call, one] of Object.entries(changes)) list[Number(call)] = one;
    return { changes: list, tallies };
  };
  return { arena, outcomes, change, draft };
}

test('a change is kept once', (t) => {
  const { arena, change } = outcomesOf(4);
  const set = change(0b0001, 0b0001);

  t.is(change(0b0001, 0b0001), set);
  t.not(change(0b0001, 0), set);
  t.not(change(0b0011, 0b0001), set);
  t.deepEqual([...arena.memory.subarray(set + CHANGE, set + CHANGE + 2)], [~1, 1]);
});

test('an outcome says which calls lead to successors, and which of these lead to others than the row and those in front', (t) => {
  const { arena, outcomes, change, draft } = outcomesOf(6);
  const calls = outcomes.layoutOf([0, 1, 2, 4, 5]);
  const [set, clear, unchanged] = [change(1, 1), change(2, 0), change(0, 0)];
  const outcome = outcomes.add(calls, draft({ 1: set, 2: unchanged, 4: set, 5: clear }));
  const { memory } = arena;

  t.is(memory[outcome + SUCCESSORS], 4);
  t.is(memory[outcome + HEAD], 0b110110);
  t.is(memory[outcome + HEAD + 1], 0b100010);
  t.deepEqual(
    [...memory.subarray(outcome + calls.before, outcome + calls.before + 5)],
    [0, set, unchanged, set, clear],
  );
});

test('the same of other calls of as many is the same outcome, and with something else to count it is another one', (t) => {
  const { outcomes, change, draft } = outcomesOf(3);
  const calls = outcomes.layoutOf([0, 1]);
  const set = change(1, 1);
  const outcome = outcomes.add(calls, draft({ 0: set }, [7, 1]));

  t.is(outcomes.add(calls, draft({ 0: set }, [7, 1])), outcome);
  t.not(outcomes.add(calls, draft({ 0: set }, [7, 2])), outcome);
  t.not(outcomes.add(calls, draft({ 1: set }, [7, 1])), outcome);
});

test('with many calls an outcome has only the words with bits of its own', (t) => {
  const { arena, outcomes, change, draft } = outcomesOf(1000);
  const calls = outcomes.layoutOf([40, 70]);
  const outcome = outcomes.add(calls, draft({ 40: change(1, 1), 70: change(1, 1) }));

  t.deepEqual([calls.first, calls.end], [1, 3]);
  t.deepEqual([...arena.memory.subarray(outcome + HEAD, outcome + HEAD + 4)], [1 << 8, 1 << 6, 1 << 8, 0]);
});

test('what an outcome says can be said of more calls', (t) => {
  const { outcomes, change, draft } = outcomesOf(4);
  const set = change(1, 1);
  const one = outcomes.layoutOf([1]);
  const other = outcomes.layoutOf([0, 3]);
  const both = draft({}, []);
  outcomes.addTo(both, outcomes.add(one, draft({ 1: set }, [7, 1])), one);
  outcomes.addTo(both, outcomes.add(other, draft({ 3: set }, [8, 2])), other);

  t.deepEqual([...both.changes], [0, set, 0, set]);
  t.deepEqual(both.tallies, [7, 1, 8, 2]);
});

test('it is told how often each thing was to be counted, once', (t) => {
  const { arena, outcomes, draft } = outcomesOf(2);
  const calls = outcomes.layoutOf([0, 1]);
  const one = outcomes.add(calls, draft({}, [7, 1, 8, 2]));
  outcomes.add(calls, draft({}, [9, 1]));
  arena.memory[one + MET] = 5;
  const told: number[][] = [];
  const tell = (tally: number, count: number): void => void told.push([tally, count]);
  outcomes.tellAll(tell);
  outcomes.tellAll(tell);

  t.deepEqual(told, [
    [7, 5],
    [8, 10],
  ]);
});
