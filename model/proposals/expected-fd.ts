import { deviceHooks } from '../kernel/model.js';
import { packet } from '../mechanisms/packet.js';
import { load } from '../mechanisms/load.js';
import { pins } from '../mechanisms/pins.js';
import { processes } from '../mechanisms/processes.js';
import { xdpNetlink, xdpNetlinkExpected } from '../mechanisms/xdp-netlink.js';
import { defineProposal } from './proposal.js';

export const expectedFd = defineProposal({
  name: 'expected-fd',
  title: 'XDP by netlink with compare-and-swap on the expected program',
  sources: [
    'Linux commit 92234c8f15c8 (5.7), XDP_FLAGS_REPLACE and IFLA_XDP_EXPECTED_FD',
    'https://lore.kernel.org/bpf/158462359206.164779.15902346296781033076.stgit@toke.dk/',
  ],
  models:
    'set and clear by device name, and replace or clear only if the present program is the expected one',
  leavesOut: 'modes, finding the present program by its id, the flag without the attribute',
  kernel: {
    sources: [{ name: 'prog', kind: 'ordinary' }],
    hooks: (bounds) => deviceHooks(bounds, 'hook'),
    loadedFor: 'none',
    attachedIn: 'none',
  },
  bounds: { processes: 2, fds: 3, programs: 3, attachments: 2, maps: 0, pins: 1, devices: 1 },
  operations: (k) => [
    ...load(k),
    ...xdpNetlink(k),
    ...xdpNetlinkExpected(k),
    ...processes(k),
    ...pins(k),
    ...packet(k),
  ],
  // As it is meant to be used: what is there is compared, and only a clear by the name of the device is blind.
  scenario: {
    attach(step) {
      step.call('replace', { expected: 'none' });
    },
    detach(step) {
      if (step.has('expected')) step.call('replace', { program: 'none' });
      else step.call('detach');
    },
  },
  expected: {
    'held-link-never-overridden': 'the blind set is still there for everybody: comparing is voluntary',
    'held-link-never-detached-by-others':
      'the blind clear is still there for everybody: comparing is voluntary',
    'last-close-restores-placeholder': 'the device holds the program: a close detaches nothing',
    'crash-restores-placeholder': 'the device holds the program: it survives the process that set it',
    'pinned-program-keeps-nothing-attached': 'the device holds the program, whether it is pinned or not',
    'conflicting-attach-fails-loudly':
      'a set without an expected program replaces what is there and reports success',
    'delete-by-name-removes-own': 'a clear without an expected program names the device only',
    'nothing-left-when-all-gone': 'the device goes on holding the program when all processes are gone',
    'admin-restores-by-killing': 'killing the owner detaches nothing: somebody has to clear the device',
    'holder-knows-what-runs':
      'a compare-and-swap protects the one who makes it, not the one whose program is there',
  },
  unneeded: {
    'fd-is-a-program': 'the kernel asks it of any descriptor; in this design only programs have some',
    'expected-is-a-program': 'the kernel asks it of any descriptor; in this design only programs have some',
    'program-is-no-extension': 'a rule of every device hook; there are no extensions in this design',
  },
});
