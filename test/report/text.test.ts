import test from 'ava';
import { formatReport, type Report } from '../../report/index.js';
import {
  aBroken,
  aCounterexample,
  aFinding,
  aProposal,
  aReport,
  aSearch,
  HOLDS,
  MISSING,
  UNDECIDED,
} from './fixtures.js';

const stored = {
  file: 'counterexamples/a.json',
  title: 'A keeps its hook',
  status: 'as-expected',
  message: '',
} as const;
const changed = {
  ...stored,
  file: 'counterexamples/b.json',
  status: 'changed',
  message: 'call 2 returned ok',
} as const;

function sectionsOf(report: Report, options = {}): string[] {
  return formatReport(report, 'text', options).split(/\n\n(?=\S)/);
}

test('the stored cases come first, each that is not as expected with a sentence', (t) => {
  t.is(sectionsOf(aReport([], [stored]))[0], '1 stored case replayed: all as expected.');
  t.is(
    sectionsOf(aReport([], [stored, changed]))[0],
    '2 stored cases replayed: 1 as expected, 1 not.\n' +
      '✗ changed: counterexamples/b.json (A keeps its hook): call 2 returned ok',
  );
});

test('a report of nothing says so', (t) => {
  t.is(
    formatReport(aReport([]), 'text'),
    'No stored cases replayed.\n\n0 claims checked on 0 proposals: 0 kept.\n',
  );
});

test('an unexpected counterexample is shown in full', (t) => {
  const finding = aBroken('owner-decides', {
    counterexample: aCounterexample({ caseFile: 'counterexamples/netlink-xdp/owner.json' }),
  });
  const text = formatReport(aReport([aProposal('netlink-xdp', [finding])]), 'text');
  t.true(
    text.endsWith(`
Not as expected:

✗ netlink-xdp owner-decides: broken by 6 calls

     who  call                          outcome  what changed
  1  A    prog1 = load(prog)            fd3      + prog1 is loaded
  2  A    attach(prog1, eth0)           ok       + eth0 runs prog1
  3  B    prog2 = load(prog)            fd3      + prog2 is loaded
  4  B    attach_if_empty(prog2, eth0)  EBUSY    refused: device-is-empty
  5  B    attach(prog2, eth0)           ok       + eth0 runs prog2
                                                 - eth0 runs prog1
  6       packet(eth0)                  prog2

  broken   B replaced what A attached
  objects  program: prog1, hook: eth0
  claim    The one who attached decides when to detach.
  source   https://lore.kernel.org/bpf/1
  case     counterexamples/netlink-xdp/owner.json
  replay   npx holdfast show netlink-xdp owner-decides

1 claim checked on 1 proposal: 0 kept, 1 not as expected.
`),
    text,
  );
});

test('an unexpected result without a counterexample says what was expected', (t) => {
  const finding = aFinding('owner-decides', HOLDS, { expectedReason: 'nobody owns the hook' });
  const text = formatReport(aReport([aProposal('netlink-xdp', [finding])]), 'text');
  t.true(
    text.includes(
      '✗ netlink-xdp owner-decides: holds, but was expected to be broken (nobody owns the hook)\n',
    ),
    text,
  );
});

const expectedReason =
  'nobody owns the hook, so any process that may attach may also replace, whoever was there first';
const known = aReport([
  aProposal('netlink-xdp', [
    aBroken('owner-decides', { expectedReason }),
    aFinding('two-owners', MISSING, { kind: 'witness', expectedReason: 'one place only' }),
  ]),
]);

test('what is broken as expected has a line with the reason, below a command that shows the calls', (t) => {
  const text = formatReport(known, 'text', { width: 90 });
  t.true(
    text.includes(`
Broken, as expected, and why:
(the calls are shown by: npx holdfast check netlink-xdp --property owner-decides --all)

netlink-xdp
  owner-decides  ✗ 6      nobody owns the hook, so any process that may attach may also
                          replace, whoever was there first
  two-owners     missing  one place only

2 claims checked on 1 proposal: 0 kept, 2 broken as expected.
`),
    text,
  );
});

test('what is broken as expected is shown in full if asked for', (t) => {
  const text = formatReport(known, 'text', { inFull: 'all' });
  t.true(text.includes('\n✗ netlink-xdp owner-decides: broken by 6 calls\n\n     who  call'), text);
  t.true(
    text.includes(`
  expected  nobody owns the hook, so any process that may attach may also replace, whoever was there
            first
  replay    npx holdfast show netlink-xdp owner-decides
`),
    text,
  );
});

test('what is undecided is listed with the reason', (t) => {
  const sections = sectionsOf(aReport([aProposal('tcx', [aFinding('owner-decides', UNDECIDED)])]));
  t.true(
    sections.includes('Undecided:\n? tcx owner-decides: not met within all sequences of up to 7 calls'),
    sections.join('\n\n'),
  );
});

test('claims that hold as far as was looked are not counted as if they held', (t) => {
  const limited = aFinding('b', { kind: 'holds-up-to', bound: 'all sequences of up to 7 calls' });
  const proposal = aProposal('tcx', [aFinding('a', HOLDS), limited], { searches: [aSearch()] });
  t.is(
    sectionsOf(aReport([proposal])).at(-1),
    '2 claims checked on 1 proposal: 2 kept (1 as far as was looked).\n',
  );
});
