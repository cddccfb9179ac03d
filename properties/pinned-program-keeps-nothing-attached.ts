import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { isHeldAttachment, isPinned } from '../model/kernel/attachments.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';

export const pinnedProgramKeepsNothingAttached = defineProperty<KernelState>({
  name: 'pinned-program-keeps-nothing-attached',
  kind: 'state',
  claim:
    'Pinning the program alone keeps nothing attached: without a holder of the attachment, it is not attached.',
  source:
    'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/ — "Pinning the program alone is not enough"; users: github.com/aya-rs/aya issue 739',
  situation: 'a program is pinned',
  speaksAbout: 'all',
  check(s) {
    let judgement: Judgement = SILENT;
    for (let i = 0; i < s.programs.length; i++) {
      if (!s.programs[i]!.live || !isPinned(s, programObject(i))) continue;
      judgement = KEPT;
      for (let k = 0; k < s.attachments.length; k++) {
        const { attached, program } = s.attachments[k]!;
        if (attached && program === i && !isHeldAttachment(s, k)) {
          return broken('a pinned program is attached, and nobody holds the attachment', {
            program: programObject(i),
          });
        }
      }
    }
    return judgement;
  },
});
