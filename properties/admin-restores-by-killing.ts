import { KEPT, broken, defineProperty } from '../checker/property.js';
import { isPinned } from '../model/kernel/attachments.js';
import { attachmentObject, programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';

export const adminRestoresByKilling = defineProperty<KernelState>({
  name: 'admin-restores-by-killing',
  kind: 'settled',
  claim:
    'An admin gets rid of what is attached by killing its owners, without cleaning up after them, unless it was pinned.',
  source:
    'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/ — the human who wants the placeholder back kills the owner',
  situation: 'all processes were killed',
  speaksAbout: 'all',
  check(s) {
    for (let i = 0; i < s.attachments.length; i++) {
      if (!s.attachments[i]!.attached || isPinned(s, attachmentObject(i))) continue;
      return broken('all owners were killed, and a program is still attached', {
        attached: programObject(s.attachments[i]!.program),
      });
    }
    return KEPT;
  },
});
