import test from 'ava';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { holdfast, packageRoot } from '../run-holdfast.js';

const versions = ['test/models/attach-v3.ts', 'test/models/attach-v4.ts'];

/** The numbered lines, each on one line. */
function headlines(stdout: string): string[] {
  return (stdout.match(/^\d+\. .*(?:\n {2}\S.*)*/gm) ?? []).map((text) => text.replaceAll(/\n +/g, ' '));
}

test('two versions of one proposal: a shortest sequence for each kind of difference', (t) => {
  const { status, stdout, stderr } = holdfast(['diff', ...versions, '--no-progress']);
  t.is(status, 1, stderr);
  t.is(stderr, '');
  // Worked out by hand from what the head of attach-v4.ts says.
  t.deepEqual(headlines(stdout), [
    '1. close: then rootlet is alive in attach-v3.ts only [3 calls]',
    '2. attach: done in attach-v3.ts, refused in attach-v4.ts with EBUSY (program-is-not-attached) [3 calls]',
    '3. force_detach in attach-v4.ts alone: then packet(eth0) shows rootlet placeholder1 in attach-v3.ts and nothing in ' +
      'attach-v4.ts [3 calls]',
    '4. attach: refused in both, with EBUSY (device-is-free) in attach-v3.ts and EEXIST (device-is-free) in attach-v4.ts ' +
      '[4 calls]',
  ]);
  t.regex(stdout, /attach-v3\.ts +attach +device-is-free \(EBUSY\)/);
  t.regex(stdout, /references +programs\.target keeps what it refers to/);
  t.regex(stdout, /attach-v4\.ts +operations +force_detach\(link\)/);
  t.regex(stdout, /All sequences\s+within the bounds were looked at/);
});

test('two files that say the same cannot be told apart, and exit with 0', (t) => {
  const made = mkdtempSync(path.join(tmpdir(), 'holdfast-diff-'));
  t.teardown(() => {
    rmSync(made, { recursive: true, force: true });
  });
  const copy = path.join(made, 'copy.ts');
  cpSync(path.join(packageRoot, versions[0]!), copy);
  const { status, stdout, stderr } = holdfast(['diff', versions[0]!, copy, '--no-progress']);
  t.is(status, 0, stderr);
  t.regex(stdout, /Both have the same operations, arguments and checks\./);
  t.regex(
    stdout,
    /attach-v3\.ts and copy\.ts cannot be told apart by any sequence of calls within the bounds\./,
  );
});

test('a machine and itself: nothing is searched', (t) => {
  const { status, stdout } = holdfast(['diff', 'link-fd', 'link-fd']);
  t.is(status, 0);
  t.is(stdout, 'link-fd and link-fd are the same machine: nothing can tell them apart.\n');
});

test('what a check changes', (t) => {
  const args = [
    'diff',
    'link-fd',
    'link-fd',
    '--without-b',
    'device-is-free',
    '--depth',
    '3',
    '--no-progress',
  ];
  const { status, stdout } = holdfast(args);
  t.is(status, 1);
  t.deepEqual(headlines(stdout), [
    '1. attach: done in link-fd without device-is-free, refused in link-fd with EBUSY (device-is-free) [3 calls]',
  ]);
  t.regex(stdout, /▶ +3 A\.attach\(rootlet, eth0\) +EBUSY +fd5/);
});

test('a search that did not close says how far it looked', (t) => {
  const { status, stdout } = holdfast(['diff', 'link-fd', 'btf-copy', '--depth', '2', '--no-progress']);
  t.is(status, 0);
  t.regex(stdout, /link-fd and btf-copy cannot be told apart by sequences of up to 2 calls\./);
});

test('operations that are the same by hand', (t) => {
  const args = ['diff', 'explicit-replace', 'link-fd', '--depth', '2', '--kinds', '--no-progress'];
  t.regex(holdfast(args).stdout, /explicit-replace +operations +detach\(device\), replace-subprogram\(/);
  const { stdout } = holdfast([...args, '--same', 'replace-subprogram=attach-extension']);
  t.notRegex(stdout, /operations .*replace-subprogram\(/);
});

test('json is the same each time, times apart', (t) => {
  const run = (): string =>
    holdfast(['diff', ...versions, '--format', 'json', '--no-progress']).stdout.replace(
      /"milliseconds": \d+/,
      '',
    );
  const once = run();
  t.is(run(), once);
  t.is((JSON.parse(once.replace(/^ +,$/m, '')) as { differences: unknown[] }).differences.length, 4);
});

for (const [what, args, message] of [
  ['a proposal', ['link-f', 'btf-copy'], /There is no proposal 'link-f': did you mean 'link-fd'\?/],
  [
    'an operation',
    ['link-fd', 'btf-copy', '--same', 'attach=atach'],
    /--same: 'btf-copy' has no operation 'atach': did you mean 'attach'\?/,
  ],
  [
    'a pair',
    ['link-fd', 'btf-copy', '--same', 'attach'],
    /--same takes an operation of A, '=' and one of B, not 'attach'/,
  ],
  [
    'a pair given twice',
    ['link-fd', 'btf-copy', '--same', 'load=load,load=dup'],
    /--same: 'load' can be the same as one operation only/,
  ],
  [
    'a rule',
    ['link-fd', 'btf-copy', '--without-b', 'device-is-fre'],
    /--without-b: nothing is called 'device-is-fre' there: did you mean 'device-is-free'\?/,
  ],
] as const) {
  test(`${what} that there is not exits with 64 and says what is near`, (t) => {
    const { status, stdout, stderr } = holdfast(['diff', ...args, '--no-progress']);
    t.is(status, 64);
    t.is(stdout, '');
    t.regex(stderr, message);
  });
}

test('a proposal whose rules fail exits with 65 and names the calls', (t) => {
  const args = [
    'diff',
    'link-fd',
    'link-fd',
    '--without-b',
    'attach/fd-is-open,attach/fd-is-a-program',
    '--no-progress',
  ];
  const { status, stderr } = holdfast(args);
  t.is(status, 65);
  t.regex(stderr, /the operation 'attach' of 'link-fd' failed/);
  t.regex(stderr, /The calls that lead there:/);
});
