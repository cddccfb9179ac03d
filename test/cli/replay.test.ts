import test from 'ava';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { holdfast, packageRoot } from '../run-holdfast.js';

const THEFT = 'counterexamples/incidents/handle-theft.case';
const TITLE = 'a cleanup by handle deletes the filter of another agent';

const replayAs = (format: string, ...files: readonly string[]) =>
  holdfast(['replay', ...files, '--format', format]);

function written(name: string): string {
  return readFileSync(path.join(packageRoot, name), 'utf8');
}

test('a case as a mail: its title, calls and origins, in 72 columns of ASCII', (t) => {
  const { status, stdout, stderr } = replayAs('mail', THEFT);
  t.is(status, 0, stderr);
  t.is(stderr, '');
  t.true(stdout.startsWith(TITLE));
  t.regex(stdout, /^ {2}5\. B\.replace\(handle, datapath\) +-> ok$/m);
  t.regex(stdout, /^\[3\] https:\/\/github\.com\/DataDog\/datadog-agent\/pull\/13692$/m);
  t.regex(stdout, /^ {2}npx holdfast replay counterexamples\/incidents\/handle-theft\.case$/m);
  t.regex(stdout, /^[\n\x20-\x7e]*$/);
  t.deepEqual(
    stdout.split('\n').filter((line) => line.length > 72),
    [],
  );
});

test('a case as a sequence diagram', (t) => {
  const { status, stdout, stderr } = replayAs('mermaid', THEFT);
  t.is(status, 0, stderr);
  t.regex(stdout, /^sequenceDiagram$/m);
  t.is(stdout.match(/->>p\d: \d\. /g)?.length, 7);
});

test('a case as a trace: a state before the first call and one behind each', (t) => {
  const { status, stdout, stderr } = replayAs('itf', THEFT);
  t.is(status, 0, stderr);
  const { states } = JSON.parse(stdout) as { states: { outcome: string }[] };
  t.deepEqual(
    states.map(({ outcome }) => outcome),
    ['', 'ok', 'fd3', 'handle1', 'fd3', 'ok', 'datapath', 'ok'],
  );
});

test('a case as a C program: a function for each call', (t) => {
  const { status, stdout, stderr } = replayAs('c', THEFT);
  t.is(status, 0, stderr);
  t.true(stdout.startsWith(`/*\n * ${TITLE}\n`));
  t.is(stdout.match(/^static int call_\d+\(void\)$/gm)?.length, 7);
  t.regex(stdout, /^\/\* 7\. A\.detach\(handle\) -> ok \*\/$/m);
});

test('a case whose calls Linux does not have is no C program, and which call is said', (t) => {
  const { status, stdout, stderr } = replayAs('c', 'counterexamples/incidents/firewall-crash.case');
  t.is(status, 64);
  t.is(stdout, '');
  t.regex(
    stderr,
    /Linux does not have call 5, 'fw1 = B\.load\(target, placeholder1, fw1\)': extensions came in 5\.6 as freplace/,
  );
});

test('of two cases no mail can be written', (t) => {
  const { status, stdout, stderr } = replayAs('mail', THEFT, 'counterexamples/incidents/wrong-slot.case');
  t.is(status, 64);
  t.is(stdout, '');
  t.regex(stderr, /--format mail is about a single case, and here are 2: name one\./);
});

test('a case from standard input', (t) => {
  const { status, stdout, stderr } = holdfast(['replay', '-', '--format', 'mail'], { input: written(THEFT) });
  t.is(status, 0, stderr);
  t.true(stdout.startsWith(TITLE));
  t.regex(stdout, /^Broken by call 7: A removed by name what another holds/m);
});

test('a case that comes out otherwise than it says is written as it comes out, and said to have changed', (t) => {
  const input = written(THEFT).replace(
    'packet(eth0)                    -> datapath',
    'packet(eth0) -> agent',
  );
  const { status, stdout, stderr } = holdfast(['replay', '-', '--format', 'mail'], { input });
  t.is(status, 1);
  t.regex(stdout, /^ {2}6\. packet\(eth0\) +-> datapath$/m);
  t.regex(stderr, /datapath/);
});

test('what a check finds is written as mails', (t) => {
  const { status, stdout, stderr } = holdfast([
    ...['check', 'netlink-xdp', '--exhaustive', '--depth', '4', '--no-progress', '--format', 'mail'],
    ...['--property', 'held-link-never-overridden'],
  ]);
  t.is(status, 0, stderr);
  // Two load, one attaches, the other attaches.
  t.regex(stdout, /^4 calls break a claim made for netlink-xdp/m);
  t.regex(stdout, /^ {2}4\. B\.attach\(prog2, eth0\) -> ok$/m);
  t.regex(stdout, /^Broken by call 4: B put another program in the place of one that is$/m);
});
