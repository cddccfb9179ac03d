import test from 'ava';
import { exitCode, statusOf, tallyOf, type Report, type Status } from '../../report/index.js';
import type { VerdictKind } from '../../checker/verdict.js';
import {
  aFinding,
  ALL_VERDICTS,
  aProposal,
  aReport,
  HOLDS,
  UNDECIDED,
  VACUOUS,
  violated,
} from './fixtures.js';

const statuses: Record<VerdictKind, { plain: Status; violationExpected: Status }> = {
  holds: { plain: 'passed', violationExpected: 'failed' },
  'holds-up-to': { plain: 'passed', violationExpected: 'undecided' },
  violated: { plain: 'failed', violationExpected: 'expected' },
  vacuous: { plain: 'failed', violationExpected: 'expected' },
  witnessed: { plain: 'passed', violationExpected: 'failed' },
  'witness-missing': { plain: 'failed', violationExpected: 'expected' },
  undecided: { plain: 'undecided', violationExpected: 'undecided' },
};

for (const verdict of ALL_VERDICTS) {
  const { plain, violationExpected } = statuses[verdict.kind];
  test(`'${verdict.kind}' is ${plain}, and ${violationExpected} where a violation is expected`, (t) => {
    t.is(statusOf(aFinding('a-claim', verdict)), plain);
    t.is(statusOf(aFinding('a-claim', verdict, { expectedReason: 'nobody owns it' })), violationExpected);
  });
}

test('every verdict has been looked at', (t) => {
  t.deepEqual(ALL_VERDICTS.map(({ kind }) => kind).sort(), Object.keys(statuses).sort());
});

const passed = aFinding('kept', HOLDS);
const expected = aFinding('known', violated(2), { expectedReason: 'nobody owns it' });
const failed = aFinding('broken', violated(2));
const undecided = aFinding('open', UNDECIDED);

test('a tally counts each status', (t) => {
  t.deepEqual(tallyOf([passed, failed, expected, failed]), {
    passed: 1,
    expected: 1,
    failed: 2,
    undecided: 0,
  });
});

function exits(report: Report): [number, number] {
  return [exitCode(report, { strict: false }), exitCode(report, { strict: true })];
}

test('the exit code is 0 if all is as expected', (t) => {
  t.deepEqual(exits(aReport([])), [0, 0]);
  t.deepEqual(exits(aReport([aProposal('one', [passed, expected])])), [0, 0]);
});

test('a claim that holds as far as was looked is good enough under strict', (t) => {
  const finding = aFinding('limited', { kind: 'holds-up-to', bound: 'all sequences of up to 7 calls' });
  t.deepEqual(exits(aReport([aProposal('one', [finding])])), [0, 0]);
});

test('the exit code is 1 if anything failed, in any proposal', (t) => {
  t.deepEqual(exits(aReport([aProposal('one', [passed]), aProposal('two', [undecided, failed])])), [1, 1]);
  t.deepEqual(exits(aReport([aProposal('one', [aFinding('empty', VACUOUS)])])), [1, 1]);
  t.deepEqual(exits(aReport([aProposal('one', [{ ...passed, expectedReason: 'why' }])])), [1, 1]);
});

test('the exit code is 2 under strict if something is undecided', (t) => {
  t.deepEqual(exits(aReport([aProposal('one', [passed, undecided])])), [0, 2]);
});

for (const status of ['changed', 'faulty'] as const) {
  test(`the exit code is 1 if a stored case is ${status}`, (t) => {
    const stored = { file: 'a.json', title: 'a case', status, message: 'call 1 returned ok' };
    t.deepEqual(exits(aReport([], [stored])), [1, 1]);
  });
}

test('stored cases that are as expected do not change the exit code', (t) => {
  const stored = { file: 'a.json', title: 'a case', status: 'as-expected', message: '' } as const;
  t.deepEqual(exits(aReport([], [stored])), [0, 0]);
});
