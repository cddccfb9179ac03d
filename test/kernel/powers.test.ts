/** What each restriction forbids, call by call; and what claims of the built-in proposals need, worked out by hand. */
import test from 'ava';
import { NeedsSearch } from '../../checker/needs.js';
import { outcomeText, play } from '../../checker/playback.js';
import { bindCase, parseCase, printCall, roomyBounds } from '../../corpus/index.js';
import { isAnythingAttached, kernelRestrictions } from '../../model/kernel/powers.js';
import { linkBehind } from '../../model/kernel/descriptors.js';
import { detach } from '../../model/kernel/lifetime.js';
import type { Bounds } from '../../model/kernel/model.js';
import { guard, operation, restrictedMachine } from '../../model/machine/index.js';
import {
  definitionOf,
  linkFd,
  netlinkXdp,
  progArrayProposal as progArray,
  tcFilterProposal as tcFilter,
  type Proposal,
} from '../../model/proposals/index.js';
import { NONE, RowMemory } from '../../model/state/index.js';
import { propertyCalled } from '../properties/variants.js';

/** Every call comes to what is written behind it, if nothing is done that the restriction forbids. */
const follows = test.macro((t, proposal: Proposal, restriction: string, calls: string) => {
  const head = `case: a test\nproposal: ${proposal.name}\nproperty: none\nexpect: kept\n\n`;
  const read = parseCase(head + calls.replaceAll(/^ +/gm, ''), 'a test');
  const definition = definitionOf(proposal, roomyBounds(read, proposal.bounds));
  const chosen = kernelRestrictions(definition.operations).filter(({ name }) => name === restriction);
  t.is(chosen.length, 1, `there is one ${restriction}`);
  const machine = restrictedMachine(definition, chosen, new RowMemory(definition.schema));
  const { trace, names } = bindCase(read, machine);
  const { steps } = play(machine, trace, names);
  t.deepEqual(
    steps.map(({ outcome }, i) => `${printCall(read.calls[i]!)} -> ${outcomeText(outcome)}`),
    read.calls.map(({ outcome, ...call }) => `${printCall({ ...call })} -> ${outcome!}`),
  );
});

test(
  'nobody attaches over what another holds',
  follows,
  netlinkXdp,
  'attach:holder',
  `mine = A.load(prog) -> fd3
  A.attach(mine, eth0) -> ok
  other = B.load(prog) -> fd3
  B.attach(other, eth0) -> impossible
  packet(eth0) -> mine`,
);

test(
  'a holder attaches over what it holds',
  follows,
  netlinkXdp,
  'attach:holder',
  `first = A.load(prog) -> fd3
  second = A.load(prog) -> fd4
  A.attach(first, eth0) -> ok
  A.attach(second, eth0) -> ok
  packet(eth0) -> second`,
);

test(
  'what nobody holds any more is free for all',
  follows,
  netlinkXdp,
  'attach:holder',
  `mine = A.load(prog) -> fd3
  A.attach(mine, eth0) -> ok
  A.close(mine) -> ok
  other = B.load(prog) -> fd3
  B.attach(other, eth0) -> ok
  packet(eth0) -> other`,
);

test(
  'the qdisc cannot be deleted with the filter of another in it, but without',
  follows,
  tcFilter,
  'delete_qdisc:holder',
  `mine = A.load(filter) -> fd3
  A.create_qdisc(eth0) -> ok
  A.attach(mine, eth0) -> handle1
  B.delete_qdisc(eth0) -> impossible
  A.close(mine) -> ok
  B.delete_qdisc(eth0) -> ok`,
);

test(
  'only who has a descriptor of what is pinned may unpin it',
  follows,
  linkFd,
  'unpin:holder',
  `rootlet = A.load(rootlet) -> fd3
  link = A.attach(rootlet, eth0) -> fd4
  A.pin(link, /pin1) -> ok
  B.unpin(/pin1) -> impossible
  B.get(/pin1) -> fd3
  B.unpin(/pin1) -> ok`,
);

test(
  'the last way to a map stays open while another has something in it',
  follows,
  progArray,
  'close:holder',
  `map = B.create_map() -> fd3
  map_A = B.send(map, A) -> fd3
  mine = A.load(prog) -> fd4
  A.attach(map_A, slot0, mine) -> ok
  A.close(map_A) -> ok
  B.close(map) -> impossible`,
);

test(
  'the others do nothing but go, and nothing is given to them',
  follows,
  netlinkXdp,
  'processes:one',
  `mine = A.load(prog) -> fd3
  other = B.load(prog) -> impossible
  sent = A.send(mine, B) -> impossible
  B.crash() -> ok
  A.crash() -> ok`,
);

/** Links that whoever has a descriptor can take off the device. */
const forceDetach: Proposal = {
  ...linkFd,
  name: 'force-detach',
  operations: (k) => [
    ...linkFd.operations(k),
    operation({
      verb: 'force_detach',
      summary: 'takes a link off its device',
      params: { actor: k.domains.process, link: k.domains.fd },
      guards: [guard('fd-is-a-link', 'EINVAL', (s, actor, link) => linkBehind(s, actor, link) !== NONE)],
      effect: (s, actor, link) => {
        detach(s, linkBehind(s, actor, link));
      },
    }),
  ],
};

const SHARED = `rootlet = A.load(rootlet) -> fd3
  link = A.attach(rootlet, eth0) -> fd4
  link_B = A.send(link, B) -> fd3
`;

test(
  "an operation of one's own is governed as those that come with it: any holder may",
  follows,
  forceDetach,
  'force_detach:holder',
  `${SHARED}B.force_detach(link_B) -> ok`,
);

test(
  'a sole holder must be alone',
  follows,
  forceDetach,
  'force_detach:sole-holder',
  `${SHARED}B.force_detach(link_B) -> impossible
  A.close(link) -> ok
  B.force_detach(link_B) -> ok`,
);

test(
  'a pin holds too',
  follows,
  forceDetach,
  'force_detach:sole-holder',
  `rootlet = A.load(rootlet) -> fd3
  link = A.attach(rootlet, eth0) -> fd4
  A.pin(link, /pin1) -> ok
  A.force_detach(link) -> impossible
  A.unpin(/pin1) -> ok
  A.force_detach(link) -> ok`,
);

test('there is no power in a call that takes nothing, and none to forbid in looking', (t) => {
  const names = kernelRestrictions(definitionOf(netlinkXdp).operations).map(({ name }) => name);
  t.false(names.includes('load:holder'));
  t.false(names.includes('crash:holder'));
  t.false(names.some((name) => name.startsWith('packet:')));
  t.true(['load:nobody', 'crash:nobody', 'detach:sole-holder'].every((name) => names.includes(name)));
});

const SMALL: Partial<Bounds> = { fds: 2, programs: 2, pins: 0 };

/** The sets found, as `worth: names`. */
function needed(proposal: Proposal, property: string, size: number, bounds: Partial<Bounds>): string[] {
  const definition = definitionOf(proposal, bounds);
  const question = {
    definition,
    properties: [propertyCalled(property)],
    restrictions: kernelRestrictions(definition.operations),
    purpose: isAnythingAttached,
  };
  const search = new NeedsSearch(question, { size });
  while (search.advance(1 << 12));
  return search
    .result()
    .claims[0]!.sets.map(
      ({ restrictions, verdict, isUseless }) =>
        `${isUseless ? 'useless' : verdict.kind}: ${restrictions.map(({ name }) => name).join(' ')}`,
    )
    .sort();
}

test('what runs on a device is not overridden if only holders attach over it', (t) => {
  // A and B load, A attaches, B attaches over it. Sending does as well as loading, so it is not loading twice that is to blame.
  // Each of the others that are in this sequence does alone, so there are no larger sets.
  t.deepEqual(needed(netlinkXdp, 'held-link-never-overridden', 3, SMALL), [
    'holds: attach:holder',
    'holds: processes:one',
    'useless: load:nobody',
  ]);
});

test('a container goes with what others hold in it, unless only holders may delete it', (t) => {
  // load, create_qdisc, attach, and another one deletes the qdisc: each of them does alone.
  t.deepEqual(needed(tcFilter, 'container-delete-keeps-foreign', 3, SMALL), [
    'holds: delete_qdisc:holder',
    'holds: processes:one',
    'useless: attach:nobody',
    'useless: create_qdisc:nobody',
    'useless: load:nobody',
  ]);
});

test('what the device holds survives a close, whoever may do what', (t) => {
  // load, attach or attach_if_empty, close: no power is in these, and without any of them there is nothing to close.
  t.deepEqual(needed(netlinkXdp, 'last-close-restores-placeholder', 3, SMALL), [
    'useless: attach:nobody attach_if_empty:nobody',
    'useless: load:nobody',
    'vacuous: close:nobody',
  ]);
});

test('closing a map empties slots only where a program keeps the map, and a slot is filled', (t) => {
  // create_map, load-with-map, attach-slot, close. A map that no program uses goes with its slots, which is no breach.
  t.deepEqual(needed(progArray, 'close-detaches-exactly-one', 3, { processes: 1, pins: 0 }), [
    'holds: attach-slot:nobody',
    'holds: create_map:nobody',
    'holds: load-with-map:nobody',
    'vacuous: close:nobody',
  ]);
});

test('one claim needs one power, another one needs two', (t) => {
  // A handle is deleted by detach alone; the qdisc takes filters off too. The one claim needs one power, the other both.
  t.deepEqual(
    needed(tcFilter, 'delete-by-name-removes-own', 2, SMALL).filter((set) => set.startsWith('holds')),
    ['holds: detach:holder', 'holds: processes:one'],
  );
  t.deepEqual(
    needed(tcFilter, 'held-link-never-detached-by-others', 2, SMALL).filter((set) => set.startsWith('holds')),
    ['holds: delete_qdisc:holder detach:holder'],
  );
});
