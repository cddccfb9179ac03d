import test from 'ava';
import { compareRuns, type Outcome, type ScenarioRun } from '../../scenario/index.js';

const DONE: Outcome = { kind: 'done' };

function runOf(proposal: string, ...outcomes: Outcome[]): ScenarioRun {
  return { proposal, steps: outcomes.map((outcome) => ({ outcome, calls: [] })) };
}

test('the first step that does not come to the same everywhere is found, the largest group first', (t) => {
  const met = (...programs: string[]): Outcome => ({ kind: 'met', programs });
  const { divergence, unsaid } = compareRuns([
    runOf('a', DONE, met(), DONE),
    runOf('b', DONE, met('x', 'y'), DONE),
    runOf('c', DONE, met('x', 'y'), met()),
  ]);
  t.deepEqual(divergence, {
    step: 1,
    groups: [
      { gist: 'x y', proposals: ['b', 'c'] },
      { gist: 'nothing', proposals: ['a'] },
    ],
  });
  t.deepEqual(unsaid, []);
});

test('nothing to do is as good as done, and a refusal is a refusal whatever the reason', (t) => {
  const { divergence } = compareRuns([
    runOf('a', DONE, { kind: 'refused', errno: 'EBUSY', guard: undefined }),
    runOf('b', { kind: 'nothing-to-do', why: 'no link' }, { kind: 'refused', errno: 'EEXIST', guard: 'g' }),
    runOf('c', DONE, { kind: 'out-of-reach', why: 'B has no descriptor of it' }),
  ]);
  t.is(divergence, undefined);
});

test('a design that has no call for a step is set aside, with its reason', (t) => {
  const why = 'no program runs in another';
  const { divergence, unsaid } = compareRuns([
    runOf('a', DONE, { kind: 'cannot-be-said', why }),
    runOf('b', DONE, DONE),
    runOf('c', DONE, DONE),
  ]);
  t.deepEqual(unsaid, [{ proposal: 'a', why }]);
  t.is(divergence, undefined);
});
