import test from 'ava';
import {
  CaseSyntaxError,
  fillScript,
  isAsExpected,
  parseScript,
  tryScript,
  type TriedScript,
} from '../../corpus/index.js';
import { netlinkXdp } from '../../model/proposals/netlink-xdp.js';
import { machineOf } from '../../model/proposals/proposal.js';
import { neverOverridden, somethingAttached } from './setting.js';

function tried(text: string): TriedScript {
  return tryScript(parseScript(text, 'x.txt'), machineOf(netlinkXdp), [neverOverridden, somethingAttached]);
}

const CALLS = `prog1 = A.load(prog)
A.attach(prog1, eth0)          -> ok
prog2 = B.load(prog)           -> ?
B.attach_if_empty(prog2, eth0) -> ok
B.attach(prog2, eth0)          -> EBUSY
packet(eth0)                   -> prog1
`;

test('every line is gone through, also behind one that came to something else', (t) => {
  const { calls } = tried(CALLS);
  t.deepEqual(
    calls.map(({ line, status, because }) => [line, status, because]),
    [
      [1, 'made', undefined],
      [2, 'as-expected', undefined],
      [3, 'told', undefined],
      [4, 'otherwise', 'device-is-empty'],
      [5, 'otherwise', undefined],
      [6, 'otherwise', undefined],
    ],
  );
  t.deepEqual(calls[3]!.outcome, { kind: 'refused', errno: 'EBUSY', guard: 'device-is-empty' });
  t.deepEqual(calls[5]!.outcome, { kind: 'saw', words: ['prog2'] });
  t.is(calls[2]!.expected, undefined);
  t.is(calls[3]!.expected, 'ok');
});

test('a call that cannot be made says why', (t) => {
  const { calls } = tried('A.crash()\nA.load(prog) -> fd3\n');
  t.like(calls[1], { status: 'otherwise', because: 'actor-is-alive', outcome: { kind: 'impossible' } });
});

test('the claims that are broken are named, with the line and the objects by the names of the script', (t) => {
  const { breaches } = tried(CALLS);
  t.deepEqual(breaches, [
    {
      property: 'never-overridden',
      claim: neverOverridden.claim,
      line: 5,
      clause: 'the program of another was replaced',
      objects: {},
    },
  ]);
});

test('all is as expected if the outcomes are, and what is expected of the property', (t) => {
  const head = (expect: string): string => `property: never-overridden\nexpect: ${expect}\n`;
  const calls =
    'p = A.load(prog) -> fd3\nA.attach(p, eth0) -> ok\nq = B.load(prog)\nB.attach(q, eth0) -> ?\n';
  t.true(isAsExpected(tried(calls)));
  t.true(isAsExpected(tried(head('violated') + calls)));
  const kept = tried(head('kept') + calls);
  t.deepEqual(kept.expectation, { property: 'never-overridden', expected: 'kept', got: 'violated' });
  t.false(isAsExpected(kept));
  t.false(isAsExpected(tried(CALLS)));
});

test('at the end stands what is there, and what can be done next, by the names of the script', (t) => {
  const { state, next } = tried(CALLS);
  t.deepEqual(state.facts, ['prog1 is loaded', 'prog2 is loaded', 'eth0 runs prog2']);
  const detaching = next.filter(({ verb, actor }) => verb === 'detach' && actor === 'A');
  t.deepEqual(
    detaching.map(({ args, outcome }) => [args, outcome]),
    [[['eth0'], { kind: 'ok' }]],
  );
  t.true(next.some(({ verb, args }) => verb === 'close' && args[0] === 'prog2'));
});

test('no header need be there, but one that is there must be right', (t) => {
  t.is(parseScript('packet(eth0)\n', 'x').calls.length, 1);
  const fault = t.throws(() => parseScript('propsal: netlink-xdp\npacket(eth0)\n', 'x.txt'), {
    instanceOf: CaseSyntaxError,
  });
  t.is(fault.message, "x.txt:1:1: there is no header 'propsal'; did you mean 'proposal'?");
});

test('a word that does not fit is pointed at, also behind a question', (t) => {
  const fault = t.throws(() => tried('prog1 = A.load(prog) -> ?\nA.attach(prg1, eth0) -> ?\n'));
  t.regex(fault.message, /^x\.txt:2:10: 'prg1' cannot be .* did you mean 'prog1'\?$/);
});

function filled(text: string): string {
  return fillScript(text, parseScript(text, 'x.txt'), tried(text));
}

test('outcomes are filled in where they are asked for or missing, and all else stays', (t) => {
  t.is(
    filled(CALLS),
    `prog1 = A.load(prog)           -> fd3
A.attach(prog1, eth0)          -> ok
prog2 = B.load(prog)           -> fd3
B.attach_if_empty(prog2, eth0) -> ok
B.attach(prog2, eth0)          -> EBUSY
packet(eth0)                   -> prog1
`,
  );
});

test('a comment stays behind the outcome that is filled in; without any outcome, they stand where cases have them', (t) => {
  t.is(
    filled('# first\n  p = A.load(prog)  # ours\nA.attach(p, eth0)   # öäü\n'),
    `# first
  p = A.load(prog)              -> fd3  # ours
A.attach(p, eth0)               -> ok  # öäü
`,
  );
  t.is(filled('p = A.load(prog) -> ?  # ours\n'), 'p = A.load(prog) -> fd3  # ours\n');
});

test('what is filled in is as expected when it is tried again', (t) => {
  const again = tried(
    filled('p = A.load(prog)\nA.attach(p, eth0)\nA.detach(eth0)\nA.detach(eth0) -> ?\npacket(eth0)\n'),
  );
  t.deepEqual([...new Set(again.calls.map(({ status }) => status))], ['as-expected']);
});
