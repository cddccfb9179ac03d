import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { holdsAttachment, isHeldAttachment } from '../model/kernel/attachments.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';
import { who } from './words.js';

export const heldLinkNeverOverridden = defineProperty<KernelState>({
  name: 'held-link-never-overridden',
  kind: 'step',
  claim: 'While an attachment is held, nobody but its holders puts another program in its place.',
  source:
    'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/ — "While that FD is held nothing should be able to override XDP prog on that eth0"',
  situation: 'what is attached changes while an attachment is held',
  speaksAbout: 'all',
  changes: ['attachments'],
  check({ before, after, actor }) {
    let judgement: Judgement = SILENT;
    for (let i = 0; i < before.attachments.length; i++) {
      const was = before.attachments[i]!;
      if (!was.attached || !isHeldAttachment(before, i)) continue;
      judgement = KEPT;
      const is = after.attachments[i]!;
      if (is.program === was.program || is.program === NONE) continue;
      if (actor !== NONE && holdsAttachment(before, actor, i)) continue;
      return broken(`${who(actor)} put another program in the place of one that is held`, {
        held: programObject(was.program),
        now: programObject(is.program),
      });
    }
    return judgement;
  },
});
