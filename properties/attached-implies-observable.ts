import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { isDying } from '../model/kernel/deferred.js';
import { isLink, programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';

export const attachedImpliesObservable = defineProperty<KernelState>({
  name: 'attached-implies-observable',
  kind: 'state',
  claim: 'A link that is at a hook can be opened by its id, so that whoever is in the way can be found.',
  source:
    'Linux commit a3b80e107894: links have ids, by which they are found and opened; kernel/bpf/syscall.c, bpf_link_free: the id goes before the hook is released',
  situation: 'a link is attached',
  speaksAbout: ['takes:id'],
  reads: ['attachments'],
  check(s) {
    let judgement: Judgement = SILENT;
    for (let i = 0; i < s.attachments.length; i++) {
      if (!s.attachments[i]!.attached || !isLink(s, i)) continue;
      if (isDying(s, i))
        return broken('a link is at its hook, and has no id any more', {
          runs: programObject(s.attachments[i]!.program),
        });
      judgement = KEPT;
    }
    return judgement;
  },
});
