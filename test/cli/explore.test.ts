import test from 'ava';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { holdfast } from '../run-holdfast.js';

const claim = ['-p', 'held-link-never-overridden'];

function directory(t: { teardown(fn: () => void): void }): string {
  const made = mkdtempSync(path.join(tmpdir(), 'holdfast-explore-'));
  t.teardown(() => {
    rmSync(made, { recursive: true, force: true });
  });
  return made;
}

/** What is answered to each line, without the line itself. */
function answers(stdout: string): string[] {
  const parts = stdout.split(/^[\w-]+ (?:\w+:)?\d+> .*\n/m);
  return parts.slice(1).map((part) => part.trimEnd());
}

function explore(lines: readonly string[], args: readonly string[], cwd?: string) {
  const { status, stdout, stderr } = holdfast(['explore', ...args], {
    input: `${lines.join('\n')}\n`,
    ...(cwd === undefined ? {} : { cwd }),
  });
  return { status, stderr, stdout, answers: answers(stdout) };
}

test('calls are made as they are typed, with what came of them, what changed, and what broke', (t) => {
  const { status, stderr, stdout } = explore(
    [
      'prog1 = A.load(prog)',
      'A.attach(prog1, eth0)   # as in a case',
      'B.attach_if_empty(fd3, eth0)',
      'prog2 = B.load(prog) -> fd4',
      'B.attach_if_empty(prog2, eth0)',
      'B.attach(prog2, eth0)',
    ],
    ['netlink-xdp', ...claim],
  );
  t.is(status, 0, stderr);
  t.is(stderr, '');
  const [, ...said] = stdout.split('\n');
  t.deepEqual(said, [
    "1 claim watched. 'calls' lists what can be done, 'help' the commands.",
    'netlink-xdp 0> prog1 = A.load(prog)',
    '1  prog1 = A.load(prog) -> fd3',
    '   + prog1 is loaded',
    'netlink-xdp 1> A.attach(prog1, eth0)   # as in a case',
    '2  A.attach(prog1, eth0) -> ok',
    '   + eth0 runs prog1',
    'netlink-xdp 2> B.attach_if_empty(fd3, eth0)',
    '3  B.attach_if_empty(fd3, eth0) -> EBADF',
    '   refused: fd-is-open',
    'netlink-xdp 3> prog2 = B.load(prog) -> fd4',
    '4  prog2 = B.load(prog) -> fd3',
    '   + prog2 is loaded',
    'expected fd4',
    'netlink-xdp 4> B.attach_if_empty(prog2, eth0)',
    '5  B.attach_if_empty(prog2, eth0) -> EBUSY',
    '   refused: device-is-empty',
    'netlink-xdp 5> B.attach(prog2, eth0)',
    '6  B.attach(prog2, eth0) -> ok',
    '   + eth0 runs prog2',
    '   - eth0 runs prog1',
    '✗ held-link-never-overridden: broken by call 6: B put another program in the place of one that is',
    '  held (held: prog1, now: prog2)',
    '',
  ]);
});

test('calls can be listed, and made by their number', (t) => {
  const { status, answers } = explore(
    ['calls accepted', 'mine = 1', 'calls A. attach(', '99', 'calls nothing-like-this'],
    ['netlink-xdp', '-p', 'no-dangling-reference'],
  );
  t.is(status, 65);
  // B can do what A can, but has done nothing yet: A stands for both, in all but the packet.
  t.deepEqual(answers[0]!.split('\n'), [
    'accepted',
    '  1  A.load(prog)    fd3',
    '  2  A.detach(eth0)  ok',
    '  3  A.crash()       ok',
    '  4  packet(eth0)    nothing',
    '3 more calls differ from one of these in names only.',
  ]);
  t.is(answers[1], '1  mine = A.load(prog) -> fd3\n   + mine is loaded');
  t.regex(
    answers[2]!,
    /^accepted\n +\d+ {2}A\.attach\(mine, eth0\) {2}ok\nrefused\n +\d+ {2}A\.attach\(fd4, eth0\) +EBADF {2}fd-is-open/,
  );
  t.regex(answers[3]!, /^! There are calls 1 to \d+: 'calls' lists them\.$/);
  t.is(answers[4], "No possible call has 'nothing-like-this' in it.");
});

test('calls can be taken back and made again, and other ways are kept as branches', (t) => {
  const { status, stdout, answers } = explore(
    [
      'A.load(rootlet)',
      'A.attach(rootlet, eth0)',
      'undo',
      'redo',
      'back 1',
      'A.crash()',
      'branches',
      'branch main',
      'state',
      'fork 0 fresh',
      'undo',
      'branch fesh',
      'back 7',
    ],
    ['link-fd', ...claim],
  );
  t.is(status, 65);
  t.is(answers[2], '1 call made; 1 taken back, which redo makes again.');
  t.is(answers[3], '2  link = A.attach(rootlet, eth0) -> fd4\n   + eth0 runs rootlet (link)');
  t.regex(stdout, /^link-fd branch2:2> branches$/m);
  t.is(answers[6], '  main: 2 calls\n* branch2: 2 calls, from main behind call 1');
  t.is(answers[7], 'On main, with 2 calls.');
  t.is(
    answers[8],
    [
      'rootlet is loaded',
      'rootlet.placeholder1 runs its own code',
      'rootlet.placeholder2 runs its own code',
      'eth0 runs rootlet (link)',
      'A  fd3 rootlet, fd4 link',
      'packet(eth0) -> rootlet placeholder1 placeholder2',
    ].join('\n'),
  );
  t.is(answers[9], 'On fresh, with 0 calls.');
  t.is(answers[10], '! No call is made: there is nothing to take back.');
  t.is(answers[11], "! There is no branch 'fesh': did you mean 'fresh'?");
  t.is(answers[12], "! 'back' takes a whole number from 0 to 0, not '7'.");
});

test('the fewest calls that break a claim are found from where one is', (t) => {
  const { status, answers } = explore(
    [
      'A.load(prog)',
      'A.attach(prog, eth0)',
      'next held-link-never-ov',
      'next held-link-never-ov',
      'next crash',
      'claims',
    ],
    ['netlink-xdp', ...claim],
  );
  t.is(status, 65);
  // B needs a program of its own, and attaches it.
  t.regex(
    answers[2]!,
    /^3 {2}prog2 = B\.load\(prog\) -> fd3\n.*\n4 {2}B\.attach\(prog2, eth0\) -> ok\n[^✗]*✗ held-link-never-overridden: broken by call 4/s,
  );
  t.is(answers[3], "! These claims are broken or reached already: 'claims' says by which call.");
  t.regex(answers[4]!, /✗ crash-restores-placeholder: broken by call 5/);
  t.regex(answers[5]!, /^✗ held-link-never-overridden: broken by call 4/);
});

test('where a claim cannot break any more, that is said', (t) => {
  const { status, answers } = explore(
    ['next', 'next extension-runs-not'],
    ['link-fd', '-p', 'extension-depth-at-most-one', '--bounds', 'processes=1,programs=2'],
  );
  t.is(status, 65);
  t.is(
    answers[0],
    'Nothing from here breaks extension-depth-at-most-one: all states within the bounds were looked at.',
  );
  t.regex(answers[1]!, /^! There is no claim 'extension-runs-not': did you mean 'extension-runs'\?$/);
});

test('a random walk is that of its seed', (t) => {
  const { status, answers } = explore(
    ['walk 6 3', 'back 0', 'walk 6 3', 'back 0', 'walk 6 4', 'back 0', 'walk', 'walk'],
    ['link-fd', ...claim],
  );
  t.is(status, 0);
  t.regex(answers[0]!, /^seed 3\n1 {2}.* -> /);
  t.is(answers[2], answers[0]);
  t.not(answers[4]!.replace('seed 4', 'seed 3'), answers[0]!);
  // Four walks were made: each has the number of the walk as its seed, unless one is given.
  t.regex(answers[6]!, /^seed 4\n1 {2}/);
  t.regex(answers[7]!, /^seed 5\n11 {2}/);
});

test('what was found is saved as a case that replays, and never over another file', (t) => {
  const here = directory(t);
  writeFileSync(path.join(here, 'other.case'), 'mine\n');
  const { status, answers } = explore(
    [
      'first = A.load(prog)',
      'A.attach(first, eth0)',
      'B.load(prog)',
      'B.attach(prog2, eth0)',
      'A.crash()',
      'save deep/in/a.case',
      'save other.case held-link-never-overridden',
      'save kept.case no-dangling-reference',
      'save silent.case if-empty-never-displaces',
    ],
    ['netlink-xdp', ...claim],
    here,
  );
  t.is(status, 65);
  t.is(
    answers[5],
    'deep/in/a.case: held-link-never-overridden violated, 4 calls. Left out: 1 call behind the one that breaks it.',
  );
  t.regex(
    answers[6]!,
    /^! cannot write other\.case, and nothing was changed: there is another file of that name$/,
  );
  t.is(readFileSync(path.join(here, 'other.case'), 'utf8'), 'mine\n');
  t.regex(answers[7]!, /^kept\.case: no-dangling-reference kept, 5 calls\.$/);
  t.regex(answers[8]!, /^! Not saved: 'if-empty-never-displaces' says nothing of these calls\.$/);
  t.false(existsSync(path.join(here, 'silent.case')));
  const replayed = holdfast(['replay', 'deep/in/a.case', 'kept.case'], { cwd: here });
  t.is(replayed.status, 0, replayed.stderr);
  t.regex(
    readFileSync(path.join(here, 'deep/in/a.case'), 'utf8'),
    /\nfirst = A\.load\(prog\) +-> fd3\nA\.attach\(first, eth0\)/,
  );
});

test('an exploration can begin behind the calls of a case, on another design too', (t) => {
  const file = 'counterexamples/netlink-xdp/held-link-never-overridden.case';
  const own = explore(['undo', 'redo'], ['--case', file, ...claim]);
  t.is(own.status, 0, own.stderr);
  t.regex(own.stdout, /^eth0 runs prog2$/m);
  t.regex(own.answers[1]!, /✗ held-link-never-overridden/);
  const other = explore(['trace'], ['expected-fd', '--case', file]);
  t.is(other.status, 0, other.stderr);
  t.regex(other.stdout, /^expected-fd 4> trace$/m);
});

test('what does not fit is said with what would, and the exploration goes on', (t) => {
  const { status, answers } = explore(
    [
      '# a comment',
      '',
      'A.atach(prog, eth0)',
      'clals',
      'B.restart()',
      'watch held-link-never-overriden',
      'back',
      'state',
    ],
    ['netlink-xdp'],
  );
  t.is(status, 65);
  t.deepEqual(answers.slice(2), [
    "! Column 3: 'netlink-xdp' has no operation 'atach'; did you mean 'attach'?",
    "! There is no command 'clals': did you mean 'calls'?",
    '! This call cannot be made (actor-is-dead).',
    "! There is no claim 'held-link-never-overriden': did you mean 'held-link-never-overridden'?",
    "! 'back' takes a whole number from 0 to 0, not ''.",
    'nothing is there yet\npacket(eth0) -> nothing',
  ]);
});

test('bounds and switches are those asked for', (t) => {
  const { answers } = explore(
    ['A.load(rootlet)', 'A.load(rootlet)', 'A.attach(rootlet, eth0)', 'A.attach(rootlet, eth0)'],
    ['link-fd', ...claim, '--bounds', 'programs=1,fds=4', '--without', 'device-is-free'],
  );
  t.is(answers[1], '! There is no room for more programs here: start again with --bounds programs=…');
  t.regex(answers[3]!, /-> fd5\n/);
});

test('called wrongly, it says what would be right', (t) => {
  const nothing = holdfast(['explore']);
  t.is(nothing.status, 64);
  t.regex(nothing.stderr, /Say what to explore/);
  const unknown = holdfast(['explore', 'link-df']);
  t.is(unknown.status, 64);
  t.regex(unknown.stderr, /did you mean 'link-fd'/);
});
