import test from 'ava';
import type { PlayedStep } from '../../checker/playback.js';
import { formatComparisonJson } from '../../report/comparison-json.js';
import { showComparison } from '../../report/comparison-text.js';
import { createLook } from '../../report/look.js';
import { showScenario } from '../../report/scenario-text.js';
import type { PlayedScenario } from '../../report/comparison.js';
import { compareRuns, parseScenario, type Outcome, type ScenarioRun } from '../../scenario/index.js';
import { aFinding, aProposal, HOLDS, violated } from './fixtures.js';

const scenario = parseScenario(
  [
    'scenario: two tools attach to the same device',
    'origin: a mail',
    'prog = A.load(program)',
    'link = A.attach(prog, eth0)',
    'A.close(link)',
    'packet(eth0)',
  ].join('\n'),
  'two-tools.scenario',
);

const DONE: Outcome = { kind: 'done' };

function call(text: string, outcome: PlayedStep['outcome'] = { kind: 'ok' }): PlayedStep {
  const [, verb, args] = /^(\w+)\((.*)\)$/.exec(text)!;
  return {
    ...{ actor: 'A', operation: verb!, verb: verb!, args: args!.split(', '), result: undefined, outcome },
    ...{ gained: [], lost: [], facts: [], state: {} },
  };
}

const runs: readonly ScenarioRun[] = [
  {
    proposal: 'netlink-xdp',
    steps: [
      { outcome: DONE, calls: [call('load(prog)')] },
      { outcome: DONE, calls: [call('attach(prog, eth0)')] },
      { outcome: { kind: 'nothing-to-do', why: 'no descriptor to close' }, calls: [] },
      { outcome: { kind: 'met', programs: ['prog'] }, calls: [call('packet(eth0)')] },
    ],
  },
  {
    proposal: 'link-fd',
    steps: [
      { outcome: DONE, calls: [call('load(rootlet)')] },
      {
        outcome: { kind: 'refused', errno: 'EBUSY', guard: 'device-is-free' },
        calls: [call('attach(prog, eth0)', { kind: 'refused', errno: 'EBUSY', guard: 'device-is-free' })],
      },
      { outcome: { kind: 'out-of-reach', why: 'there is no link' }, calls: [] },
      { outcome: { kind: 'met', programs: [] }, calls: [call('packet(eth0)')] },
    ],
  },
  {
    proposal: 'nothing-yet',
    steps: [{ outcome: { kind: 'cannot-be-said', why: 'no call loads it' }, calls: [] }],
  },
];

const played: PlayedScenario = { name: 'two-tools', scenario, runs, ...compareRuns(runs) };

test('a scenario is shown step by step, the designs side by side, and where they part', (t) => {
  t.deepEqual(showScenario(played, 'outcomes', createLook()), [
    'two tools attach to the same device',
    'origin  a mail',
    '',
    '   step                         netlink-xdp               link-fd           nothing-yet',
    '   prog = A.load(program)       ok                        ok                cannot be said:',
    '                                                                            no call loads it',
    '▶  link = A.attach(prog, eth0)  ok                        EBUSY',
    '                                                          device-is-free',
    '   A.close(link)                · no descriptor to close  out of reach:',
    '                                                          there is no link',
    '   packet(eth0)                 prog                      nothing',
    '',
    'nothing-yet cannot say it all: no call loads it.',
    '▶ First difference, at link = A.attach(prog, eth0): done in netlink-xdp; refused in link-fd.',
    '· Nothing is done, and nothing need be: the design has no such descriptor.',
  ]);
});

test('with the calls that each step becomes', (t) => {
  const lines = showScenario({ ...played, runs: [runs[1]!] }, 'calls', createLook());
  t.deepEqual(lines.slice(3, 9), [
    '   step                         link-fd',
    '   prog = A.load(program)       ok',
    '                                load(rootlet)',
    '▶  link = A.attach(prog, eth0)  EBUSY',
    '                                device-is-free',
    '                                attach(prog, eth0)',
  ]);
});

test('where no step differs, that is said', (t) => {
  const [first] = runs;
  const agreeing = [first!, { ...first!, proposal: 'another' }];
  const lines = showScenario(
    { name: 'x', scenario, runs: agreeing, ...compareRuns(agreeing) },
    'outcomes',
    createLook(),
  );
  t.true(lines.includes('They agree at every step.'));
  t.false(lines.some((line) => line.includes('▶')));
});

test('a comparison is the table of claims, and a line for each scenario', (t) => {
  const proposals = [
    aProposal('netlink-xdp', [
      aFinding('owner-decides', violated(4), { expectedReason: 'nobody owns the hook' }),
    ]),
    aProposal('link-fd', [aFinding('owner-decides', HOLDS)]),
  ];
  const lines = showComparison({ version: '1', proposals, scenarios: [played] }, createLook());
  t.deepEqual(lines.slice(0, 3), [
    '               netlink-  link-',
    'Claims         xdp       fd',
    'owner-decides  ✗ 4       holds',
  ]);
  t.deepEqual(lines.slice(-4), [
    'Scenarios  said by  first difference',
    'two-tools  2 of 3   link = A.attach(prog, eth0)  done in 1, refused in 1',
    '',
    'Step by step: npx holdfast compare --scenario two-tools',
  ]);
});

test('as JSON', (t) => {
  const proposals = [aProposal('link-fd', [aFinding('owner-decides', violated(4))])];
  const read = JSON.parse(formatComparisonJson({ version: '1', proposals, scenarios: [played] })) as unknown;
  t.like(read, {
    schema: 1,
    holdfast: '1',
    claims: [
      {
        property: 'owner-decides',
        kind: 'state',
        verdicts: [{ proposal: 'link-fd', status: 'failed', kind: 'violated', calls: 4 }],
      },
    ],
    scenarios: [
      {
        name: 'two-tools',
        title: 'two tools attach to the same device',
        origins: ['a mail'],
        divergence: {
          step: 1,
          groups: [
            { gist: 'done', proposals: ['netlink-xdp'] },
            { gist: 'refused', proposals: ['link-fd'] },
          ],
        },
        unsaid: [{ proposal: 'nothing-yet', why: 'no call loads it' }],
      },
    ],
  });
  const { scenarios } = read as { scenarios: { steps: unknown[]; runs: { steps: unknown[] }[] }[] };
  t.deepEqual(scenarios[0]!.steps[1], { step: 'link = A.attach(prog, eth0)', line: 4 });
  t.deepEqual(scenarios[0]!.runs[1]!.steps[1], {
    kind: 'refused',
    errno: 'EBUSY',
    guard: 'device-is-free',
    calls: [
      { call: 'A.attach(prog, eth0)', outcome: { kind: 'refused', errno: 'EBUSY', guard: 'device-is-free' } },
    ],
  });
});
