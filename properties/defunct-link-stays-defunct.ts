import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { attachmentObject, isLink } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';

export const defunctLinkStaysDefunct = defineProperty<KernelState>({
  name: 'defunct-link-stays-defunct',
  kind: 'step',
  claim: 'A link whose hook is gone never comes back to life, not even with a device of the same name.',
  source:
    'github.com/projectcalico/calico issues 11012, 12801: a device was deleted and made anew; net/core/dev.c, dev_xdp_uninstall',
  situation: 'what is attached changes while there is a defunct link',
  speaksAbout: ['takes:link'],
  changes: ['attachments'],
  check({ before, after }) {
    let judgement: Judgement = SILENT;
    for (let i = 0; i < before.attachments.length; i++) {
      const was = before.attachments[i]!;
      if (!was.live || was.attached || !isLink(before, i)) continue;
      if (after.attachments[i]!.attached)
        return broken('a defunct link is attached again', { link: attachmentObject(i) });
      judgement = KEPT;
    }
    return judgement;
  },
});
