import test from 'ava';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { holdfast } from '../run-holdfast.js';

const CALLS = `proposal: netlink-xdp

prog1 = A.load(prog)           -> fd3
A.attach(prog1, eth0)          -> ok
prog2 = B.load(prog)
B.attach_if_empty(prog2, eth0) -> EBUSY
packet(eth0)                   -> ?
`;

const MAIL = `From: A Person <person@example.org>
Subject: Re: who owns the hook

> proposal: netlink-xdp
> prog1 = A.load(prog)
> A.attach(prog1, eth0)

And then somebody (say, B) does

    prog2 = B.load(prog)
    B.attach(prog2, eth0) -> EBUSY
    A.detach(eth0) and so on
`;

function run(args: readonly string[], input = '') {
  return holdfast(['run', ...args], { input });
}

test('each line is compared; one that asks is told, and what is possible next is listed', (t) => {
  const { status, stdout, stderr } = run(['-', '-p', 'held-link-never-overridden'], CALLS);
  t.is(status, 0, stderr);
  t.is(stderr, '');
  t.deepEqual(stdout.split('\n').slice(0, 18), [
    'netlink-xdp: standard input',
    '',
    '✓  3  prog1 = A.load(prog)            fd3',
    '✓  4  A.attach(prog1, eth0)           ok',
    '·  5  prog2 = B.load(prog)            fd3',
    '✓  6  B.attach_if_empty(prog2, eth0)  EBUSY  device-is-empty',
    '?  7  packet(eth0)                    prog1',
    '',
    '5 calls: 3 as expected, 1 asked for, 1 without an outcome to compare.',
    '',
    'state behind the last call',
    '  prog1 is loaded',
    '  prog2 is loaded',
    '  eth0 runs prog1',
    '  A  fd3 prog1',
    '  B  fd3 prog2',
    '',
    'calls possible next',
  ]);
  t.regex(stdout, /^ +B\.attach\(prog2, eth0\) +ok$/m);
  t.regex(stdout, /^ +B\.attach_if_empty\(prog2, eth0\) +EBUSY +device-is-empty$/m);
});

test('a call that comes to something else fails, and the claims that the calls break are named', (t) => {
  const { status, stdout } = run(['-', '-p', 'held-link-never-overridden'], MAIL);
  t.is(status, 1);
  t.regex(stdout, /^✗ {2}11 {2}B\.attach\(prog2, eth0\) {2}ok {3}expected EBUSY$/m);
  t.regex(stdout, /^4 calls: 0 as expected, 1 not, 3 without an outcome to compare\.$/m);
  t.regex(stdout, /^ {2}✗ held-link-never-overridden, line 11: B put another program .* that is held$/m);
  t.regex(stdout, /^standard input:12: begins like a call, goes on like prose, and was not read\.$/m);
});

test('what is asked for can be filled in, in a mail too', (t) => {
  const { status, stdout } = run(['-', '--fill'], MAIL);
  t.is(status, 1);
  t.is(
    stdout,
    MAIL.replace('B.load(prog)', 'B.load(prog)  -> fd3')
      .replace('> prog1 = A.load(prog)', '> prog1 = A.load(prog)    -> fd3')
      .replace('> A.attach(prog1, eth0)', '> A.attach(prog1, eth0)   -> ok'),
  );
});

test('the body of a mail is read as one if that is said', (t) => {
  const body = MAIL.slice(MAIL.indexOf('> proposal'));
  t.is(run(['-'], body).status, 65);
  const { status, stdout } = run(['-', '--mail'], body);
  t.is(status, 1);
  t.regex(stdout, /4 calls/);
});

test('a stored case runs, and on another design it comes to something else', (t) => {
  const file = 'counterexamples/netlink-xdp/held-link-never-overridden.case';
  const own = run([file]);
  t.is(own.status, 0, own.stderr);
  t.regex(own.stdout, /^✓ held-link-never-overridden: expected 'violated', and it is 'violated'\.$/m);
  const other = run([file, '--proposal', 'link-fd']);
  t.is(other.status, 65);
  t.regex(other.stderr, /\.case:\d+:\d+: /);
});

test('programs get it as JSON', (t) => {
  const { status, stdout } = run(['-', '--format', 'json', '-p', 'held-link-never-overridden'], CALLS);
  t.is(status, 0);
  const told = JSON.parse(stdout) as {
    calls: unknown[];
    breaches: unknown[];
    state: { facts: string[] };
    next: { call: string }[];
  };
  t.deepEqual(told.calls[3], {
    line: 6,
    call: 'B.attach_if_empty(prog2, eth0)',
    outcome: 'EBUSY',
    because: 'device-is-empty',
    expected: 'EBUSY',
    status: 'as-expected',
  });
  t.deepEqual(told.calls[4], { line: 7, call: 'packet(eth0)', outcome: 'prog1', status: 'told' });
  t.deepEqual(told.breaches, []);
  t.true(told.state.facts.includes('eth0 runs prog1'));
  t.true(told.next.some(({ call }) => call === 'B.attach(prog2, eth0)'));
});

const faults: readonly [
  what: string,
  args: readonly string[],
  input: string,
  status: number,
  told: RegExp,
][] = [
  [
    'a misspelt verb',
    [],
    'proposal: netlink-xdp\nA.lod(prog)\n',
    65,
    /standard input:2:3: 'netlink-xdp' has no operation 'lod'; did you mean 'load'\?/,
  ],
  [
    'a misspelt proposal',
    [],
    'proposal: netlink-xpd\nA.load(prog)\n',
    65,
    /standard input:1:11: there is no proposal 'netlink-xpd'; did you mean 'netlink-xdp'\?/,
  ],
  [
    'a misspelt claim',
    [],
    'proposal: netlink-xdp\nproperty: held-link-never-overriden\nA.load(prog)\n',
    65,
    /standard input:2:11: there is no property .* did you mean 'held-link-never-overridden'\?/,
  ],
  [
    'a rule that there is not',
    [],
    'proposal: netlink-xdp\nwithout: device-is-emty\nA.load(prog)\n',
    65,
    /standard input:2:10: 'netlink-xdp' has no rule 'device-is-emty'; did you mean 'device-is-empty'\?/,
  ],
  [
    'no proposal',
    [],
    'A.load(prog)\n',
    65,
    /standard input:1:1: it is not said of which design .* --proposal/,
  ],
  [
    'an unknown proposal asked for',
    ['--proposal', 'link-df'],
    'A.load(prog)\n',
    64,
    /did you mean 'link-fd'/,
  ],
  ['an unknown format', ['--format', 'jsn'], CALLS, 64, /did you mean 'json'/],
];

for (const [what, args, input, expected, told] of faults) {
  test(`${what} is pointed at`, (t) => {
    const { status, stdout, stderr } = run(['-', ...args], input);
    t.is(status, expected, stderr);
    t.is(stdout, '');
    t.regex(stderr, told);
  });
}

test('a file that is not there, or is no text, is said to be so', (t) => {
  const here = mkdtempSync(path.join(tmpdir(), 'holdfast-run-'));
  t.teardown(() => {
    rmSync(here, { recursive: true });
  });
  t.regex(run([path.join(here, 'none.txt')]).stderr, /cannot read .*none\.txt: there is no such file/);
  const binary = path.join(here, 'binary.txt');
  writeFileSync(binary, Uint8Array.of(0xff, 0xfe, 0x00));
  const { status, stderr } = run([binary]);
  t.is(status, 65);
  t.regex(stderr, /binary\.txt:1:1: this is not text in UTF-8/);
});

test('a proposal of your own is run like a built-in one, and one that throws is at fault', (t) => {
  const here = mkdtempSync(path.join(process.cwd(), 'node_modules', '.holdfast-run-'));
  t.teardown(() => {
    rmSync(here, { recursive: true });
  });
  const file = path.join(here, 'own.mjs');
  writeFileSync(
    file,
    `import { defineProposal, linkFd, load, operation } from '${new URL('../../dist/index.js', import.meta.url).href}';
export default defineProposal({
  ...linkFd,
  name: 'own',
  operations: (k) => [
    ...load(k),
    operation({ verb: 'fail', summary: 'fails', params: { actor: k.domains.process }, effect() { throw new Error('on purpose'); } }),
  ],
});
`,
  );
  const { status, stderr } = run(['-', '--proposal', file], 'A.load(rootlet)\nA.fail()\n');
  t.is(status, 65);
  t.regex(stderr, /the operation 'fail' of 'own' failed: on purpose/);
  t.regex(stderr, /A\.load\(rootlet\) -> fd3/);
});
