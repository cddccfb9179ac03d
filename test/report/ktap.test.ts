import test from 'ava';
import { createPaint, formatReport } from '../../report/index.js';
import {
  aBroken,
  aFinding,
  ALL_VERDICTS,
  aProposal,
  aReport,
  HOLDS,
  UNDECIDED,
  violated,
} from './fixtures.js';
import { readKtap } from './read-ktap.js';

test('each proposal is a test, with a subtest for each claim', (t) => {
  const report = aReport(
    [
      aProposal('netlink-xdp', [
        aFinding('owner-decides', violated(4, 'B replaced it'), { expectedReason: 'nobody owns the hook' }),
        aFinding('crash-leaks-nothing', HOLDS),
      ]),
      aProposal('link-fd', [aFinding('owner-decides', HOLDS), aFinding('pin-keeps-the-link', UNDECIDED)]),
    ],
    [{ file: 'a.json', title: 'a case', status: 'as-expected', message: '' }],
  );
  t.is(
    formatReport(report, 'ktap'),
    `KTAP version 1
1..3
  KTAP version 1
  # Subtest: stored cases
  1..1
  ok 1 a.json
ok 1 stored cases
  KTAP version 1
  # Subtest: netlink-xdp
  1..3
  ok 1 owner-decides # XFAIL broken by 4 calls: B replaced it (expected: nobody owns the hook)
  ok 2 pin-keeps-the-link # SKIP does not speak about this proposal
  ok 3 crash-leaks-nothing
ok 2 netlink-xdp
  KTAP version 1
  # Subtest: link-fd
  1..3
  ok 1 owner-decides
  ok 2 pin-keeps-the-link # SKIP undecided: not met within all sequences of up to 7 calls
  ok 3 crash-leaks-nothing # SKIP does not speak about this proposal
ok 3 link-fd
`,
  );
});

test('a failure fails its proposal, and its counterexample stands before it', (t) => {
  const report = aReport([aProposal('netlink-xdp', [aFinding('a', HOLDS), aBroken('owner-decides')])]);
  const [proposal] = readKtap(formatReport(report, 'ktap'));
  t.like(proposal, { ok: false, description: 'netlink-xdp' });
  const failure = proposal!.subtests[1]!;
  t.like(failure, { ok: false, description: 'owner-decides', directive: undefined });
  t.is(failure.diagnostics[0], 'owner-decides: broken by 6 calls: B replaced what A attached');
  t.true(failure.diagnostics.includes('  replay   npx holdfast show netlink-xdp owner-decides'));
});

test('every verdict makes a document that a strict reader accepts', (t) => {
  const findings = ALL_VERDICTS.flatMap((verdict, i) => [
    aFinding(`claim-${i}`, verdict),
    aFinding(`known-claim-${i}`, verdict, { expectedReason: 'nobody #owns\nthe hook' }),
  ]);
  const stored = { file: 'a #1.json', title: 'a\ncase', status: 'changed', message: 'one\ntwo' } as const;
  const report = aReport(
    [aProposal('one', findings), aProposal('two', []), aProposal('three #3', [])],
    [stored],
  );
  const results = readKtap(formatReport(report, 'ktap', { paint: createPaint(true) }));
  t.deepEqual(
    results.map(({ ok, description }) => [ok, description]),
    [
      [false, 'stored cases'],
      [false, 'one'],
      [true, 'two'],
      [true, 'three 3'],
    ],
  );
  t.deepEqual(results[0]?.subtests[0]?.diagnostics, ['a #1.json: a case', 'changed: one two']);
  t.is(results[2]?.directive, 'SKIP nothing was decided');
  t.deepEqual(
    results[1]?.subtests.filter(({ ok }) => !ok).map(({ description }) => description),
    ['known-claim-0', 'claim-2', 'claim-3', 'known-claim-4', 'claim-5'],
  );
});
