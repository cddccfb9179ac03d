import { deviceHooks, type Hook } from '../kernel/model.js';
import { chainCall } from '../mechanisms/chain-call.js';
import { packet } from '../mechanisms/packet.js';
import { load } from '../mechanisms/load.js';
import { pins } from '../mechanisms/pins.js';
import { processes } from '../mechanisms/processes.js';
import { xdpNetlink } from '../mechanisms/xdp-netlink.js';
import { defineProposal } from './proposal.js';

const next: Hook = { name: 'next', kind: 'edge', exclusive: true, keptBy: 'hook' };

export const chainCallProposal = defineProposal({
  name: 'chain-call',
  title: "Toke's chain calls: the kernel calls the next program after the previous one",
  sources: ['https://lore.kernel.org/bpf/157046883502.2092443.146052429591277809.stgit@alrua-x1/'],
  models:
    'the first program set by netlink; edges from program to program that any holder of the previous one rewrites',
  leavesOut:
    'return codes (one edge a program stands for the wildcard), reading edges, the flag given at load',
  kernel: {
    sources: [{ name: 'prog', kind: 'ordinary' }],
    hooks: (bounds) => [...deviceHooks(bounds, 'hook'), next],
    loadedFor: 'none',
    attachedIn: 'refers',
  },
  bounds: { processes: 2, fds: 3, programs: 2, attachments: 2, maps: 0, pins: 1, devices: 1 },
  operations: (k) => [
    ...load(k),
    ...xdpNetlink(k),
    ...chainCall(k),
    ...processes(k),
    ...pins(k),
    ...packet(k),
  ],
  expected: {},
});
