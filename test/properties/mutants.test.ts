/**
 * Every property is shown able to fail: on a design that breaks it by nature, or on one in which a guard or a holding
 * reference is switched off or one rule is wrong. The number of calls is that of a shortest way there, worked out by hand.
 * On a sound design, searched one call further, the same property speaks and is kept.
 */
import test from 'ava';
import { holdsAttachment, isHeldByOther, occupant } from '../../model/kernel/attachments.js';
import { linkBehind, objectBehind, programBehind } from '../../model/kernel/descriptors.js';
import { detach, programObject, put } from '../../model/kernel/lifetime.js';
import { ATTACHMENTS, type KernelState } from '../../model/kernel/model.js';
import { guard, refuse, type Machine } from '../../model/machine/index.js';
import {
  btfCopy,
  chainCallProposal as chainCall,
  expectedFd,
  explicitReplace,
  linkFd,
  machineOf,
  netlinkXdp,
  progArrayProposal as progArray,
  tcFilterProposal as tcFilter,
} from '../../model/proposals/index.js';
import { FW1, ROOTLET } from '../../model/proposals/rootlet.js';
import { NONE, indexOf, tableOf } from '../../model/state/index.js';
import { properties } from '../../properties/index.js';
import { exclusionAsMeant, exclusionAsWritten, withoutExclusion } from './extensions-on-linux.js';
import { shownOnLinux } from './linux-mutants.js';
import { shownOnLists } from './list-mutants.js';
import { breaks, sound, type Shown } from './shown.js';
import { propertyCalled, verdictOn, withEffect, withGuard, withHooks, withSources } from './variants.js';

/** The links that a process has descriptors of. */
function linksOf(s: KernelState, process: number): number[] {
  const { fds } = s.processes[process]!;
  const objects = Array.from({ length: fds.length }, (_, fd) => fds.get(fd));
  return objects.filter((object) => tableOf(object) === ATTACHMENTS).map(indexOf);
}

const closeDetachesHeldLink = withEffect(linkFd, 'close', (close) => (s, actor: number, fd: number) => {
  const link = linkBehind(s, actor, fd);
  close(s, actor, fd);
  if (link !== NONE) detach(s, link);
});

const closingProgramDetaches = withEffect(linkFd, 'close', (close) => (s, actor: number, fd: number) => {
  const program = programBehind(s, actor, fd);
  close(s, actor, fd);
  s.attachments.forEach((attachment, i) => {
    if (attachment.attached && attachment.program === program) detach(s, i);
  });
});

const closingLinkFreesProgram = withEffect(linkFd, 'close', (close) => (s, actor: number, fd: number) => {
  const link = linkBehind(s, actor, fd);
  const program = link === NONE ? NONE : s.attachments[link]!.program;
  close(s, actor, fd);
  if (program !== NONE && !s.attachments[link]!.live) s.programs[program]!.clear();
});

const crashDropsNoReference = withEffect(linkFd, 'crash', () => (s, actor: number) => {
  const { fds } = s.processes[actor]!;
  s.processes[actor]!.live = false;
  for (let fd = 0; fd < fds.length; fd++) fds.set(fd, NONE);
});

const crashForgetsLastFd = withEffect(linkFd, 'crash', (crash) => (s, actor: number) => {
  const { fds } = s.processes[actor]!;
  const objects = Array.from({ length: fds.length }, (_, fd) => fds.get(fd));
  const last = objects.map((object) => object !== NONE).lastIndexOf(true);
  if (last >= 0) fds.set(last, NONE);
  crash(s, actor);
  if (last >= 0) fds.set(last, objects[last]!);
});

const crashDetachesEveryLink = withEffect(linkFd, 'crash', (crash) => (s, actor: number) => {
  const links = linksOf(s, actor);
  crash(s, actor);
  for (const link of links) if (s.attachments[link]!.live) detach(s, link);
});

const unpinForgetsToPut = withEffect(linkFd, 'unpin', () => (s, _actor: number, path: number) => {
  s.pins.set(path, NONE);
});

const attachEvicts = withEffect(linkFd, 'attach', (attach, { devices }) => (s, actor: number, ...args) => {
  const present = occupant(s, devices[args[1]!]!, NONE);
  if (present === NONE) return attach(s, actor, ...args);
  detach(s, present);
  return refuse('EBUSY');
});

/** The error path of Linux commit 4a1e7c0c63e0: the target is put, and put again when the program is freed. */
const attachPutsTargetAndFails = withEffect(
  linkFd,
  'attach-extension',
  () => (s, actor: number, fd: number) => {
    const extension = s.programs[programBehind(s, actor, fd)]!;
    const { target } = extension;
    extension.target = NONE;
    put(s, programObject(target));
    return refuse('EINVAL');
  },
);

/** The first version of Linux commit 92234c8f15c8: clearing with an expected program put that program back. */
const clearPutsExpectedBack = withEffect(
  expectedFd,
  'replace',
  (replace) => (s, actor: number, expected: number, program: number, device: number) =>
    replace(s, actor, expected, program === NONE ? expected : program, device),
);

const replaceDoesNothing = withEffect(tcFilter, 'replace', () => () => undefined);

const detachDoesNothing = withEffect(tcFilter, 'detach', () => () => undefined);

const replaceMovesToFront = withEffect(
  tcFilter,
  'replace',
  (replace) => (s, actor: number, handle: number, fd: number) => {
    const { rank } = s.attachments[handle]!;
    for (const other of s.attachments) if (other.attached && other.rank < rank) other.rank++;
    s.attachments[handle]!.rank = 0;
    replace(s, actor, handle, fd);
  },
);

/** What Linux commit 4a1e7c0c63e0 takes care not to do. */
const elsewhereKeepsTheFirstTarget = withEffect(
  exclusionAsWritten,
  'tracing_link_to',
  (attach) => (s, actor: number, fd: number, target: number, subprogram: number) => {
    const extension = s.programs[programBehind(s, actor, fd)]!;
    const saved = extension.target;
    const handedOut = attach(s, actor, fd, target, subprogram);
    extension.target = saved;
    return handedOut;
  },
);

/** An extension that has a placeholder itself. */
const layeredSources = [ROOTLET, { ...FW1, placeholders: ROOTLET.placeholders! }];
const layered = withSources(linkFd, layeredSources);

const detachSlotDoesNothing = withEffect(progArray, 'detach-slot', () => () => undefined);

/** A replacement goes into the other placeholder. */
const replaceGoesAstray = withEffect(
  explicitReplace,
  'replace-subprogram',
  (replace) => (s, actor: number, target: number, subprogram: number, fd: number) =>
    replace(s, actor, target, 1 - subprogram, fd),
);

/** An extension goes into the other placeholder than the one it was loaded for. */
const extensionGoesAstray = withEffect(
  linkFd,
  'attach-extension',
  (attach) => (s, actor: number, fd: number) => {
    const handedOut = attach(s, actor, fd);
    for (const attachment of s.attachments)
      if (attachment.attached && attachment.target !== NONE) attachment.hook = 3 - attachment.hook;
    return handedOut;
  },
);

/** What is to be called next is put behind the next program instead of the previous one. */
const edgeGoesAstray = withEffect(
  chainCall,
  'attach-chain',
  (attach) => (s, actor: number, _previous: number, edge: number, fd: number) =>
    attach(s, actor, fd, edge, fd),
);

/** Only the program that was loaded first can be attached. A qdisc that is missing is EINVAL too, and anybody can make it. */
const firstProgramOnly = withGuard(tcFilter, 'attach', () =>
  guard('program-was-first', 'EINVAL', (s, actor, fd) => programBehind(s, actor, fd) === 0),
);

const ownersDetach = withGuard(tcFilter, 'detach', () =>
  guard('filter-is-not-of-another', 'EPERM', (s, actor, handle) => !isHeldByOther(s, actor, handle)),
);

const emptyContainers = withGuard(tcFilter, 'delete_qdisc', ({ devices }) =>
  guard('qdisc-is-empty', 'ENOTEMPTY', (s, actor, device) =>
    s.attachments.every(
      ({ attached, hook }, i) => !attached || hook !== devices[device] || holdsAttachment(s, actor, i),
    ),
  ),
);

/** No update of a user's counter empties the slots: a map keeps them to its end. */
const lastingSlots = withHooks(progArray, (hook) =>
  hook.kind === 'slot' ? { ...hook, keptBy: 'link' } : hook,
);

/** A chain that only ever gets longer. */
const growingChain = withGuard(
  withGuard(chainCall, 'attach', ({ devices }) =>
    guard(
      'device-is-free',
      'EBUSY',
      (s, _actor, _fd, device) => occupant(s, devices[device]!, NONE) === NONE,
    ),
  ),
  'attach-chain',
  ({ edges }) =>
    guard('edge-is-free', 'EBUSY', (s, actor, previous, edge) => {
      return occupant(s, edges[edge]!, objectBehind(s, actor, previous)) === NONE;
    }),
);

const shown: Readonly<Record<string, Shown>> = {
  'held-link-never-overridden': {
    broken: [breaks(netlinkXdp, [], 4, 'the last writer wins: both load, both attach')],
    sound: sound(linkFd),
  },
  'held-link-never-detached-by-others': {
    broken: [
      breaks(netlinkXdp, [], 3, 'anybody clears: A loads and attaches, B detaches'),
      breaks(closeDetachesHeldLink, [], 4, 'any close of a link detaches: load, attach, send, close'),
    ],
    sound: sound(linkFd),
  },
  'last-close-restores-placeholder': {
    broken: [breaks(netlinkXdp, [], 3, 'the device keeps its program: load, attach, close')],
    sound: sound(linkFd),
  },
  'crash-restores-placeholder': {
    broken: [
      breaks(netlinkXdp, [], 3, 'the device keeps its program: load, attach, crash'),
      breaks(crashDropsNoReference, [], 3, 'a crash drops no reference: load, attach, crash'),
    ],
    sound: sound(linkFd),
  },
  'last-unpin-restores-placeholder': {
    broken: [
      breaks(unpinForgetsToPut, [], 5, 'an unpin drops no reference: load, attach, pin, close, unpin'),
    ],
    sound: sound(linkFd),
  },
  'pinned-link-survives-crash': {
    broken: [
      breaks(linkFd, ['hold:pins'], 4, 'pins do not hold: load, attach, pin, crash'),
      breaks(
        crashDetachesEveryLink,
        [],
        4,
        'a crash detaches all links of the process: load, attach, pin, crash',
      ),
    ],
    sound: sound(linkFd),
  },
  'passed-link-survives-crash': {
    broken: [
      breaks(
        crashDetachesEveryLink,
        [],
        4,
        'a crash detaches all links of the process: load, attach, send, crash',
      ),
    ],
    sound: sound(linkFd),
  },
  'pinned-program-keeps-nothing-attached': {
    broken: [breaks(netlinkXdp, [], 4, 'the device keeps its program: load, pin, attach, close')],
    sound: sound(linkFd),
  },
  'close-detaches-exactly-one': {
    broken: [
      breaks(
        progArray,
        [],
        4,
        'the last close of a map empties it: create_map, load dispatcher, attach it, close map',
      ),
      breaks(closingProgramDetaches, [], 3, 'closing a program detaches it: load, attach, close'),
    ],
    sound: sound(linkFd),
  },
  'program-and-link-lifetimes-independent': {
    broken: [
      breaks(linkFd, ['hold:attachments.program'], 3, 'links do not hold: load, attach, close program'),
      breaks(closingProgramDetaches, [], 3, 'closing a program detaches it: load, attach, close program'),
      breaks(closingLinkFreesProgram, [], 3, 'the link takes the program along: load, attach, close link'),
    ],
    sound: sound(linkFd),
  },
  'conflicting-attach-fails-loudly': {
    broken: [
      breaks(netlinkXdp, [], 4, 'the last writer wins: both load, both attach'),
      breaks(attachEvicts, ['attach/device-is-free'], 4, 'refused too late: both load, both attach'),
    ],
    sound: sound(linkFd),
  },
  'failed-operation-changes-nothing': {
    broken: [
      breaks(attachPutsTargetAndFails, [], 3, 'a put on an error path: load rootlet, load fw1, attach'),
    ],
    sound: sound(linkFd),
  },
  'success-means-effect': {
    broken: [
      breaks(clearPutsExpectedBack, [], 3, 'clearing puts the program back: load, attach, replace by none'),
      breaks(detachDoesNothing, [], 4, 'a detach does nothing: create_qdisc, load, attach, detach'),
      breaks(replaceDoesNothing, [], 5, 'a replace does nothing: create_qdisc, load, load, attach, replace'),
      breaks(detachSlotDoesNothing, [], 4, 'a slot stays filled: load, create_map, attach it, detach it'),
      breaks(replaceGoesAstray, [], 3, 'into another placeholder: load rootlet, load fw1, replace'),
      breaks(extensionGoesAstray, [], 3, 'into another placeholder: load rootlet, load fw1, attach'),
      breaks(edgeGoesAstray, [], 3, 'behind another program: load, load, attach the second behind the first'),
    ],
    sound: sound(linkFd),
  },
  'errno-tells-the-cause': {
    broken: [
      breaks(progArray, [], 4, 'EINVAL twice: load, attach it in itself, create_map, attach it in itself'),
      breaks(firstProgramOnly, [], 5, 'attach, create_qdisc, load, load, attach the second'),
    ],
    sound: sound(tcFilter),
  },
  'errno-says-whether-to-retry': {
    broken: [
      breaks(
        firstProgramOnly,
        [],
        5,
        'no qdisc passes, the other does not: attach, create_qdisc, load, load, attach',
      ),
    ],
    sound: sound(tcFilter),
  },
  'named-object-is-there': {
    broken: [
      breaks(linkFd, ['close/fd-is-open'], 1, 'a closed descriptor is no reason: close'),
      breaks(tcFilter, ['detach/filter-exists'], 1, 'nor is a handle of no filter: detach'),
      breaks(tcFilter, ['attach/qdisc-exists'], 2, 'nor is a missing qdisc: load, attach'),
      breaks(progArray, ['load-with-map/fd-is-a-map'], 2, 'no map: load, load a dispatcher with that'),
    ],
    sound: sound(tcFilter),
  },
  'taken-name-is-refused': {
    broken: [
      breaks(tcFilter, ['qdisc-is-absent'], 2, 'made twice: create_qdisc, create_qdisc'),
      breaks(linkFd, ['path-is-free'], 3, 'pinned over a pin: load, pin, pin'),
    ],
    sound: sound(tcFilter),
  },
  'dead-process-holds-nothing': {
    broken: [
      breaks(crashForgetsLastFd, [], 2, 'a crash leaves a descriptor open: load, crash'),
      breaks(linkFd, ['receiver-is-alive'], 3, 'sent to the dead: load, crash of the other, send'),
    ],
    sound: sound(linkFd),
  },
  'exclusive-hook-has-one-owner': {
    broken: [
      breaks(linkFd, ['attach/device-is-free'], 3, 'a taken device is no reason: load, attach, attach'),
    ],
    sound: sound(linkFd),
  },
  'no-dangling-reference': {
    broken: [
      breaks(linkFd, ['hold:processes.fds'], 3, 'descriptors do not hold: load, dup, close'),
      breaks(linkFd, ['hold:pins'], 3, 'pins do not hold: load, pin, close'),
      breaks(linkFd, ['hold:attachments.program'], 3, 'links do not hold: load, attach, close program'),
      breaks(
        btfCopy,
        ['hold:attachments.target'],
        4,
        'nor their target: load rootlet, load fw1, attach, close rootlet',
      ),
      breaks(
        linkFd,
        ['hold:programs.target'],
        3,
        'extensions do not hold: load rootlet, load fw1, close rootlet',
      ),
      breaks(
        progArray,
        ['hold:programs.map'],
        3,
        'dispatchers do not hold: create_map, load dispatcher, close map',
      ),
    ],
    sound: sound(linkFd),
  },
  'target-outlives-extensions': {
    broken: [
      breaks(linkFd, ['hold:programs.target'], 4, 'load rootlet, load fw1, attach fw1, close rootlet'),
      breaks(btfCopy, ['hold:attachments.target'], 4, 'load rootlet, load fw1, attach fw1, close rootlet'),
    ],
    sound: sound(linkFd),
  },
  'no-stale-target-after-reattach': {
    broken: [
      breaks(
        elsewhereKeepsTheFirstTarget,
        [],
        4,
        'the first target stays: load rootlet, load fw for it, load rootlet, attach fw there',
        { programs: 3 },
      ),
    ],
    sound: sound(exclusionAsWritten, { fds: 4, programs: 3, attachments: 1, maps: 0 }),
  },
  'extended-xor-array-member': {
    broken: [
      breaks(
        withoutExclusion,
        [],
        5,
        'make a map, load rootlet, load fw, attach fw, put rootlet into a slot',
      ),
      breaks(
        exclusionAsWritten,
        [],
        7,
        'the mark goes with the first: make a map, load rootlet, load fw, attach it twice, close one, fill a slot',
      ),
    ],
    sound: sound(exclusionAsMeant),
  },
  'guard-flag-equals-count': {
    broken: [
      breaks(
        exclusionAsWritten,
        [],
        5,
        'a bool: load rootlet, load fw, attach it to both placeholders, close one',
      ),
    ],
    sound: sound(exclusionAsMeant, { maps: 0 }),
  },
  'load-keeps-no-target-alive': {
    broken: [breaks(linkFd, [], 3, 'an extension holds from load on: load rootlet, load fw1, close rootlet')],
    sound: sound(btfCopy),
  },
  'extension-verified-against-its-target': {
    broken: [
      breaks(linkFd, ['signatures-agree'], 3, 'unverified: load rootlet, load fw2 for placeholder1, attach'),
      breaks(
        explicitReplace,
        ['signatures-agree'],
        3,
        'unverified: load rootlet, load fw2, replace placeholder1',
      ),
      breaks(btfCopy, ['copied-btf-agrees'], 3, 'uncompared: load rootlet, load fw1, attach it in itself'),
      breaks(
        linkFd,
        ['attach/program-is-no-extension'],
        3,
        'on a device: load rootlet, load fw1, attach it to eth0',
      ),
    ],
    sound: sound(linkFd),
  },
  'restarted-owner-leaves-one-program': {
    broken: [
      breaks(
        tcFilter,
        [],
        6,
        'another filter each time: create_qdisc, load, attach, close (the owner is gone), load, attach',
      ),
    ],
    sound: sound(linkFd),
  },
  'delete-by-name-removes-own': {
    broken: [
      breaks(netlinkXdp, [], 3, 'by device: A loads and attaches, B detaches'),
      breaks(tcFilter, [], 4, 'by handle: create_qdisc, A loads and attaches, B detaches'),
    ],
    sound: sound(ownersDetach),
  },
  'container-delete-keeps-foreign': {
    broken: [breaks(tcFilter, [], 4, 'create_qdisc, A loads and attaches, B deletes the qdisc')],
    sound: sound(emptyContainers),
  },
  'cas-success-saw-expected': {
    broken: [
      breaks(
        expectedFd,
        ['device-has-the-expected-program'],
        2,
        'uncompared: load, replace it on an empty device',
      ),
    ],
    sound: sound(expectedFd),
  },
  'if-empty-never-displaces': {
    broken: [breaks(netlinkXdp, ['device-is-empty'], 3, 'unasked: load, attach, attach_if_empty')],
    sound: sound(netlinkXdp),
  },
  'replace-keeps-position': {
    broken: [breaks(replaceMovesToFront, [], 5, 'create_qdisc, load, attach twice, replace the older one')],
    sound: sound(tcFilter),
  },
  'nothing-left-when-all-gone': {
    broken: [
      breaks(netlinkXdp, [], 4, 'the device keeps its program: load, attach, both crash'),
      breaks(crashForgetsLastFd, [], 3, 'a crash forgets a descriptor: load, both crash'),
    ],
    sound: sound(linkFd),
  },
  'admin-restores-by-killing': {
    broken: [
      breaks(netlinkXdp, [], 4, 'the device keeps its program: load, attach, both crash'),
      breaks(crashForgetsLastFd, [], 4, 'a crash forgets a descriptor, the link: load, attach, both crash'),
    ],
    sound: sound(linkFd),
  },
  'holder-knows-what-runs': {
    broken: [
      breaks(netlinkXdp, [], 3, 'nobody is told: A loads and attaches, B detaches'),
      breaks(closeDetachesHeldLink, [], 4, 'any close of a link detaches: load, attach, send, close'),
    ],
    sound: sound(linkFd),
  },
  'attach-graph-acyclic': {
    broken: [
      breaks(chainCall, [], 2, 'unchecked: load, attach it behind itself'),
      breaks(progArray, [], 3, 'unchecked: create_map, load dispatcher, attach it to a slot'),
    ],
    sound: sound(linkFd),
  },
  'extension-depth-at-most-one': {
    broken: [
      breaks(layered, ['target-is-no-extension'], 3, 'load rootlet, load fw1 for it, load fw1 for that', {
        programs: 3,
      }),
      breaks(
        withSources(explicitReplace, layeredSources),
        [],
        2,
        'no such rule: load fw1, replace its own placeholder',
      ),
    ],
    sound: sound(layered, { programs: 3 }),
  },
  'unreferenced-is-freed': {
    broken: [
      breaks(chainCall, [], 3, 'a cycle keeps itself: load, attach it behind itself, close'),
      breaks(crashDropsNoReference, [], 2, 'a crash drops no reference: load, crash'),
    ],
    sound: sound(linkFd),
  },
  'running-dispatcher-keeps-its-slots': {
    broken: [
      breaks(progArray, [], 5, 'create_map, load dispatcher, attach it to eth0 and to a slot, close map'),
    ],
    sound: sound(lastingSlots),
  },
  'attached-extension-receives-packets': {
    broken: [
      breaks(chainCall, [], 4, 'load, attach it to eth0 and behind itself, detach it from eth0'),
      breaks(linkFd, [], 5, 'load rootlet, attach it, load fw1, attach it, close the link of rootlet', {
        fds: 4,
      }),
    ],
    sound: () => machineOf(growingChain, {}, { without: ['detach', 'detach-chain'] }),
  },
  ...shownOnLinux,
  ...shownOnLists,
};

for (const [name, { broken, sound }] of Object.entries(shown)) {
  test(`${name} can be broken`, (t) => {
    const property = propertyCalled(name);
    for (const { wrong, machine, calls } of broken) {
      const { verdict } = verdictOn(machine(), property, { depth: calls });
      t.is(verdict.kind, 'violated', wrong);
      if (verdict.kind === 'violated') t.is(verdict.counterexample.trace.length, calls, wrong);
    }
    const depth = Math.max(...broken.map(({ calls }) => calls)) + 1;
    const { verdict, spoke } = verdictOn(sound(), property, { depth, maxStates: 50_000 });
    t.is(verdict.kind, 'holds-up-to');
    t.true(spoke > 0);
  });
}

interface Witness {
  /** What it takes away, and a machine without it, small enough to be looked at as a whole. */
  readonly missing: string;
  readonly machine: () => Machine<KernelState>;
  /** The calls of a shortest way there in link-fd. */
  readonly calls: number;
}

const witnesses: Readonly<Record<string, Witness>> = {
  'extension-runs': {
    missing: 'extensions are loaded and cannot be attached',
    machine: () => machineOf(linkFd, { processes: 1 }, { without: ['attach-extension'] }),
    calls: 4, // load rootlet, attach it, load fw1, attach it
  },
  'placeholder-runs': {
    missing: 'nothing can be attached to a device',
    machine: () => machineOf(linkFd, { processes: 1 }, { without: ['attach'] }),
    calls: 2, // load rootlet, attach it
  },
  'attachment-outlives-processes': {
    missing: 'nothing can be pinned',
    machine: () => machineOf(linkFd, { fds: 2, programs: 1, attachments: 1 }, { without: ['pin'] }),
    calls: 5, // load rootlet, attach it, pin the link, both crash
  },
  'programs-share-a-device': {
    missing: 'one program to a device, on two devices',
    machine: () => machineOf(netlinkXdp, { processes: 1, fds: 2, programs: 2, devices: 2 }),
    calls: 4, // load rootlet, attach it, load fw1, attach it
  },
  'link-held-by-two': {
    missing: 'descriptors are neither sent nor taken from a pin',
    machine: () => machineOf(linkFd, { fds: 2, programs: 1, attachments: 1 }, { without: ['send', 'get'] }),
    calls: 3, // load rootlet, attach it, send the link
  },
};

for (const [name, { missing, machine, calls }] of Object.entries(witnesses)) {
  test(`${name} can be missing: ${missing}`, (t) => {
    const property = propertyCalled(name);

    t.is(verdictOn(machine(), property).verdict.kind, 'witness-missing');
    const { verdict } = verdictOn(machineOf(linkFd, { fds: 4 }), property, { depth: calls });
    t.is(verdict.kind, 'witnessed');
    if (verdict.kind === 'witnessed') t.is(verdict.example.length, calls);
  });
}

test('no property is without a design in which it fails', (t) => {
  t.deepEqual(
    [...Object.keys(shown), ...Object.keys(witnesses)].sort(),
    properties.map(({ name }) => name).sort(),
  );
});
