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
  expected: {},
});
