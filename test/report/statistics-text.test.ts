import test from 'ava';
import type { OperationStatistics } from '../../checker/verdict.js';
import { formatReport, type Finding } from '../../report/index.js';
import {
  aFinding,
  aProposal,
  aReport,
  aSearch,
  HOOK_TAKEN,
  MISSING,
  VACUOUS,
  witnessed,
} from './fixtures.js';

function shownOf(findings: readonly Finding[], operations: readonly OperationStatistics[]): string {
  const proposal = aProposal('link-fd', findings, {
    searches: [aSearch({ operations, counting: 'every-refusal' })],
  });
  return formatReport(aReport([proposal]), 'text', { statistics: 'shown' });
}

const LOAD: OperationStatistics = {
  operation: 'load',
  done: 1200,
  refused: { 'fd-is-free': 34 },
  refusedLate: { EINVAL: 6 },
  keptBack: { programs: 5 },
};
const PIN: OperationStatistics = {
  operation: 'pin',
  done: 0,
  refused: { 'fd-is-open': 7, 'path-is-free': 0 },
  refusedLate: {},
  keptBack: {},
};
const PACKET: OperationStatistics = {
  operation: 'packet',
  done: 0,
  refused: {},
  refusedLate: {},
  keptBack: {},
};

const LOADED = { ...HOOK_TAKEN, steps: HOOK_TAKEN.steps.slice(0, 1) };

test('for each operation it is said how often it was tried, done, and refused by what', (t) => {
  const text = shownOf([], [LOAD, PIN, PACKET]);

  t.true(
    text.includes(`
link-fd: calls of the exhaustive search
operation  tried   done  refused  by
load       1,240  1,200       40  34  fd-is-free
                                   6  the effect, EINVAL
pin            7      0        7  7  fd-is-open
never done: pin
guards that refused nothing: pin/path-is-free
not tried for want of room: 5 calls by programs
`),
    text,
  );
});

test('a witness is shown with how often it was true, and the shortest way to it', (t) => {
  const reached = aFinding('program-loaded', witnessed(1), { kind: 'witness', spoke: 12, example: LOADED });

  const text = shownOf([reached], []);

  t.true(
    text.includes(`
link-fd: witnesses
program-loaded: reached by 1 call, and true in 12 states
     who  call                outcome  what changed
  1  A    prog1 = load(prog)  fd3      + prog1 is loaded
`),
    text,
  );
});

test('of a witness that was not reached, the nearest state is shown', (t) => {
  const missed = aFinding('two-owners', MISSING, {
    kind: 'witness',
    spoke: 0,
    expectedReason: 'one place only',
    nearest: { met: ['a program is loaded'], missing: ['two own it', 'both live'], playback: LOADED },
  });

  const text = shownOf([missed], []);

  t.true(
    text.includes(`
two-owners: missing: no sequence of calls gets there
  nearest: 1 of 3 conditions; met: a program is loaded; missing: two own it, both live
     who  call                outcome  what changed
  1  A    prog1 = load(prog)  fd3      + prog1 is loaded
`),
    text,
  );
});

test('without statistics, there is a hint where something never arose, and only there', (t) => {
  const hint =
    /\(what was tried, and how near it came: npx holdfast check link-fd --property two-owners --statistics\)/;
  const textOf = (finding: Finding, options = {}): string =>
    formatReport(aReport([aProposal('link-fd', [finding])]), 'text', { width: 120, ...options });

  t.regex(textOf(aFinding('two-owners', VACUOUS)), hint);
  t.notRegex(textOf(aFinding('two-owners', VACUOUS), { statistics: 'shown' }), hint);
  t.notRegex(textOf(aFinding('two-owners', { kind: 'holds' })), hint);
});

test('JSON has what was tried, and the nearest state', (t) => {
  const missed = aFinding('two-owners', MISSING, {
    kind: 'witness',
    nearest: { met: [], missing: ['two own it'], playback: LOADED },
  });
  const proposal = aProposal('link-fd', [missed], { searches: [aSearch({ operations: [LOAD] })] });

  const read = JSON.parse(formatReport(aReport([proposal]), 'json')) as {
    proposals: [{ searches: [{ operations: unknown }]; findings: [{ nearest: { steps: unknown[] } }] }];
  };

  const [{ searches, findings }] = read.proposals;
  t.deepEqual(searches[0].operations, [
    {
      operation: 'load',
      tried: 1240,
      done: 1200,
      refused: { 'fd-is-free': 34 },
      refusedLate: { EINVAL: 6 },
      keptBack: { programs: 5 },
    },
  ]);
  t.like(findings[0].nearest, { met: [], missing: ['two own it'] });
  t.is(findings[0].nearest.steps.length, 1);
});
