import { deviceHooks } from '../kernel/model.js';
import { boundExtensionLink, deviceLink } from '../mechanisms/link.js';
import { load, loadExtensionFor } from '../mechanisms/load.js';
import { packet } from '../mechanisms/packet.js';
import { pins } from '../mechanisms/pins.js';
import { processes } from '../mechanisms/processes.js';
import { defineProposal } from './proposal.js';
import { FW1, FW2, ROOTLET, placeholderHooks } from './rootlet.js';

export const linkFd = defineProposal({
  name: 'link-fd',
  title: "Alexei's rootlet: a link fd that nobody else can override and that lets go with its owner",
  sources: [
    'https://lore.kernel.org/bpf/20191112025112.bhzmrrh2pr76ssnh@ast-mbp.dhcp.thefacebook.com/',
    'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/',
    'https://lore.kernel.org/bpf/CACAyw9-Sx8jBY2HiO0idLk_HE5R5R229w5qEqVkaQ92YUKM0kg@mail.gmail.com/',
  ],
  models:
    'load(…, attach_prog_fd, btf_id) is verified against the target and holds it; attach() needs no more and returns a ' +
    'link fd, for a device as for a placeholder; whoever holds the link, or a pin of it, keeps the attachment',
  leavesOut: 'update in place and forced detach (they came in 2020), the check for stack depth',
  kernel: {
    sources: [ROOTLET, FW1, FW2],
    hooks: (bounds) => [...deviceHooks(bounds, 'link'), ...placeholderHooks('link')],
    loadedFor: 'holds',
    attachedIn: 'refers',
  },
  bounds: { processes: 2, fds: 3, programs: 2, attachments: 2, maps: 0, pins: 1, devices: 1 },
  operations: (k) => [
    ...load(k),
    ...loadExtensionFor(k),
    ...deviceLink(k),
    ...boundExtensionLink(k),
    ...processes(k),
    ...pins(k),
    ...packet(k),
  ],
  expected: {
    'errno-tells-the-cause':
      'load and attach say EINVAL for whatever does not fit: the target, the subprogram, the signature, the program',
    'load-keeps-no-target-alive': 'an extension holds its target from load on, attached or not',
    'attached-extension-receives-packets':
      'a link holds the target in memory, not on its device: what detaching the rootlet should mean was left open',
  },
  unneeded: {
    'load-extension/target-has-the-subprogram':
      'the verifier asks it of any target; the rootlet, the only one here, has both placeholders',
    'attach-extension/program-is-an-extension':
      'a program that was loaded for no placeholder counts as loaded for the first hook, eth0: without the guard this call attaches it there, as attach does',
  },
});
