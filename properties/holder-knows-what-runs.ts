import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { isHeldByOther } from '../model/kernel/attachments.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { who } from './words.js';

export const holderKnowsWhatRuns = defineProperty<KernelState>({
  name: 'holder-knows-what-runs',
  kind: 'step',
  claim: "Whoever holds an attachment knows what runs at its hook: it changes by nobody else's doing.",
  source: 'https://lore.kernel.org/bpf/20200328233546.7ayswtraepw3ia2x@ast-mbp/ — "exact ownership"',
  situation: 'what is attached changes while another process holds an attachment',
  speaksAbout: 'all',
  changes: ['attachments'],
  check({ before, after, actor }) {
    let judgement: Judgement = SILENT;
    for (let i = 0; i < before.attachments.length; i++) {
      const was = before.attachments[i]!;
      if (!was.attached || !isHeldByOther(before, actor, i)) continue;
      const is = after.attachments[i]!;
      if (is.attached && is.program === was.program) judgement = KEPT;
      else
        return broken(`${who(actor)} changed what runs at a hook that another holds`, {
          ran: programObject(was.program),
        });
    }
    return judgement;
  },
});
