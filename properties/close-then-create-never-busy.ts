import { KEPT, SILENT, broken, defineProperty } from '../checker/property.js';
import { isHeldAttachment, occupant } from '../model/kernel/attachments.js';
import { isLink, programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';
import { namedPlaces } from './places.js';

export const closeThenCreateNeverBusy = defineProperty<KernelState>({
  name: 'close-then-create-never-busy',
  kind: 'step',
  claim: 'An attach is refused as busy only while somebody holds the link that is there.',
  source:
    'kernel/bpf/syscall.c, bpf_link_put: the last unpin is carried out by a work item; github.com/bpfman/bpfman commit fbdad7a9: open the link, unpin it, close it last',
  situation: 'an attach is refused with EBUSY at a hook that has a link',
  speaksAbout: ['kept-by:link', 'kept-by:either'],
  verbs: ['attach', 'attach_if_empty'],
  onlyRefusals: true,
  refusals: 'all',
  errnos: ['EBUSY'],
  check(step) {
    const { before, operation } = step;
    for (const { hook, target } of namedPlaces(step)) {
      const present = occupant(before, hook, target);
      if (present === NONE || !isLink(before, present)) continue;
      if (isHeldAttachment(before, present)) return KEPT;
      return broken(`${operation.verb} is refused for a link that nobody holds any more`, {
        there: programObject(before.attachments[present]!.program),
      });
    }
    return SILENT;
  },
});
