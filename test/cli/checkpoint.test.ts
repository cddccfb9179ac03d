import test, { type ExecutionContext } from 'ava';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readCheckpoint } from '../../cli/checkpoint-file.js';
import { command, holdfast, packageRoot } from '../run-holdfast.js';

/** A search that does not end by itself within the time of a test. */
const search = [
  ...['check', 'link-fd', '--exhaustive', '--bounds', 'programs=3,fds=3,attachments=2'],
  ...['--no-symmetry', '--no-cases', '--no-progress', '--format', 'json'],
];
const small = ['check', 'link-fd', '--exhaustive', '--depth', '3', '--no-cases', '--no-progress'];

function fileFor(t: ExecutionContext): string {
  const made = mkdtempSync(path.join(tmpdir(), 'holdfast-checkpoint-'));
  t.teardown(() => {
    rmSync(made, { recursive: true, force: true });
  });
  return path.join(made, 'link-fd.checkpoint');
}

/** A report without what differs from run to run. */
function answerIn(json: string): unknown {
  return JSON.parse(json, (key, value: unknown) =>
    key === 'milliseconds' || key === 'bytes' ? undefined : value,
  );
}

/** Starts the search, and sends it a signal as soon as there is a checkpoint. */
async function interrupted(t: ExecutionContext, file: string, signal: NodeJS.Signals) {
  const args = [...search, '--checkpoint', file, '--checkpoint-every', '0.01'];
  const child = spawn(process.execPath, [command, ...args], { cwd: packageRoot, stdio: 'ignore' });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('exit', (code, by) => {
      resolve({ code, signal: by });
    });
  });
  t.teardown(() => child.kill('SIGKILL'));
  while (!existsSync(file) && child.exitCode === null) await sleep(5);
  child.kill(signal);
  return ended;
}

// One after the other: each is a search for itself.
for (const { signal, end } of [
  { signal: 'SIGKILL', end: { code: null, signal: 'SIGKILL' } },
  { signal: 'SIGINT', end: { code: 130, signal: null } },
] as const) {
  test.serial(`after a ${signal} the same command goes on, and answers as if nothing had been`, async (t) => {
    const file = fileFor(t);
    t.deepEqual(await interrupted(t, file, signal), end);
    const { parents } = readCheckpoint(file).checkpoint;
    t.true(parents.length > 1000);
    const limited = [...search, '--max-states', String(parents.length + 30_000)];

    const uninterrupted = holdfast(limited);
    const resumed = holdfast([...limited, '--checkpoint', file]);

    t.is(resumed.stderr, '');
    t.is(resumed.status, uninterrupted.status);
    t.deepEqual(answerIn(resumed.stdout), answerIn(uninterrupted.stdout));
    t.true(readCheckpoint(file).checkpoint.parents.length >= parents.length + 30_000);
  });
}

test('a search that is done is answered for from its checkpoint', (t) => {
  const file = fileFor(t);
  const [once, again] = [1, 2].map(() => holdfast([...small, '--checkpoint', file, '--format', 'json']));
  t.is(once!.status, 0);
  t.deepEqual(answerIn(again!.stdout), answerIn(once!.stdout));
});

test('the checkpoint of another search is refused, whatever differs', (t) => {
  const file = fileFor(t);
  t.is(holdfast([...small, '--checkpoint', file]).status, 0);
  const before = readFileSync(file);
  const others: [string[], RegExp][] = [
    [['--bounds', 'processes=1'], /its --bounds is .*processes=2.*, and here it is .*processes=1/],
    [['--depth', '4'], /its --depth is 3, and here it is 4/],
    [['--without', 'pin'], /its --without is none, and here it is pin/],
    [['--statistics'], /its --statistics is no, and here it is yes/],
    [['--no-symmetry'], /its --symmetry is yes, and here it is no/],
    [['-p', 'held-link-never-overridden'], /its claims is .*, and here it is held-link-never-overridden/],
  ];
  for (const [asked, why] of others) {
    const { status, stderr, stdout } = holdfast([...small, ...asked, '--checkpoint', file]);
    t.is(status, 65, stderr);
    t.is(stdout, '');
    t.regex(stderr.replaceAll('\n', ' '), why);
    t.true(stderr.includes(file));
    t.regex(stderr, /remove the file, or name another/);
  }
  const { status, stderr } = holdfast(['check', 'explicit-replace', ...small.slice(2), '--checkpoint', file]);
  t.is(status, 65);
  t.regex(stderr, /its proposal is link-fd, and here it is explicit-replace/);
  t.deepEqual(readFileSync(file), before);
});

test('a damaged checkpoint, and a file that is none, are refused and left alone', (t) => {
  const file = fileFor(t);
  t.is(holdfast([...small, '--checkpoint', file]).status, 0);
  truncateSync(file, 1000);
  for (const content of [readFileSync(file), Buffer.from('all my notes\n')]) {
    writeFileSync(file, content);
    const { status, stderr } = holdfast([...small, '--checkpoint', file]);
    t.is(status, 65);
    t.regex(stderr, /is damaged, or no checkpoint at all/);
    t.deepEqual(readFileSync(file), content);
  }
});

test('a checkpoint that cannot be written is said before the search', (t) => {
  const file = path.join(fileFor(t), 'nowhere');
  const { status, stderr, stdout } = holdfast([...small, '--checkpoint', file]);
  t.is(status, 73);
  t.is(stdout, '');
  t.regex(stderr, /The checkpoint .* cannot be written: ENOENT/);
});

test('a checkpoint is for the exhaustive search of one proposal', (t) => {
  const file = fileFor(t);
  const two = holdfast(['check', 'link-fd', 'btf-copy', ...small.slice(2), '--checkpoint', file]);
  t.is(two.status, 64);
  t.regex(two.stderr, /keeps the search of one proposal, and here are 2/);
  const random = holdfast(['check', 'link-fd', '--random', '--no-progress', '--checkpoint', file]);
  t.is(random.status, 64);
  t.regex(random.stderr, /keeps an exhaustive search/);
  t.false(existsSync(file));
});
