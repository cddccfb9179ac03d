import { deviceHooks } from '../kernel/model.js';
import { comparedExtensionLink, deviceLink } from '../mechanisms/link.js';
import { load, loadExtensionFor } from '../mechanisms/load.js';
import { packet } from '../mechanisms/packet.js';
import { pins } from '../mechanisms/pins.js';
import { processes } from '../mechanisms/processes.js';
import { defineProposal } from './proposal.js';
import { CHANGED_ROOTLET, FW1, ROOTLET, placeholderHooks } from './rootlet.js';

export const btfCopy = defineProposal({
  name: 'btf-copy',
  title: 'the "ugly alternative": copy the BTF of the target at load, drop the reference, compare at attach',
  sources: ['https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/'],
  models:
    'load takes a reference on the target, verifies, copies its BTF and drops the reference; attach names any target and ' +
    'compares; the link holds the target it is attached in',
  leavesOut:
    'update in place and forced detach; the mail does not say what keeps the target alive later: here the link does',
  kernel: {
    sources: [ROOTLET, CHANGED_ROOTLET, FW1],
    hooks: (bounds) => [...deviceHooks(bounds, 'link'), ...placeholderHooks('link')],
    loadedFor: 'none',
    attachedIn: 'holds',
    copiesBtf: true,
  },
  bounds: { processes: 2, fds: 3, programs: 2, attachments: 2, maps: 0, pins: 1, devices: 1 },
  operations: (k) => [
    ...load(k),
    ...loadExtensionFor(k),
    ...deviceLink(k),
    ...comparedExtensionLink(k),
    ...processes(k),
    ...pins(k),
    ...packet(k),
  ],
  expected: {
    'errno-tells-the-cause':
      'load and attach say EINVAL for whatever does not fit: the target, the subprogram, the signature, the program',
    'attached-extension-receives-packets':
      'a link holds the target in memory, not on its device, as with a link that is bound at load',
  },
  unneeded: {
    'load-extension/target-has-the-subprogram':
      'the verifier asks it of any target; the two rootlets, the only ones here, have both placeholders',
  },
});
