import test from 'ava';
import { formatReport, type Report } from '../../report/index.js';
import {
  aBroken,
  aCounterexample,
  aFinding,
  ALL_VERDICTS,
  aProposal,
  aReport,
  aSearch,
  HOOK_TAKEN,
  witnessed,
} from './fixtures.js';

function parsed(report: Report): unknown {
  return JSON.parse(formatReport(report, 'json'));
}

test('a report says what it is, what was found, and of what it is made', (t) => {
  const stored = { file: 'a.json', title: 'a case', status: 'as-expected', message: '' } as const;
  t.deepEqual(
    parsed(aReport([aProposal('tcx', [], { bounds: { fds: 3 }, without: ['fd-is-open'] })], [stored])),
    {
      schema: 1,
      holdfast: '0.1.0',
      summary: { passed: 0, expected: 0, failed: 0, undecided: 0 },
      cases: [{ file: 'a.json', title: 'a case', status: 'as-expected', message: '' }],
      proposals: [
        {
          name: 'tcx',
          title: 'the design tcx',
          bounds: { fds: 3 },
          without: ['fd-is-open'],
          searches: [],
          findings: [],
        },
      ],
    },
  );
});

test('a verdict has what belongs to its kind', (t) => {
  const findings = ALL_VERDICTS.map((verdict) => aFinding(verdict.kind, verdict));
  const { proposals } = parsed(aReport([aProposal('tcx', findings)])) as {
    proposals: { findings: { verdict: unknown }[] }[];
  };
  t.deepEqual(
    proposals[0]?.findings.map(({ verdict }) => verdict),
    [
      { kind: 'holds' },
      { kind: 'holds-up-to', bound: 'all sequences of up to 7 calls (stopped by: states)' },
      { kind: 'violated', calls: 3 },
      { kind: 'vacuous' },
      { kind: 'witnessed', calls: 5 },
      { kind: 'witness-missing' },
      { kind: 'undecided', why: 'not met within all sequences of up to 7 calls' },
    ],
  );
});

test('a counterexample has its calls, and how to replay it', (t) => {
  const finding = aBroken('owner-decides', { counterexample: aCounterexample({ caseFile: 'a.json' }) });
  const { proposals } = parsed(aReport([aProposal('netlink-xdp', [finding])])) as {
    proposals: { findings: { status: string; counterexample: { steps: unknown[] } }[] }[];
  };
  const found = proposals[0]!.findings[0]!;
  t.is(found.status, 'failed');
  t.like(found.counterexample, {
    clause: 'B replaced what A attached',
    objects: { program: 'prog1', hook: 'eth0' },
    reproduce: 'npx holdfast show netlink-xdp owner-decides',
    caseFile: 'a.json',
  });
  t.is(found.counterexample.steps.length, 6);
  t.deepEqual(found.counterexample.steps[3], {
    actor: 'B',
    operation: 'attach_if_empty',
    verb: 'attach_if_empty',
    args: ['prog2', 'eth0'],
    outcome: { kind: 'refused', errno: 'EBUSY', guard: 'device-is-empty' },
    gained: [],
    lost: [],
  });
});

test('a reached witness has its calls', (t) => {
  const finding = aFinding('two-owners', witnessed(6), { kind: 'witness', example: HOOK_TAKEN });
  const { proposals } = parsed(aReport([aProposal('netlink-xdp', [finding])])) as {
    proposals: { findings: { example: unknown[] }[] }[];
  };
  t.is(proposals[0]?.findings[0]?.example.length, 6);
});

test('two runs that differ in time only differ under milliseconds only', (t) => {
  const texts = [420, 421].map((milliseconds) =>
    formatReport(aReport([aProposal('tcx', [], { searches: [aSearch({}, { milliseconds })] })]), 'json'),
  );
  t.not(texts[0], texts[1]);
  t.is(texts[0]?.replace('"milliseconds": 420', '"milliseconds": 421'), texts[1]);
});
