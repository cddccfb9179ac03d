import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { holdsAttachment, isHeldByOther } from '../model/kernel/attachments.js';
import { attachmentObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { who } from './words.js';

export const passedLinkSurvivesCrash = defineProperty<KernelState>({
  name: 'passed-link-survives-crash',
  kind: 'step',
  claim: 'A link that another process holds too stays attached when the one that made it crashes.',
  source:
    'https://lore.kernel.org/bpf/20200228223948.360936-1-andriin@fb.com/ (bpf_link: "last reference"); unix(7), SCM_RIGHTS',
  situation: 'a process crashes while another holds the same link',
  speaksAbout: ['kept-by:link', 'kept-by:either'],
  verbs: ['crash'],
  check({ before, after, actor }) {
    let judgement: Judgement = SILENT;
    for (let i = 0; i < before.attachments.length; i++) {
      if (!before.attachments[i]!.attached) continue;
      if (!holdsAttachment(before, actor, i) || !isHeldByOther(before, actor, i)) continue;
      if (!after.attachments[i]!.attached) {
        return broken(`the crash of ${who(actor)} detached a link that another holds`, {
          link: attachmentObject(i),
        });
      }
      judgement = KEPT;
    }
    return judgement;
  },
});
