import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { isPinned } from '../model/kernel/attachments.js';
import { attachmentObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';

export const pinnedLinkSurvivesCrash = defineProperty<KernelState>({
  name: 'pinned-link-survives-crash',
  kind: 'step',
  claim: 'A pinned link stays attached when processes crash.',
  source:
    'https://lore.kernel.org/bpf/ccbc1e49-45c1-858b-1ad5-ee503e0497f2@fb.com/; Linux commit 70ed506c3bbc',
  situation: 'a process crashes while a pinned link is attached',
  speaksAbout: ['kept-by:link', 'kept-by:either'],
  verbs: ['crash'],
  check({ before, after }) {
    let judgement: Judgement = SILENT;
    for (let i = 0; i < before.attachments.length; i++) {
      if (!before.attachments[i]!.attached || !isPinned(before, attachmentObject(i))) continue;
      if (!after.attachments[i]!.attached) {
        return broken('a crash detached a pinned link', { link: attachmentObject(i) });
      }
      judgement = KEPT;
    }
    return judgement;
  },
});
