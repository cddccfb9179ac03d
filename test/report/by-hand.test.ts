/** What the commands for trying by hand show: calls, states, claims, scripts. */
import test from 'ava';
import { callWords, type PlayedOutcome, type PlayedStep } from '../../checker/playback.js';
import type { PossibleCall } from '../../checker/possible-calls.js';
import type { TriedScript } from '../../corpus/try-script.js';
import { domain, operation } from '../../model/machine/index.js';
import { createLook, createPaint } from '../../report/look.js';
import { showClaims } from '../../report/show-claims.js';
import { showPossibleCalls } from '../../report/show-possible-calls.js';
import { showState } from '../../report/show-state.js';
import { showStep } from '../../report/show-step.js';
import { showTriedScript } from '../../report/show-tried-script.js';

const look = createLook();

const attach = operation({
  verb: 'attach',
  summary: 'attaches',
  params: { actor: domain('process', ['A', 'B']), device: domain('device', ['eth0', 'eth1']) },
});

function call(actor: number, outcome: PlayedOutcome, alike = 0): PossibleCall {
  const args = [actor, 0];
  const words = callWords(attach, args, () => 'nobody');
  return { call: { operation: 0, args }, ...words, result: undefined, outcome, alike };
}

const BUSY: PlayedOutcome = { kind: 'refused', errno: 'EBUSY', guard: 'device-is-free' };

test('possible calls stand under what they come to, with their numbers and the guards that refuse', (t) => {
  const calls = [
    ['3', call(0, { kind: 'ok' }, 1)],
    ['12', call(1, BUSY)],
  ] as const;
  t.deepEqual(showPossibleCalls(calls, look), [
    'accepted',
    '   3  A.attach(eth0)  ok',
    'refused',
    '  12  B.attach(eth0)  EBUSY  device-is-free',
    '1 more call differs from one of these in names only.',
  ]);
  t.deepEqual(showPossibleCalls([], look), []);
});

test('a state is its facts, and who has which numbers', (t) => {
  const tables = [
    {
      owner: 'A',
      entries: [
        { number: 'fd3', object: 'prog' },
        { number: 'fd4', object: 'link' },
      ],
    },
    { owner: undefined, entries: [{ number: 'handle1', object: 'filter' }] },
  ];
  t.deepEqual(showState({ facts: ['prog is loaded'], tables }, look), [
    'prog is loaded',
    'A    fd3 prog, fd4 link',
    'all  handle1 filter',
  ]);
  t.deepEqual(showState({ facts: ['prog is loaded'], tables }, createLook({ width: 16 })).slice(1, 3), [
    'A    fd3 prog,',
    '     fd4 link',
  ]);
  t.deepEqual(showState({ facts: [], tables: [] }, look), ['nothing is there yet']);
});

const step: PlayedStep = {
  ...callWords(attach, [1, 1], () => 'nobody'),
  result: 'link',
  outcome: { kind: 'value', value: 'fd3' },
  gained: ['eth1 runs prog'],
  lost: ['eth1 is empty'],
  facts: ['eth1 runs prog'],
  state: {},
};

test('a call that was made says what it came to, and what it changed', (t) => {
  t.deepEqual(showStep(step, 10, look), [
    '10  link = B.attach(eth1) -> fd3',
    '    + eth1 runs prog',
    '    - eth1 is empty',
  ]);
  t.deepEqual(showStep({ ...step, result: undefined, outcome: BUSY, gained: [], lost: [] }, 2, look), [
    '2  B.attach(eth1) -> EBUSY',
    '   refused: device-is-free',
  ]);
});

test('of claims, the broken ones come first, with their clauses', (t) => {
  t.deepEqual(
    showClaims(
      [
        { name: 'quiet', verdict: { kind: 'silent' } },
        { name: 'good', verdict: { kind: 'kept', spoke: 3 } },
        { name: 'bad', verdict: { kind: 'broken', calls: 4, clause: 'it went' } },
        { name: 'better', verdict: { kind: 'kept', spoke: 1 } },
        { name: 'there', verdict: { kind: 'reached', calls: 0 } },
      ],
      look,
    ),
    [
      '✗ bad: broken by call 4: it went',
      '✓ there: reached before any call',
      '✓ kept so far: good, better',
      '· nothing said yet: quiet',
    ],
  );
});

const tried: TriedScript = {
  calls: [
    {
      line: 9,
      call: 'p = A.load(prog)',
      outcome: { kind: 'value', value: 'fd3' },
      because: undefined,
      expected: 'fd3',
      status: 'as-expected',
    },
    {
      line: 10,
      call: 'B.attach(eth0)',
      outcome: BUSY,
      because: 'device-is-free',
      expected: 'ok',
      status: 'otherwise',
    },
    {
      line: 12,
      call: 'packet(eth0)',
      outcome: { kind: 'saw', words: [] },
      because: undefined,
      expected: undefined,
      status: 'told',
    },
    {
      line: 13,
      call: 'A.crash()',
      outcome: { kind: 'impossible' },
      because: 'actor-is-alive',
      expected: undefined,
      status: 'made',
    },
  ],
  breaches: [{ property: 'claimed', claim: 'it stays', line: 0, clause: 'it went', objects: { gone: 'p' } }],
  expectation: { property: 'claimed', expected: 'kept', got: 'violated-earlier' },
  state: { facts: ['p is loaded'], tables: [] },
  next: [call(0, BUSY)],
};

test('a script says of each line what it came to, and sums up', (t) => {
  t.deepEqual(showTriedScript(tried, look), [
    '✓   9  p = A.load(prog)  fd3',
    '✗  10  B.attach(eth0)    EBUSY       expected ok, device-is-free',
    '?  12  packet(eth0)      nothing',
    '·  13  A.crash()         impossible  actor-is-alive',
    '',
    '4 calls: 1 as expected, 1 not, 1 asked for, 1 without an outcome to compare.',
    "✗ claimed: expected 'kept', and it is 'violated earlier'.",
    '',
    'state behind the last call',
    '  p is loaded',
    '',
    'claims broken by these calls',
    '  ✗ claimed, before any call: it went (gone: p)',
    '',
    'calls possible next',
    '  refused',
    '    A.attach(eth0)  EBUSY  device-is-free',
  ]);
});

test('without Unicode and with colours, it says the same', (t) => {
  const plain = showTriedScript(tried, createLook({ unicode: false }));
  t.true(plain[0]!.startsWith('v   9'));
  t.true(plain[1]!.startsWith('x  10'));
  const coloured = showTriedScript(tried, createLook({ paint: createPaint(true) })).join('\n');
  // eslint-disable-next-line no-control-regex
  t.is(coloured.replaceAll(/\x1b\[\d+m/g, ''), showTriedScript(tried, look).join('\n'));
});
