import test from 'ava';
import { instance } from '@viz-js/viz';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { holdfast } from '../run-holdfast.js';

const graph = (...args: readonly string[]) => holdfast(['graph', ...args]);

/** One process, one descriptor, one program: small enough to be counted by hand. */
const TINY = ['--bounds', 'processes=1,fds=1,programs=1,pins=0', '--without', 'dup,restart,crash'];

function temporaryDirectory(t: { teardown(undo: () => void): void }): string {
  const made = mkdtempSync(path.join(tmpdir(), 'holdfast-graph-'));
  t.teardown(() => {
    rmSync(made, { recursive: true, force: true });
  });
  return made;
}

test('a small space is drawn as DOT: each state and the calls between them', (t) => {
  const { status, stdout, stderr } = graph('netlink-xdp', ...TINY, '--format', 'dot');
  t.is(status, 0, stderr);
  t.is(stderr, '');
  // Nothing; loaded; loaded and attached; attached and closed.
  t.is(stdout.match(/^ {2}s\d+ \[/gm)?.length, 4);
  t.regex(stdout, /netlink-xdp: .*\\n4 states, without dup, restart, crash/);
  t.regex(stdout, /s0 -> s1 \[label="A: load\(prog\)"/);
  t.regex(stdout, /s1 -> s2 \[label="A: attach\(prog1, eth0\)\\n/);
  t.regex(stdout, /s2 -> s3 \[label="A: close\(prog1\)"/);
});

test('without a format it is SVG, and the same as Graphviz makes of the DOT', async (t) => {
  const svg = graph('netlink-xdp', ...TINY);
  const dot = graph('netlink-xdp', ...TINY, '--format', 'dot');
  t.is(svg.status, 0, svg.stderr);
  t.regex(svg.stdout, /^<\?xml /);
  t.is(svg.stdout.match(/class="node"/g)?.length, 4);
  t.is(svg.stdout.trim(), (await instance()).renderString(dot.stdout, { format: 'svg' }).trim());
});

test('with --output it is written there, and nothing to standard output', (t) => {
  const directory = temporaryDirectory(t);
  for (const format of ['svg', 'dot']) {
    const file = path.join(directory, `drawn.${format}`);
    writeFileSync(file, 'what was there before');
    const { status, stdout, stderr } = graph('netlink-xdp', ...TINY, '--format', format, '-o', file);
    t.is(status, 0, stderr);
    t.is(stdout, '');
    const printed = graph('netlink-xdp', ...TINY, '--format', format).stdout;
    t.is(readFileSync(file, 'utf8').trim(), printed.trim());
  }
});

test('where a claim is broken: the state is red, and the way there as long as check says', (t) => {
  const { status, stdout, stderr } = graph(
    ...[
      'netlink-xdp',
      '--bounds',
      'processes=2,fds=1,programs=2,pins=0',
      '--without',
      'dup,send,restart,crash',
    ],
    ...['-p', 'held-link-never-overridden', '--format', 'dot'],
  );
  t.is(status, 0, stderr);
  t.regex(stdout, /✗ B put another program in the\\nplace of one that is held/);
  // A loads, B loads, A attaches, B attaches.
  t.is(stdout.match(/ -> .*penwidth="2"/g)?.length, 4);
});

test('a space above the limit is not drawn: how many states it has is said, and each way out is one', (t) => {
  const args = ['link-fd', '--bounds', 'processes=1,programs=2,fds=2', '--limit', '20'];
  const { status, stdout, stderr } = graph(...args);
  t.is(status, 64);
  t.is(stdout, '');
  t.regex(
    stderr,
    /link-fd has [\d,]+ states here, and no more than 20 are drawn\. Raise --limit, or try one of these:/,
  );
  const ways = [...stderr.matchAll(/^ {2}(--.*?) {2}\((\d+) states\)$/gm)];
  t.true(ways.length >= 2, stderr);
  for (const [, option, states] of ways) {
    // The last one of --bounds is taken.
    const drawn = graph(...args, ...option!.split(' '), '--format', 'dot');
    t.is(drawn.status, 0, drawn.stderr);
    t.is(drawn.stdout.match(/^ {2}s\d+ \[/gm)?.length, Number(states));
    t.true(Number(states) <= 20);
  }
});

test('a space of exactly as many states as the limit is drawn', (t) => {
  t.is(graph('netlink-xdp', ...TINY, '--limit', '4', '--format', 'dot').status, 0);
  const { status, stderr } = graph('netlink-xdp', ...TINY, '--limit', '3');
  t.is(status, 64);
  t.regex(stderr, /has 4 states here, and no more than 3 are drawn/);
});

test('an unknown proposal, and what was meant', (t) => {
  const { status, stdout, stderr } = graph('link-fb');
  t.is(status, 64);
  t.is(stdout, '');
  t.regex(stderr, /'link-fb'.*link-fd/);
});

test('a claim that does not speak about the proposal is refused', (t) => {
  // It is about detach, and what link-fd attaches goes with its descriptors.
  const { status, stderr } = graph('link-fd', '--depth', '1', '-p', 'delete-by-name-removes-own');
  t.is(status, 64);
  t.regex(stderr, /'delete-by-name-removes-own' says nothing about link-fd: leave it out\./);
});

test('a claim about several refusals has no place in a picture, and is refused', (t) => {
  const { status, stdout, stderr } = graph('netlink-xdp', ...TINY, '-p', 'errno-tells-the-cause');
  t.is(status, 64);
  t.is(stdout, '');
  t.regex(stderr, /'errno-tells-the-cause' is about several refusals together, .* leave it out\./);
});

test('a file that cannot be written', (t) => {
  const directory = temporaryDirectory(t);
  const file = path.join(directory, 'a-file');
  writeFileSync(file, 'not a directory');
  const { status, stderr } = graph('netlink-xdp', ...TINY, '-o', path.join(file, 'drawn.svg'));
  t.is(status, 73);
  t.regex(stderr, /drawn\.svg/);
  t.false(existsSync(path.join(file, 'drawn.svg')));
  t.is(readFileSync(file, 'utf8'), 'not a directory');
});
