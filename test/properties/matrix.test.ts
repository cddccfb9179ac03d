/**
 * Which claims each built-in proposal breaks, and in how many calls: all those it says it breaks, and no others, among all
 * sequences of up to six calls. Six are enough for every known breach; the commands search the whole space.
 */
import test from 'ava';
import { searchExhaustively, speaksAbout } from '../../checker/index.js';
import { designs, machineOf } from '../../model/proposals/index.js';
import { properties } from '../../properties/index.js';

/** A load and an attach by A; then what B or A does breaks it. Two loads and two attaches where one displaces the other. */
const OF_A_DEVICE_THAT_HOLDS = {
  'held-link-never-overridden': 4,
  'held-link-never-detached-by-others': 3,
  'last-close-restores-placeholder': 3,
  'crash-restores-placeholder': 3,
  'pinned-program-keeps-nothing-attached': 4,
  'conflicting-attach-fails-loudly': 4,
  'delete-by-name-removes-own': 3,
  'nothing-left-when-all-gone': 4,
  'admin-restores-by-killing': 4,
  'holder-knows-what-runs': 3,
};

/** Two objects of which neither fits in the place of the other, and two calls that are refused for it. */
const TWO_CAUSES = { 'errno-tells-the-cause': 4 };

/** The calls of the shortest counterexamples. */
const breaches: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'netlink-xdp': OF_A_DEVICE_THAT_HOLDS,
  'expected-fd': OF_A_DEVICE_THAT_HOLDS,
  // One call more, for the qdisc; and there is no displacing.
  'tc-filter': {
    'held-link-never-overridden': 5,
    'held-link-never-detached-by-others': 4,
    'last-close-restores-placeholder': 4,
    'crash-restores-placeholder': 4,
    'pinned-program-keeps-nothing-attached': 5,
    'restarted-owner-leaves-one-program': 6,
    'delete-by-name-removes-own': 4,
    'container-delete-keeps-foreign': 4,
    'nothing-left-when-all-gone': 5,
    'admin-restores-by-killing': 5,
    'holder-knows-what-runs': 4,
  },
  'prog-array': {
    ...TWO_CAUSES,
    ...OF_A_DEVICE_THAT_HOLDS,
    'close-detaches-exactly-one': 4, // create_map, load dispatcher, attach it to a slot, close map
    'attach-graph-acyclic': 3,
    'running-dispatcher-keeps-its-slots': 5, // and attach it to eth0
    'attached-extension-receives-packets': 5,
  },
  'chain-call': {
    ...OF_A_DEVICE_THAT_HOLDS,
    'attach-graph-acyclic': 2, // load, attach it behind itself
    'unreferenced-is-freed': 3, // and close it
    'attached-extension-receives-packets': 4, // and attach it to eth0, and detach it there
  },
  'explicit-replace': {
    ...TWO_CAUSES,
    ...OF_A_DEVICE_THAT_HOLDS,
    'attached-extension-receives-packets': 5, // load rootlet and fw1, attach, replace, detach
  },
  // Load rootlet and fw1, attach both, close the rootlet's link; and close a descriptor before, because there are but three.
  'link-fd': { ...TWO_CAUSES, 'load-keeps-no-target-alive': 3, 'attached-extension-receives-packets': 6 },
  'btf-copy': { ...TWO_CAUSES, 'attached-extension-receives-packets': 6 },
};

/** What cannot arise in a design. */
const vacuous: Readonly<Record<string, readonly string[]>> = {
  'tc-filter': ['conflicting-attach-fails-loudly'],
};

for (const proposal of designs) {
  test(`${proposal.name} breaks the claims it is known to break, and keeps the others`, (t) => {
    const machine = machineOf(proposal);
    const asked = properties.filter((property) => speaksAbout(property, machine.definition.tags ?? []));

    const { results } = searchExhaustively(machine, asked, { depth: 6 });

    const found = results.flatMap(({ property, verdict }) =>
      verdict.kind === 'violated' ? [[property, verdict.counterexample.trace.length] as const] : [],
    );
    t.deepEqual(Object.fromEntries(found), breaches[proposal.name]);
    const silent = results.filter(({ spoke }) => spoke === 0).map(({ property }) => property);
    t.deepEqual(silent, vacuous[proposal.name] ?? []);
    t.deepEqual(
      Object.keys(proposal.expected ?? {}).sort(),
      [...Object.keys(breaches[proposal.name]!), ...(vacuous[proposal.name] ?? [])].sort(),
    );
  });
}
