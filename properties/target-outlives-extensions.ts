import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { isLive, programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';

export const targetOutlivesExtensions = defineProperty<KernelState>({
  name: 'target-outlives-extensions',
  kind: 'state',
  claim: 'A program lives as long as an extension is attached in it.',
  source:
    'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/ — the extension holds a reference on the program it is linked to',
  situation: 'an extension is attached',
  speaksAbout: ['has:subprogram'],
  reads: ['attachments', 'programs'],
  check(s) {
    let judgement: Judgement = SILENT;
    for (let i = 0; i < s.attachments.length; i++) {
      const { attached, hook, program, target } = s.attachments[i]!;
      if (!attached || s.kernel.hooks[hook]!.kind !== 'subprogram') continue;
      if (!isLive(s, target)) {
        return broken('an extension is attached in a program that was freed', {
          extension: programObject(program),
          target,
        });
      }
      judgement = KEPT;
    }
    return judgement;
  },
});
