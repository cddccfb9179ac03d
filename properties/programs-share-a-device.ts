import { defineProperty } from '../checker/property.js';
import { isReached } from '../model/kernel/attachments.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';

export const programsShareADevice = defineProperty<KernelState>({
  name: 'programs-share-a-device',
  kind: 'witness',
  claim: 'Several programs can run for one packet.',
  source: 'https://lore.kernel.org/bpf/20191112025112.bhzmrrh2pr76ssnh@ast-mbp.dhcp.thefacebook.com/',
  situation: 'one device leads to two programs',
  speaksAbout: ['list', 'has:edge', 'has:slot', 'has:subprogram'],
  reached(s) {
    let first = NONE;
    for (let i = 0; i < s.attachments.length; i++) {
      const { attached, program } = s.attachments[i]!;
      if (!attached || !isReached(s, program)) continue;
      if (first !== NONE && first !== program) return true;
      first = program;
    }
    return false;
  },
});
