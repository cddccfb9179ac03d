import { occupant } from '../kernel/attachments.js';
import { mapBehind } from '../kernel/descriptors.js';
import { mapObject } from '../kernel/lifetime.js';
import { deviceHooks, type Hook } from '../kernel/model.js';
import { NONE } from '../state/index.js';
import { packet } from '../mechanisms/packet.js';
import { load, loadWithMap } from '../mechanisms/load.js';
import { pins } from '../mechanisms/pins.js';
import { processes } from '../mechanisms/processes.js';
import { progArray } from '../mechanisms/prog-array.js';
import { xdpNetlink } from '../mechanisms/xdp-netlink.js';
import { attachAgain, type ScenarioStep } from './lowering.js';
import { defineProposal } from './proposal.js';

const slots: readonly Hook[] = [
  { name: 'slot0', kind: 'slot', exclusive: true, keptBy: 'hook' },
  { name: 'slot1', kind: 'slot', exclusive: true, keptBy: 'hook' },
];

/** The lowest slot with nothing in it, of the map of the program to attach in. */
function freeSlot(step: ScenarioStep): string {
  const { state, actor } = step;
  const map = mapObject(mapBehind(state, actor, step.value('map')));
  const { hooks } = state.kernel;
  const isFree = (hook: Hook, i: number): boolean => hook.kind === 'slot' && occupant(state, i, map) === NONE;
  return hooks.find(isFree)?.name ?? step.giveUp('all slots are filled');
}

export const progArrayProposal = defineProposal({
  name: 'prog-array',
  title: 'tail calls: slots that any holder of the map overwrites, emptied with its last fd or pin',
  sources: [
    'kernel/bpf/arraymap.c; Linux commit c9da161c6517',
    'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/',
  ],
  models: 'a dispatcher on a device, set by netlink, that tail-calls through the slots of a map it uses',
  leavesOut: 'owner kinds, the delay with which slots are emptied',
  kernel: {
    sources: [
      { name: 'dispatcher', kind: 'ordinary', tailCalls: true },
      { name: 'prog', kind: 'ordinary' },
    ],
    hooks: (bounds) => [...deviceHooks(bounds, 'hook'), ...slots],
    loadedFor: 'none',
    attachedIn: 'refers',
  },
  bounds: { processes: 2, fds: 2, programs: 2, attachments: 2, maps: 1, pins: 1, devices: 1 },
  operations: (k) => [
    ...load(k),
    ...loadWithMap(k),
    ...xdpNetlink(k),
    ...progArray(k),
    ...processes(k),
    ...pins(k),
    ...packet(k),
  ],
  scenario: {
    load(step) {
      if (step.loads === 'rootlet') step.call('create_map');
      step.call('load');
    },
    attach(step) {
      if (step.has('map')) step.call('attach', { slot: freeSlot(step) });
      else step.call('attach');
    },
    replace: attachAgain,
  },
  expected: {
    'errno-tells-the-cause':
      'a slot says EINVAL of a descriptor that is no map, and of one that is no program',
    'held-link-never-overridden': 'any holder of the map overwrites any slot, and netlink the dispatcher',
    'held-link-never-detached-by-others':
      'any holder of the map empties any slot, and netlink clears the device',
    'last-close-restores-placeholder': 'slot and device hold their program: closing it detaches nothing',
    'crash-restores-placeholder':
      'slot and device hold their program: it survives the process that put it there',
    'pinned-program-keeps-nothing-attached':
      'slot and device hold their program, whether it is pinned or not',
    'close-detaches-exactly-one': 'closing the last descriptor of the map empties all its slots',
    'conflicting-attach-fails-loudly':
      'an update of a slot, like a set by netlink, replaces what is there and reports success',
    'delete-by-name-removes-own': 'slots have no owners: a delete names an index',
    'nothing-left-when-all-gone': 'the device goes on holding the dispatcher when all processes are gone',
    'admin-restores-by-killing': 'killing the owner does not clear the device; it only empties the slots',
    'holder-knows-what-runs': 'slots and device change under their users, and nobody is told',
    'attach-graph-acyclic':
      'a tail call may lead back to its caller: calls are counted at run time (MAX_TAIL_CALL_CNT), not refused',
    'running-dispatcher-keeps-its-slots':
      'slots are emptied with the last descriptor or pin of the map; the program that uses it does not count',
    'attached-extension-receives-packets':
      'slots know nothing of the device: they stay filled when the dispatcher leaves it',
  },
  unneeded: {
    'program-is-no-extension': 'a rule of every device hook; there are no extensions in this design',
  },
});
