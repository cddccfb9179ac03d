import test from 'ava';
import { combine } from '../../checker/combine.js';
import type { Verdict } from '../../checker/verdict.js';

const violated = (calls: number): Verdict => ({
  kind: 'violated',
  counterexample: {
    trace: new Array(calls).fill({ operation: 0, args: [] }),
    clause: `after ${calls}`,
    objects: {},
  },
});
const witnessed = (calls: number): Verdict => ({
  kind: 'witnessed',
  example: new Array(calls).fill({ operation: 0, args: [] }),
});
const HOLDS: Verdict = { kind: 'holds' };
const VACUOUS: Verdict = { kind: 'vacuous' };
const MISSING: Verdict = { kind: 'witness-missing' };
const upTo = (bound: string): Verdict => ({ kind: 'holds-up-to', bound });
const undecided = (why: string): Verdict => ({ kind: 'undecided', why });

/** Two verdicts brought to one; the order may only matter for texts. */
function together(one: Verdict, other: Verdict): Verdict {
  return combine({ property: 'p', verdict: one, spoke: 1 }, { property: 'p', verdict: other, spoke: 2 })
    .verdict;
}

const cases: readonly (readonly [title: string, one: Verdict, other: Verdict, both: Verdict])[] = [
  ['a breach is a fact, whatever else was found', violated(3), HOLDS, violated(3)],
  ['a breach is a fact, however far another looked', violated(3), upTo('a'), violated(3)],
  ['a breach is a fact where another met nothing', violated(3), VACUOUS, violated(3)],
  ['of two breaches the shorter is told', violated(5), violated(3), violated(3)],
  ['a witness that was reached is there', witnessed(4), MISSING, witnessed(4)],
  ['of two ways to a witness the shorter is told', witnessed(4), witnessed(6), witnessed(4)],
  ['a closed space is an answer', HOLDS, upTo('a'), HOLDS],
  ['a closed space is an answer where another could not decide', VACUOUS, undecided('a'), VACUOUS],
  ['a witness that is nowhere in a closed space is missing', MISSING, undecided('a'), MISSING],
  ['a situation that one search met is not vacuous', VACUOUS, upTo('a'), upTo('a')],
  ['what was met says more than what was not', upTo('a'), undecided('b'), upTo('a')],
];

for (const [title, one, other, both] of cases) {
  test(title, (t) => {
    t.deepEqual(together(one, other), both);
    t.deepEqual(together(other, one), both);
  });
}

test('of two searches that looked so far, both say how far', (t) => {
  t.deepEqual(together(upTo('3 calls'), upTo('100 sequences')), upTo('3 calls; 100 sequences'));
  t.deepEqual(together(undecided('not in 3'), undecided('not in 100')), undecided('not in 3; not in 100'));
});

test('what was said in two searches is counted together', (t) => {
  const both = combine(
    { property: 'p', verdict: HOLDS, spoke: 3 },
    { property: 'p', verdict: HOLDS, spoke: 4 },
  );

  t.deepEqual(both, { property: 'p', verdict: HOLDS, spoke: 7 });
});
