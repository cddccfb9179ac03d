import { deviceHooks } from '../kernel/model.js';
import { packet } from '../mechanisms/packet.js';
import { load } from '../mechanisms/load.js';
import { pins } from '../mechanisms/pins.js';
import { processes } from '../mechanisms/processes.js';
import { xdpNetlink, xdpNetlinkIfEmpty } from '../mechanisms/xdp-netlink.js';
import { attachAgain } from './lowering.js';
import { defineProposal } from './proposal.js';

export const netlinkXdp = defineProposal({
  name: 'netlink-xdp',
  title: 'XDP by netlink: attach by device, nobody owns anything',
  sources: [
    'net/core/dev.c, dev_xdp_attach',
    'Linux 4.10 (2016), XDP_FLAGS_UPDATE_IF_NOEXIST',
    'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/',
  ],
  models:
    'set and clear the program of a device by name, and set only if it is empty; the device holds the program',
  leavesOut: 'modes (generic, driver, hardware), upper devices, device removal',
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
    ...xdpNetlinkIfEmpty(k),
    ...processes(k),
    ...pins(k),
    ...packet(k),
  ],
  scenario: { replace: attachAgain },
  expected: {
    'held-link-never-overridden': 'the last writer wins: nobody owns the hook',
    'held-link-never-detached-by-others':
      'anybody who may set a program may clear it, by the name of the device',
    'last-close-restores-placeholder': 'the device holds the program: a close detaches nothing',
    'crash-restores-placeholder': 'the device holds the program: it survives the process that set it',
    'pinned-program-keeps-nothing-attached': 'the device holds the program, whether it is pinned or not',
    'conflicting-attach-fails-loudly':
      'a set without XDP_FLAGS_UPDATE_IF_NOEXIST replaces what is there and reports success',
    'delete-by-name-removes-own': 'a clear names the device, not the program it means to remove',
    'nothing-left-when-all-gone': 'the device goes on holding the program when all processes are gone',
    'admin-restores-by-killing': 'killing the owner detaches nothing: somebody has to clear the device',
    'holder-knows-what-runs': 'anybody may set or clear the device at any time, and nobody is told',
  },
  unneeded: {
    'fd-is-a-program': 'the kernel asks it of any descriptor; in this design only programs have some',
    'program-is-no-extension': 'a rule of every device hook; there are no extensions in this design',
  },
});
