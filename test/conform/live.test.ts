/** Linux's models held against the kernel that runs here, where the machine allows it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { conformOn } from '../../cli/conform-proposal.js';
import { linux } from '../../model/proposals/index.js';
import { reasonAgainst } from '../kernel-live/live-test.js';
import { command, holdfast } from '../run-holdfast.js';

const run = reasonAgainst === undefined ? test : test.skip;
const why = reasonAgainst === undefined ? '' : ` (skipped: ${reasonAgainst})`;

run(`the running kernel does in random sequences only what the model of it allows${why}`, async (t) => {
  t.timeout(100_000);

  const { run: result } = await conformOn(
    linux,
    {
      bounds: {},
      runs: 60,
      length: 15,
      seed: 2026,
      covering: 0,
      given: [],
      without: [],
      workers: 1,
      expedited: false,
      time: 12,
    },
    {
      now: () => performance.now(),
      interrupted: () => false,
      choosing: () => undefined,
      progress: () => undefined,
    },
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
  const directory = 'counterexamples/linux/selftests';

  const { status, stdout, stderr } = holdfast([
    ...['conform', 'linux', '--runs', '0', '--case', directory],
    ...['--format', 'json', '--no-progress'],
  ]);

  t.is(status, 0, `${stdout}${stderr}`);
  const { runs } = JSON.parse(stdout) as { runs: { sequences: number }[] };
  t.true(runs[0]!.sequences >= 20);
});

run(`packets meet on the running kernel what they meet in the model, in the same order${why}`, (t) => {
  const { status, stdout } = holdfast([
    ...['conform', 'linux', '--runs', '0', '--case', 'counterexamples/linux/what-runs.case'],
    ...['--format', 'json', '--no-progress'],
  ]);

  t.is(status, 0, stdout);
  const { runs } = JSON.parse(stdout) as { runs: { endings: { operation: string; times: number }[] }[] };
  const looked = runs[0]!.endings.filter(({ operation }) =>
    ['packet', 'socket', 'lookup', 'dissect'].includes(operation),
  );
  t.deepEqual(looked.map(({ operation, times }) => `${operation} ${times}`).sort(), [
    'dissect 2',
    'lookup 2',
    'packet 4',
    'socket 2',
  ]);
});

run(`sequences can be about some calls only${why}`, (t) => {
  const { status, stdout } = holdfast([
    ...['conform', 'linux', '--runs', '5', '--only', 'tcx', '--without', 'packet', '--expedited'],
    ...['--format', 'json', '--no-progress'],
  ]);

  t.is(status, 0, stdout);
  const { runs } = JSON.parse(stdout) as { runs: { endings: { operation: string }[] }[] };
  const kinds = new Set(runs[0]!.endings.map(({ operation }) => operation));
  t.true(kinds.has('tcx_link'));
  t.true(kinds.has('close'));
  t.false(kinds.has('xdp_link'));
  t.false(kinds.has('packet'));
});

run(`a full disk is said in a sentence, with an exit code of its own${why}`, (t) => {
  const place = mkdtempSync(join(tmpdir(), 'holdfast-full-'));
  // A disk of its own, in a mount namespace of its own, that is full.
  const script =
    'mount -t tmpfs -o size=16k full "$1" && cat /dev/zero 2>/dev/null >"$1/rest"; shift; exec "$@"';
  const program = [process.execPath, command, 'conform', 'linux', '--runs', '1'];

  const { status, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', script, 'sh', place, ...program], {
    env: { ...process.env, XDG_CACHE_HOME: place, TMPDIR: place },
    encoding: 'utf8',
  });

  t.is(status, 73, stderr);
  t.regex(
    stderr,
    /^holdfast: The helper that makes the system calls could not be written: the disk is full\.\n/m,
  );
  rmSync(place, { recursive: true });
});

test('an operation that the model does not have is refused, with what there is', (t) => {
  const { status, stderr } = holdfast(['conform', 'linux', '--only', 'tcq_link']);

  t.is(status, 64);
  t.regex(stderr, /^holdfast: linux has no operation 'tcq_link': .*tcx_link/);
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
