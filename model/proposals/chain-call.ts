import { deviceHooks, type Hook } from '../kernel/model.js';
import { chainCall } from '../mechanisms/chain-call.js';
import { packet } from '../mechanisms/packet.js';
import { load } from '../mechanisms/load.js';
import { pins } from '../mechanisms/pins.js';
import { processes } from '../mechanisms/processes.js';
import { xdpNetlink } from '../mechanisms/xdp-netlink.js';
import { attachAgain } from './lowering.js';
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
  scenario: {
    attach(step) {
      step.call('attach', { edge: next.name });
    },
    replace: attachAgain,
  },
  expected: {
    'held-link-never-overridden':
      'edges are unowned: any holder of the previous program rewrites them, and netlink the first program',
    'held-link-never-detached-by-others':
      'any holder of the previous program removes what is behind it, and netlink clears the device',
    'last-close-restores-placeholder': 'edge and device hold their program: a close detaches nothing',
    'crash-restores-placeholder':
      'edge and device hold their program: what a crashed process inserted stays in the chain',
    'pinned-program-keeps-nothing-attached':
      'edge and device hold their program, whether it is pinned or not',
    'conflicting-attach-fails-loudly':
      'setting an edge, like a set by netlink, replaces what is there and reports success',
    'delete-by-name-removes-own': 'an edge has no owner: removing it names the previous program only',
    'nothing-left-when-all-gone':
      'the device goes on holding the first program, and that its chain, when all processes are gone',
    'admin-restores-by-killing': 'killing the owner detaches nothing: somebody has to mend the chain',
    'holder-knows-what-runs': 'edges and device change under their users, and nobody is told',
    'attach-graph-acyclic': 'cycles are not refused: a packet is followed for 32 calls and no further',
    'unreferenced-is-freed': 'an edge holds the next program: programs in a cycle keep each other',
    'attached-extension-receives-packets':
      'an edge knows nothing of the device: it stays when the first program leaves it',
  },
  unneeded: {
    'fd-is-a-program': 'the kernel asks it of any descriptor; in this design only programs have some',
    'program-is-no-extension': 'a rule of every device hook; there are no extensions in this design',
    'previous-is-a-program': 'the kernel asks it of any descriptor; in this design only programs have some',
    'next-is-a-program': 'the kernel asks it of any descriptor; in this design only programs have some',
  },
});
