import test from 'ava';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  assertCase,
  assertCases,
  assertClaims,
  assertProject,
  broken,
  defineProperty,
  HoldfastAssertionError,
  linkFd,
  netlinkXdp,
  parseCase,
  properties,
  type KernelState,
} from '../../index.js';
import { packageRoot } from '../run-holdfast.js';
import { directoryWith, proposalText } from './directory.js';

/** Small enough to be looked at whole in no time, and large enough for one process to override another. */
const bounds = { processes: 2, fds: 2, programs: 2, attachments: 1, pins: 0 };

/** A proposal of one's own, of which nothing is known. */
const blind = { ...netlinkXdp, name: 'blind', expected: {} };

const expected = { instanceOf: HoldfastAssertionError };

test('a claim that is kept is no failure, and neither is one that is expected to be broken', (t) => {
  t.notThrows(() => assertClaims(linkFd, { bounds, properties: ['held-link-never-overridden'] }));
  t.notThrows(() => assertClaims(netlinkXdp, { bounds, properties: ['held-link-never-overridden'] }));
});

test('a broken claim fails with the shortest counterexample', (t) => {
  const { message } = t.throws(
    () => assertClaims(blind, { bounds, properties: ['held-link-never-overridden'] }),
    expected,
  );

  // As the README shows it.
  t.true(
    message.includes(`✗ blind held-link-never-overridden: broken by 4 calls

     who  call                 outcome  what changed
  1  A    prog1 = load(prog)   fd3      + prog1 is loaded
  2  B    prog2 = load(prog)   fd3      + prog2 is loaded
  3  A    attach(prog1, eth0)  ok       + eth0 runs prog1
  4  B    attach(prog2, eth0)  ok       + eth0 runs prog2
                                        - eth0 runs prog1

  broken   B put another program in the place of one that is held
  objects  held: prog1, now: prog2
`),
    message,
  );
});

test('all broken claims are in one message, which fits 80 columns', (t) => {
  const { message } = t.throws(() => assertClaims(blind, { bounds, depth: 4 }), expected);

  t.true(message.includes('✗ blind held-link-never-overridden: broken by 4 calls'));
  t.true(message.includes('✗ blind crash-restores-placeholder: broken by 3 calls'));
  const tooWide = message.split('\n').filter((line) => line.length > 80 && !line.includes('https://'));
  t.deepEqual(tooWide, []);
});

test('a claim that is kept against expectation fails, once the whole space was looked at', (t) => {
  const wrong = { ...linkFd, expected: { 'held-link-never-overridden': 'we thought so' } };
  const asked = { bounds, properties: ['held-link-never-overridden'] };

  const { message } = t.throws(() => assertClaims(wrong, asked), expected);
  t.regex(message, /held-link-never-overridden: holds, but was expected to be broken \(we\s+thought so\)/);
  t.notThrows(() => assertClaims(wrong, { ...asked, depth: 3 }));
});

test('a rule that is switched off can make a claim fall', (t) => {
  const asked = {
    bounds: { ...bounds, fds: 3, attachments: 2 },
    properties: ['exclusive-hook-has-one-owner'],
  };

  t.notThrows(() => assertClaims(linkFd, { ...asked, depth: 4 }));
  t.throws(() => assertClaims(linkFd, { ...asked, depth: 4, without: ['device-is-free'] }), expected);
});

test("a property of one's own is asked like the others", (t) => {
  const nobodyLoads = defineProperty<KernelState>({
    name: 'nobody-loads',
    kind: 'state',
    claim: 'Nothing is loaded.',
    source: 'this test',
    situation: 'always',
    speaksAbout: 'all',
    check: (s) => (s.programs[0]!.live ? broken('a program is loaded') : true),
  });

  const { message } = t.throws(() => assertClaims(linkFd, { bounds, properties: [nobodyLoads] }), expected);
  t.regex(message, /nobody-loads: broken by 1 call\n/);
});

test('a name that is no claim, and claims of which none speaks, are mistakes and no success', (t) => {
  t.throws(() => assertClaims(linkFd, { properties: ['held-link-never-overriden'] }), {
    instanceOf: RangeError,
    message: `there is no property 'held-link-never-overriden'; did you mean 'held-link-never-overridden'?`,
  });
  t.throws(() => assertClaims(netlinkXdp, { properties: ['last-unpin-restores-placeholder'] }), {
    instanceOf: RangeError,
    message: `no claim that is asked for speaks about 'netlink-xdp': 'last-unpin-restores-placeholder'`,
  });
});

test('the stack begins where the assertion was made', (t) => {
  const { stack = '' } = t.throws(() => assertClaims(blind, { bounds, depth: 4 }), expected);

  const [first = ''] = stack.split('\n').filter((line) => /^ +at /.test(line));
  t.regex(first, /assertions\.test\.ts/);
});

const handled = `case: two tools set the same device
proposal: netlink-xdp
property: held-link-never-overridden
expect: violated

tool = A.load(prog)    -> fd3
A.attach(tool, eth0)   -> ok
other = B.load(prog)   -> fd3
B.attach(other, eth0)  -> ok
`;

test('a case that replays as it says is no failure', (t) => {
  const directory = directoryWith(t, { 'two-tools.case': handled });

  t.notThrows(() => assertCase(path.join(directory, 'two-tools.case')));
  t.notThrows(() => assertCase(parseCase(handled, 'two-tools.case')));
});

test('a case with another outcome fails, and so does one that cannot be read', (t) => {
  const changed = parseCase(handled.replace('eth0)  -> ok', 'eth0)  -> EBUSY'), 'two-tools.case');
  const directory = directoryWith(t, { 'bad.case': 'case: no calls\n' });

  t.throws(() => assertCase(changed), {
    ...expected,
    message: /two-tools\.case:9: 'B\.attach\(other, eth0\)' came to 'EBUSY', and now comes to 'ok'\./,
  });
  t.throws(() => assertCase(path.join(directory, 'bad.case')), {
    ...expected,
    message: /bad\.case:\d+:\d+: /,
  });
  t.throws(() => assertCase(path.join(directory, 'none.case')), {
    ...expected,
    message: /cannot read .*none\.case/,
  });
});

test("a case can be about a proposal of one's own", (t) => {
  const own = parseCase(handled.replace('netlink-xdp', 'blind'), 'own.case');

  t.notThrows(() => assertCase(own, { proposals: [blind] }));
  t.throws(() => assertCase(own), { ...expected, message: /own\.case:2:11: there is no proposal 'blind'/ });
});

test('all cases below a directory are replayed, and none is a failure', (t) => {
  const directory = directoryWith(t, { 'a/good.case': handled, 'a/b/bad.case': 'nonsense\n', 'empty/x': '' });

  t.notThrows(() => assertCases(path.join(packageRoot, 'counterexamples/netlink-xdp')));
  t.throws(() => assertCases(directory), { ...expected, message: /a\/b\/bad\.case:1:9/ });
  t.throws(() => assertCases(path.join(directory, 'empty')), {
    ...expected,
    message: /there is no case here/,
  });
});

test('a whole project is checked as its config says', async (t) => {
  const reasons = JSON.stringify(netlinkXdp.expected);
  const directory = directoryWith(t, {
    'holdfast.config.mjs': `export default { proposals: './designs', cases: './cases' };`,
    'designs/mine.mjs': proposalText('mine', reasons),
    'cases/mine.case': handled.replace('netlink-xdp', 'mine'),
  });
  await t.notThrowsAsync(assertProject({ directory, bounds, depth: 4 }));

  const worse = directoryWith(t, {
    'holdfast.config.mjs': readFileSync(path.join(directory, 'holdfast.config.mjs'), 'utf8'),
    'designs/mine.mjs': proposalText('mine', reasons.replace('held-link-never-overridden', 'something-else')),
    'cases/mine.case': handled.replace('netlink-xdp', 'mine').replace('-> fd3', '-> fd4'),
  });
  const { message } = await t.throwsAsync(assertProject({ directory: worse, bounds, depth: 4 }), expected);
  t.regex(message, /mine\.case:6: 'tool = A\.load\(prog\)' came to 'fd4', and now comes to 'fd3'/);
  t.regex(message, /✗ mine held-link-never-overridden: broken by 4 calls/);
});

test('a project without a config, or without a proposal, is a mistake and no success', async (t) => {
  const directory = directoryWith(t, {
    'repository/.git/HEAD': '',
    'empty/holdfast.config.mjs': 'export default {};',
  });

  await t.throwsAsync(assertProject({ directory: path.join(directory, 'repository') }), {
    instanceOf: RangeError,
    message: /there is no holdfast\.config\.ts in /,
  });
  await t.throwsAsync(assertProject({ directory: path.join(directory, 'empty') }), {
    instanceOf: RangeError,
    message: /there is no proposal in this project/,
  });
});

test('every built-in property can be asked for by its name', (t) => {
  const names = properties.map(({ name }) => name);

  t.notThrows(() => assertClaims(linkFd, { bounds, depth: 1, properties: names }));
});
