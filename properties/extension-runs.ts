import { defineProperty } from '../checker/property.js';
import { isAnyDeviceTaken, isReached } from '../model/kernel/attachments.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';

export const extensionRuns = defineProperty<KernelState>({
  name: 'extension-runs',
  kind: 'witness',
  claim: 'A packet can meet an extension in the place of a placeholder.',
  source: 'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/',
  situation: 'a replaced placeholder is in a program that a device runs',
  speaksAbout: ['has:subprogram'],
  reads: ['attachments', 'programs'],
  conditions: [
    { name: 'a device runs a program', test: isAnyDeviceTaken },
    {
      name: 'a placeholder is replaced',
      test(s) {
        for (let i = 0; i < s.attachments.length; i++) {
          if (s.attachments[i]!.attached && s.attachments[i]!.target !== NONE) return true;
        }
        return false;
      },
    },
    {
      name: 'packets come to what replaces a placeholder',
      test(s) {
        for (let i = 0; i < s.attachments.length; i++) {
          const { attached, target, program } = s.attachments[i]!;
          if (attached && target !== NONE && isReached(s, program)) return true;
        }
        return false;
      },
    },
  ],
});
