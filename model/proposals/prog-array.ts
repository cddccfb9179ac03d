import { deviceHooks, type Hook } from '../kernel/model.js';
import { packet } from '../mechanisms/packet.js';
import { load, loadWithMap } from '../mechanisms/load.js';
import { pins } from '../mechanisms/pins.js';
import { processes } from '../mechanisms/processes.js';
import { progArray } from '../mechanisms/prog-array.js';
import { xdpNetlink } from '../mechanisms/xdp-netlink.js';
import { defineProposal } from './proposal.js';

const slots: readonly Hook[] = [
  { name: 'slot0', kind: 'slot', exclusive: true, keptBy: 'hook' },
  { name: 'slot1', kind: 'slot', exclusive: true, keptBy: 'hook' },
];

export const progArrayProposal = defineProposal({
  name: 'prog-array',
  title: 'tail calls: slots that any holder of the map overwrites, emptied with its last fd or pin',
  sources: [
    'kernel/bpf/arraymap.c; Linux commit c9da161c6517',
    'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/',
  ],
  models: 'a dispatcher on a device, set by netlink, that tail-calls through the slots of a map it uses',
  leavesOut:
    'owner kinds, programs in slots that tail-call themselves, the delay with which slots are emptied',
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
  expected: {},
});
