import { KEPT, SILENT, broken, defineProperty } from '../checker/property.js';
import { isHeldAttachment } from '../model/kernel/attachments.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { who } from './words.js';

export const restartedOwnerLeavesOneProgram = defineProperty<KernelState>({
  name: 'restarted-owner-leaves-one-program',
  kind: 'step',
  claim: 'When an owner attaches again after it was gone, nothing of its earlier life is left beside it.',
  source:
    'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/ — attaching in a loop without cleanup: "tc progs" pile up; github.com/cilium/cilium issue 36172',
  situation: 'an attach adds an attachment',
  speaksAbout: 'all',
  changes: ['attachments'],
  verbs: ['attach', 'attach_if_empty', 'replace'],
  check({ before, after, actor }) {
    for (let i = 0; i < after.attachments.length; i++) {
      const made = after.attachments[i]!;
      if (!made.attached || before.attachments[i]!.attached) continue;
      for (let k = 0; k < after.attachments.length; k++) {
        const other = after.attachments[k]!;
        if (k === i || !other.attached || other.hook !== made.hook || other.target !== made.target) continue;
        if (isHeldAttachment(after, k)) continue;
        return broken(`${who(actor)} attached a program beside one that nobody holds any more`, {
          left: programObject(other.program),
          attached: programObject(made.program),
        });
      }
      return KEPT;
    }
    return SILENT;
  },
});
