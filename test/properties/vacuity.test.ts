/** Where nothing can be loaded, nothing can be attached: no claim about attachments may then be said to hold. */
import test from 'ava';
import { searchExhaustively, speaksAbout } from '../../checker/index.js';
import { designs, machineOf } from '../../model/proposals/index.js';
import { properties } from '../../properties/index.js';

/** What can be said all the same, and of what. */
const speaksStill: Readonly<Record<string, { readonly of: readonly string[]; readonly why: string }>> = {
  'failed-operation-changes-nothing': {
    of: designs.map(({ name }) => name),
    why: 'closing what is not open is refused',
  },
  'nothing-left-when-all-gone': {
    of: designs.map(({ name }) => name),
    why: 'nothing is left where nothing was',
  },
  'admin-restores-by-killing': {
    of: designs.map(({ name }) => name),
    why: 'nothing is attached where nothing was',
  },
  'errno-tells-the-cause': {
    of: designs.map(({ name }) => name),
    why: 'opening a pin that is not there is refused',
  },
  'errno-says-whether-to-retry': {
    of: designs.map(({ name }) => name),
    why: 'opening a pin that is not there is refused',
  },
  'dead-process-holds-nothing': {
    of: designs.map(({ name }) => name),
    why: 'a process is gone, and nothing was there to hold',
  },
  'named-object-is-there': { of: ['tc-filter', 'prog-array'], why: 'a qdisc is named, or a map' },
  'taken-name-is-refused': { of: ['tc-filter', 'prog-array'], why: 'a qdisc is made, or a map is pinned' },
  'success-means-effect': {
    of: ['netlink-xdp', 'prog-array', 'chain-call', 'explicit-replace', 'expected-fd'],
    why: 'clearing an empty device succeeds, and it is empty',
  },
  'cas-success-saw-expected': {
    of: ['expected-fd'],
    why: 'none is expected of an empty device, and found',
  },
  'no-dangling-reference': { of: ['prog-array'], why: 'a descriptor refers to a map' },
  'unreferenced-is-freed': { of: ['prog-array'], why: 'a map is alive' },
};

for (const proposal of designs) {
  test(`${proposal.name}: without load, claims are vacuous and witnesses missing`, (t) => {
    const loads = ['load', 'load-extension', 'load-with-map'];
    const whole = machineOf(proposal);
    const without = loads.filter((name) => whole.operationIndex(name) >= 0);
    const machine = machineOf(proposal, {}, { without });
    const asked = properties.filter((property) => speaksAbout(property, machine.definition.tags ?? []));

    const { closed, results } = searchExhaustively(machine, asked);

    t.true(closed);
    const holding = results.filter(({ verdict }) => verdict.kind === 'holds').map(({ property }) => property);
    const allowed = Object.keys(speaksStill).filter((name) => speaksStill[name]!.of.includes(proposal.name));
    t.deepEqual(holding.sort(), allowed.sort());
    const others = results.filter(({ property }) => !holding.includes(property));
    t.deepEqual([...new Set(others.map(({ verdict }) => verdict.kind))].sort(), [
      'vacuous',
      'witness-missing',
    ]);
  });
}
