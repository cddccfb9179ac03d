import { deviceHooks } from '../kernel/model.js';
import { load, loadUnboundExtension } from '../mechanisms/load.js';
import { packet } from '../mechanisms/packet.js';
import { pins } from '../mechanisms/pins.js';
import { processes } from '../mechanisms/processes.js';
import { subProgReplace } from '../mechanisms/sub-prog-replace.js';
import { xdpNetlink } from '../mechanisms/xdp-netlink.js';
import type { LowerStep } from './lowering.js';
import { defineProposal } from './proposal.js';
import { FW1, FW2, ROOTLET, placeholderHooks } from './rootlet.js';

/** A subprogram is replaced in its target; a program is set on a device. */
const setOrReplace: LowerStep = (step) => {
  step.call(step.has('target') ? 'replace' : 'attach');
};

export const explicitReplace = defineProposal({
  name: 'explicit-replace',
  title: "Lorenz's replace_sub_prog(prog_fd, btf_id, sub_prog_fd), with no target at load",
  sources: [
    'https://lore.kernel.org/bpf/CACAyw98dcpu1b2nUf7ize2SJGJGd=mhqRK+PYQTx96gSBtbkNQ@mail.gmail.com/',
  ],
  models:
    'the target holds what replaces its subprograms until it is replaced again, put back, or the target is freed',
  leavesOut:
    'the inverse was left open: here anybody with a descriptor of the target puts a placeholder back; devices are set by ' +
    'netlink, as they were then',
  kernel: {
    sources: [ROOTLET, FW1, FW2],
    hooks: (bounds) => [...deviceHooks(bounds, 'hook'), ...placeholderHooks('hook')],
    loadedFor: 'none',
    attachedIn: 'refers',
  },
  bounds: { processes: 2, fds: 3, programs: 2, attachments: 2, maps: 0, pins: 1, devices: 1 },
  operations: (k) => [
    ...load(k),
    ...loadUnboundExtension(k),
    ...xdpNetlink(k),
    ...subProgReplace(k),
    ...processes(k),
    ...pins(k),
    ...packet(k),
  ],
  scenario: { attach: setOrReplace, replace: setOrReplace },
  expected: {
    'errno-tells-the-cause':
      'a replacement says EINVAL for whatever does not fit: the target, the subprogram, the signature, the program',
    'held-link-never-overridden':
      'any holder of the target replaces a subprogram again, and netlink the target',
    'held-link-never-detached-by-others':
      'any holder of the target puts the placeholder back, and netlink clears the device',
    'last-close-restores-placeholder': 'target and device hold what is attached: a close detaches nothing',
    'crash-restores-placeholder':
      'the target holds what replaced its subprogram: it survives the process that put it there',
    'pinned-program-keeps-nothing-attached':
      'target and device hold what is attached, whether it is pinned or not',
    'conflicting-attach-fails-loudly':
      'a replacement, like a set by netlink, replaces what is there and reports success',
    'delete-by-name-removes-own':
      'putting a placeholder back names the subprogram, not what it means to remove',
    'nothing-left-when-all-gone':
      'the device goes on holding the target, and that its replacements, when all processes are gone',
    'admin-restores-by-killing':
      'killing the owner detaches nothing: somebody has to put the placeholder back',
    'holder-knows-what-runs': 'placeholders and device change under their users, and nobody is told',
    'attached-extension-receives-packets':
      'a replacement knows nothing of the device: it stays when the target leaves it',
  },
  unneeded: {
    'fd-is-a-program': 'the kernel asks it of any descriptor; in this design only programs have some',
    'target-is-a-program': 'the kernel asks it of any descriptor; in this design only programs have some',
  },
});
