import test from 'ava';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { holdfast, packageRoot } from '../run-holdfast.js';

const quiet = '--no-progress';
const small = ['--bounds', 'fds=2,programs=2,pins=0', quiet];

test('a broken claim is shown with its calls and what it needs', (t) => {
  const { status, stdout, stderr } = holdfast([
    'needs',
    'netlink-xdp',
    'held-link-never-overridden',
    ...small,
  ]);
  t.is(status, 0, stderr);
  t.is(stderr, '');
  t.regex(stdout, /^held-link-never-overridden is broken on netlink-xdp by 4 calls:$/m);
  t.regex(stdout, /4 +B +attach\(prog2, eth0\)/);
  t.regex(
    stdout,
    /^It holds\n {2}if only a holder may attach over what is held\n {2}or if there is only one process$/m,
  );
  t.regex(stdout, /--bounds fds=2,programs=2,pins=0$/m);
});

test('without a claim, each broken one has its line, and no other', (t) => {
  const { status, stdout } = holdfast(['needs', 'tc-filter', '--size', '1', ...small]);
  t.is(status, 0);
  t.regex(stdout, /^container-delete-keeps-foreign +✗ 4 +if only a holder may delete_qdisc/m);
  // Filters do not depend on who is alive, so that this claim is kept.
  t.notRegex(stdout, /no-dangling-reference/);
});

test('a claim that holds needs nothing', (t) => {
  const args = ['needs', 'netlink-xdp', 'close-detaches-exactly-one', ...small];
  const { status, stdout } = holdfast(args);
  t.is(status, 0);
  t.regex(stdout, /^close-detaches-exactly-one is not broken on netlink-xdp: holds$/m);
});

test('with --all, each restriction has the calls that it keeps out', (t) => {
  const args = ['needs', 'tc-filter', 'held-link-never-detached-by-others', '--size', '2', '--all', ...small];
  const { status, stdout } = holdfast(args);
  t.is(status, 0);
  t.regex(stdout, /Without "only a holder may delete_qdisc .*", B detached what another\n/);
  t.regex(stdout, /Without "only a holder may detach what is held", B detached what another holds:/);
  t.regex(stdout, /4 +B +delete_qdisc\(eth0\)/);
  t.regex(stdout, /4 +B +detach\(filter2\)/);
});

test('the same question gets the same bytes, timings apart', (t) => {
  const args = ['needs', 'netlink-xdp', '--all', '--size', '1', '--format', 'json', ...small];
  const withoutTimes = (text: string): string => text.replace(/"milliseconds": \d+/g, '');
  t.is(withoutTimes(holdfast(args).stdout), withoutTimes(holdfast(args).stdout));
});

const usage: readonly (readonly [what: string, args: readonly string[], message: RegExp])[] = [
  ['a witness', ['link-fd', 'extension-runs'], /says what must be reachable/],
  [
    'a claim that does not speak',
    ['link-fd', 'delete-by-name-removes-own'],
    /does not speak about 'link-fd'/,
  ],
  ['an unknown claim', ['link-fd', 'crash-restores-placeholdr'], /did you mean 'crash-restores-placeholder'/],
  ['an unknown proposal', ['lnk-fd'], /did you mean 'link-fd'/],
  ['a size out of range', ['link-fd', '--size', '9'], /--size takes a whole number from 1 to 5, not '9'/],
];

for (const [what, args, message] of usage) {
  test(`${what} exits with 64 and says what would be right`, (t) => {
    const { status, stdout, stderr } = holdfast(['needs', ...args]);
    t.is(status, 64, stderr);
    t.regex(stderr, message);
    t.is(stdout, '');
  });
}

const PROPOSAL = `import { defineProposal, guard, linkBehind, detach, linkFd, NONE, operation } from 'holdfast';

export default defineProposal({
  ...linkFd,
  name: 'force-detach',
  operations: (k) => [
    ...linkFd.operations(k),
    operation({
      verb: 'force_detach',
      summary: 'takes a link off its device',
      params: { actor: k.domains.process, link: k.domains.fd },
      guards: [guard('fd-is-a-link', 'EINVAL', (s, actor, link) => linkBehind(s, actor, link) !== NONE)],
      effect: (s, actor, link) => FAULTdetach(s, linkBehind(s, actor, link)),
    }),
  ],
});
`;

function withProposal(t: { teardown(fn: () => void): void }, text: string): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'holdfast-needs-'));
  t.teardown(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  writeFileSync(path.join(directory, 'mine.ts'), text);
  return directory;
}

test("a file's own operations can be taken away, and the powers in them", (t) => {
  const cwd = withProposal(t, PROPOSAL.replace('FAULT', ''));
  const args = ['needs', './mine.ts', 'holder-knows-what-runs', '--size', '1', '--depth', '5', quiet];
  const { status, stdout, stderr } = holdfast(args, { cwd });
  t.is(status, 0, stderr);
  t.regex(stdout, /if only the sole holder may force_detach what is held/);
});

test('a fault of the proposal exits with 65 and says which calls lead there', (t) => {
  const cwd = withProposal(t, PROPOSAL.replace('FAULT', 's.programs[99]!.live ? undefined : '));
  const { status, stdout, stderr } = holdfast(['needs', './mine.ts', quiet], { cwd });
  t.is(status, 65, stderr);
  t.regex(stderr, /force_detach/);
  t.regex(stderr, /The calls that lead there:\n {2}.*A\.load/);
  t.is(stdout, '');
});

test('an interrupted search prints what it knows, and exits with 130', async (t) => {
  const child = spawn(
    process.execPath,
    ['dist/cli/holdfast.js', 'needs', 'chain-call', '--bounds', 'fds=4'],
    {
      cwd: packageRoot,
    },
  );
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  // Once there is progress, the search is on.
  child.stderr.once('data', () => child.kill('SIGINT'));
  const status = await new Promise((resolve) => child.once('exit', resolve));
  t.is(status, 130);
  t.regex(stdout, /^held-link-never-overridden +✗ 4/m);
  t.regex(stdout, /stopped by interrupted/);
});
