import { KEPT, SILENT, broken, deedOf, defineProperty, type Judgement } from '../checker/property.js';
import { holdsAttachment, isHeldByOther, isPinned } from '../model/kernel/attachments.js';
import { attachmentObject, programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';
import { who } from './words.js';

/** What a holder does that gives up a descriptor or a pin, and asks for nothing else. */
function letsGo(verb: string): boolean {
  return verb === 'close' || verb === 'crash' || verb === 'unpin';
}

export const heldLinkNeverDetachedByOthers = defineProperty<KernelState>({
  name: 'held-link-never-detached-by-others',
  kind: 'step',
  claim:
    'While an attachment is held, nobody but its holders takes it off its hook, and they do not by merely letting go.',
  source:
    'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/ — "attached program will not be detached by anything else accidentally"',
  situation:
    'what is attached changes while an attachment is held by another process, or by a pin that stays',
  speaksAbout: 'all',
  changes: ['attachments'],
  check({ before, after, actor, operation }) {
    let judgement: Judgement = SILENT;
    for (let i = 0; i < before.attachments.length; i++) {
      if (!before.attachments[i]!.attached) continue;
      if (!isHeldByOther(before, actor, i) && !isPinned(after, attachmentObject(i))) continue;
      if (after.attachments[i]!.attached) judgement = KEPT;
      else if (actor === NONE || !holdsAttachment(before, actor, i) || letsGo(deedOf(operation))) {
        return broken(`${who(actor)} detached what another holds`, {
          detached: programObject(before.attachments[i]!.program),
        });
      }
    }
    return judgement;
  },
});
