import test from 'ava';
import { showClaimTable } from '../../report/claim-table.js';
import { createLook, createPaint } from '../../report/look.js';
import {
  aBroken,
  aFinding,
  aProposal,
  aReport,
  HOLDS,
  HOLDS_UP_TO,
  MISSING,
  UNDECIDED,
  VACUOUS,
  violated,
  witnessed,
} from './fixtures.js';

const expectedReason = 'nobody owns the hook';

const report = aReport([
  aProposal('netlink-xdp', [
    aFinding('owner-decides', violated(4), { expectedReason }),
    aFinding('close-detaches-one', HOLDS),
    aFinding('crash-leaks-nothing', HOLDS_UP_TO),
    aFinding('two-owners', MISSING, { kind: 'witness', expectedReason }),
  ]),
  aProposal('link-fd', [
    aFinding('owner-decides', HOLDS, { expectedReason }),
    aFinding('close-detaches-one', violated(12)),
    aFinding('pin-keeps-the-link', VACUOUS),
    aFinding('crash-leaks-nothing', UNDECIDED),
    aFinding('two-owners', witnessed(5), { kind: 'witness' }),
  ]),
]);

test('claims are rows, proposals are columns, and what is not as expected is marked', (t) => {
  t.deepEqual(showClaimTable(report, createLook()), [
    '                     netlink-  link-',
    'Claims               xdp       fd',
    'owner-decides        ✗ 4       holds !',
    'close-detaches-one   holds     ✗ 12 !',
    'pin-keeps-the-link   ·         vacuous !',
    'crash-leaks-nothing  ≤ bound   ?',
    '',
    'Must be reachable',
    'two-owners           missing   in 5',
    '',
    'holds    kept in all states and calls within the bounds',
    '✗ 4      broken; the shortest sequence found has 4 calls',
    '≤ bound  not broken as far as was looked; how far is said below',
    'vacuous  the situation that the claim speaks about never arises',
    'in 5     reached; the shortest sequence found has 5 calls',
    'missing  no sequence of calls gets there',
    '?        undecided: the search ended too early',
    '·        the claim does not speak about this proposal',
    '!        not what is expected of the proposal',
  ]);
});

test('the legend explains only what the table shows', (t) => {
  const lines = showClaimTable(aReport([aProposal('tcx', [aFinding('owner-decides', HOLDS)])]), createLook());
  t.deepEqual(lines, [
    'Claims         tcx',
    'owner-decides  holds',
    '',
    'holds  kept in all states and calls within the bounds',
  ]);
});

test('without Unicode the table is plain ASCII', (t) => {
  const lines = showClaimTable(report, createLook({ unicode: false }));
  t.is(lines[2], 'owner-decides        x 4       holds !');
  t.is(lines[4], 'pin-keeps-the-link   .         vacuous !');
  t.is(lines[5], 'crash-leaks-nothing  <= bound  ?');
  t.regex(lines.join('\n'), /^[\n\x20-\x7e]*$/);
});

test('colours tell what is expected from what is not', (t) => {
  const text = showClaimTable(report, createLook({ paint: createPaint(true) })).join('\n');
  t.true(text.includes('\u001B[33m✗ 4\u001B[39m'), 'yellow');
  t.true(text.includes('\u001B[31m✗ 12 !\u001B[39m'), 'red');
});

const PROPOSALS = [
  'netlink-xdp',
  'tc-filter',
  'prog-array',
  'chain-call',
  'link-fd',
  'explicit-replace',
  'btf-copy',
  'expected-fd',
];

function largeReport() {
  const claims = Array.from({ length: 28 }, (_, i) => `the-hook-runs-what-its-owner-put-there-${i}`);
  const findings = claims.map((claim, i) => (i % 2 === 0 ? aFinding(claim, HOLDS_UP_TO) : aBroken(claim)));
  return aReport(PROPOSALS.map((name) => aProposal(name, findings)));
}

test('28 claims of 8 proposals fit 120 columns in one table', (t) => {
  const lines = showClaimTable(largeReport(), createLook({ width: 120 }));
  t.true(lines.every((line) => line.length <= 120));
  t.is(lines.filter((line) => line.startsWith('Claims')).length, 1);
});

test('a narrow terminal gets several tables, each with all claims', (t) => {
  const lines = showClaimTable(largeReport(), createLook({ width: 64 }));
  t.true(lines.every((line) => line.length <= 64));
  t.deepEqual(
    lines.filter((line) => line.startsWith('Claims')).map((line) => line.split(/\s+/).slice(1)),
    [
      ['xdp', 'filter', 'array', 'call'],
      ['fd', 'replace', 'copy', 'fd'],
    ],
  );
});

test('a report without findings has no table', (t) => {
  t.deepEqual(showClaimTable(aReport([aProposal('tcx', [])]), createLook()), []);
});
