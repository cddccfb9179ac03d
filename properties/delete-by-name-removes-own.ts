import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { isHeldByOther } from '../model/kernel/attachments.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { who } from './words.js';

export const deleteByNameRemovesOwn = defineProperty<KernelState>({
  name: 'delete-by-name-removes-own',
  kind: 'step',
  claim: 'Detaching by a name (a device, a handle, a slot) removes nothing that another holds.',
  source:
    'github.com/cilium/cilium issue 21345, Linux commit e420bed02507: a cleanup by handle deleted the filter of another agent',
  situation: 'a detach removes something',
  speaksAbout: ['verb:detach'],
  changes: ['attachments'],
  verbs: ['detach'],
  check({ before, after, actor }) {
    let judgement: Judgement = SILENT;
    for (let i = 0; i < before.attachments.length; i++) {
      if (!before.attachments[i]!.attached || after.attachments[i]!.attached) continue;
      if (isHeldByOther(before, actor, i)) {
        return broken(`${who(actor)} removed by name what another holds`, {
          removed: programObject(before.attachments[i]!.program),
        });
      }
      judgement = KEPT;
    }
    return judgement;
  },
});
