import { KEPT, SILENT, argument, broken, defineProperty, type Judgement } from '../checker/property.js';
import { attachmentObject, isLink } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { isAtOneOf, namedPlaces } from './places.js';
import { who } from './words.js';

export const optsNeverDisplaceLinks = defineProperty<KernelState>({
  name: 'opts-never-displace-links',
  kind: 'step',
  claim:
    'A call that attaches, replaces or detaches programs and names no link neither takes off nor changes what a link attached.',
  source:
    'kernel/bpf/mprog.c, bpf_mprog_pos_exact and bpf_mprog_fetch: EBUSY for an entry of a link; Linux commit 053c8e1f235d',
  situation: 'such a call is made where a link has attached something',
  speaksAbout: ['kept-by:either'],
  verbs: ['attach', 'attach_if_empty', 'replace', 'detach'],
  check(step) {
    if (argument(step, 'link') !== undefined) return SILENT;
    const { before, after, actor, operation } = step;
    const places = namedPlaces(step);
    let judgement: Judgement = SILENT;
    for (let i = 0; i < before.attachments.length; i++) {
      const was = before.attachments[i]!;
      if (!was.attached || !isLink(before, i) || !isAtOneOf(places, was)) continue;
      const is = after.attachments[i]!;
      if (!is.attached || is.program !== was.program)
        return broken(`${operation.verb} of ${who(actor)} displaced what a link attached`, {
          link: attachmentObject(i),
        });
      judgement = KEPT;
    }
    return judgement;
  },
});
