/** The scenarios that come with the package, in every built-in design. */
import test from 'ava';
import { proposals } from '../../model/proposals/index.js';
import { compareRuns, readScenarios, runScenario } from '../../scenario/index.js';

const stored = readScenarios('scenarios');

test('there are scenarios, each with a public source', (t) => {
  t.true(stored.length >= 14);
  for (const { name, scenario } of stored) {
    t.true(scenario.origins.length > 0, name);
    for (const origin of scenario.origins) t.regex(origin, /^https:\/\/|^Linux /, name);
  }
});

for (const { name, scenario } of stored) {
  const runs = proposals.map((proposal) => runScenario(scenario, proposal));

  test(`${name}: every design says it to its end, or where and why not`, (t) => {
    for (const { proposal, steps } of runs) {
      const last = steps.at(-1)!.outcome;
      if (steps.length < scenario.steps.length) t.is(last.kind, 'cannot-be-said', proposal);
      for (const { outcome, calls } of steps) {
        if (outcome.kind === 'done' || outcome.kind === 'met') t.true(calls.length > 0, proposal);
        else if (outcome.kind !== 'refused') t.not(outcome.why, '', proposal);
        // Room for everything: no call is kept back by the model's own bounds.
        t.true(
          calls.every((call) => call.outcome.kind !== 'impossible'),
          proposal,
        );
      }
    }
  });

  test(`${name}: at least two designs can say all of it`, (t) => {
    t.true(proposals.length - compareRuns(runs).unsaid.length >= 2);
  });

  test(`${name}: the same again comes to the same`, (t) => {
    t.deepEqual(
      proposals.map((proposal) => runScenario(scenario, proposal)),
      runs,
    );
  });
}

/** Before there were links, and since. */
function onLinux(before: string, since: string): Readonly<Record<string, string>> {
  const withLinks = ['linux-xdp-links', 'linux-reattach', 'linux-tcx', 'linux'];
  return { 'linux-before-links': before, ...Object.fromEntries(withLinks.map((name) => [name, since])) };
}

/** What the last packet of a scenario meets, by design; worked out from what each design says of itself. */
const LAST_PACKET: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // Whoever set last; both; or the first, where a hook that is taken refuses.
  'two-tools': {
    'netlink-xdp': 'prog2',
    'tc-filter': 'prog2 prog1',
    'prog-array': 'prog2',
    'chain-call': 'prog2',
    'link-fd': 'prog1',
    'explicit-replace': 'prog2',
    'btf-copy': 'prog1',
    'expected-fd': 'prog1',
    ...onLinux('prog2', 'prog1'),
  },
  // A link goes with the last who holds it; a hook keeps its program.
  'link-handed-over': {
    'netlink-xdp': 'prog',
    'tc-filter': 'prog',
    'prog-array': 'prog',
    'chain-call': 'prog',
    'link-fd': '',
    'explicit-replace': 'prog',
    'btf-copy': '',
    'expected-fd': 'prog',
    ...onLinux('prog', ''),
  },
  // The filters of an earlier life pile up; the new one is in front.
  'daemon-restart': {
    'netlink-xdp': 'new',
    'tc-filter': 'new old',
    'prog-array': 'new',
    'chain-call': 'new',
    'link-fd': 'new',
    'explicit-replace': 'new',
    'btf-copy': 'new',
    'expected-fd': 'old',
    ...onLinux('new', 'new'),
  },
  // The slots are emptied with the last descriptor of the map; the device keeps the dispatcher.
  'agent-exits': {
    'prog-array': 'root',
    'chain-call': 'root fw',
    'link-fd': '',
    'explicit-replace': 'root fw',
    'btf-copy': '',
    ...onLinux('root', ''),
  },
  'firewall-close': {
    'prog-array': 'root fw',
    'chain-call': 'root fw',
    'link-fd': 'root',
    'explicit-replace': 'root fw',
    'btf-copy': 'root',
    ...onLinux('root', 'root'),
  },
  // Slots are free for another; edge and placeholder are overwritten; a link's placeholder is taken.
  'second-firewall': {
    'prog-array': 'root fw_B',
    'chain-call': 'root fw_C',
    'link-fd': 'root fw_B',
    'explicit-replace': 'root fw_C',
    'btf-copy': 'root fw_B',
    ...onLinux('root fw_B', 'root fw_B'),
  },
  'insert-and-remove': {
    'prog-array': 'root fw',
    'chain-call': 'root',
    'link-fd': 'root',
    'explicit-replace': 'root',
    'btf-copy': 'root',
    ...onLinux('root', 'root'),
  },
};

for (const [name, expected] of Object.entries(LAST_PACKET)) {
  test(`${name}: what the last packet meets`, (t) => {
    const { scenario } = stored.find((candidate) => candidate.name === name)!;
    const met = proposals.flatMap((proposal) => {
      const { outcome } = runScenario(scenario, proposal).steps.at(-1)!;
      return outcome.kind === 'met' ? [[proposal.name, outcome.programs.join(' ')] as const] : [];
    });
    t.deepEqual(Object.fromEntries(met), expected);
  });
}
