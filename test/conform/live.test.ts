/** Linux's models held against the kernel that runs here, where the machine allows it. */
import test from 'ava';
import { conformOn } from '../../cli/conform-proposal.js';
import { linux } from '../../model/proposals/index.js';
import { reasonAgainst } from '../kernel-live/live-test.js';
import { holdfast } from '../run-holdfast.js';

const run = reasonAgainst === undefined ? test : test.skip;
const why = reasonAgainst === undefined ? '' : ` (skipped: ${reasonAgainst})`;

run(`the running kernel does in random sequences only what the model of it allows${why}`, async (t) => {
  t.timeout(100_000);

  const { run: result } = await conformOn(
    linux,
    {
      bounds: {},
      runs: 100,
      length: 15,
      seed: 2026,
      covering: 0,
      given: [],
      without: [],
      workers: 1,
      expedited: false,
      time: 20,
    },
    { now: () => performance.now(), interrupted: () => false, progress: () => undefined },
  );

  t.deepEqual(
    result.mismatches.map(({ text }) => text),
    [],
  );
  t.true(result.sequences > 10);
  const confirmed = result.endings.filter(({ times }) => times > 0);
  t.true(confirmed.length > 50, `${confirmed.length} endings of calls were confirmed`);
});

run(`the kernel's own selftests, as cases, are met by the running kernel${why}`, (t) => {
  const bounds = 'fds=10,programs=6,attachments=6';
  const directory = 'counterexamples/linux/selftests';

  const { status, stdout, stderr } = holdfast([
    ...['conform', 'linux', '--runs', '0', '--case', directory, '--bounds', bounds],
    ...['--format', 'json', '--no-progress'],
  ]);

  t.is(status, 0, `${stdout}${stderr}`);
  const { runs } = JSON.parse(stdout) as { runs: { sequences: number }[] };
  t.true(runs[0]!.sequences >= 20);
});

test('a design is no model of a running kernel', (t) => {
  const { status, stderr } = holdfast(['conform', 'link-fd']);

  t.is(status, 64);
  t.is(
    stderr,
    "holdfast: link-fd is a design, not a model of a running kernel: name one of Linux, as in 'conform linux'.\n",
  );
});

test('a case about another proposal is refused before anything is run', (t) => {
  const { status, stderr } = holdfast([
    ...['conform', 'linux', '--case', 'counterexamples/incidents/handle-theft.case'],
  ]);

  t.is(status, 64);
  t.is(
    stderr,
    'holdfast: counterexamples/incidents/handle-theft.case is about tc-filter, not about linux.\n',
  );
});

test('a kernel image that is not there is said in a sentence', (t) => {
  const { status, stderr } = holdfast(['conform', 'linux', '--kernel', './no-such-kernel']);

  t.is(status, 69);
  t.regex(stderr, /^holdfast: .*no-such-kernel/);
  t.notRegex(stderr, /fault of Holdfast/);
});
