import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { isHeldByOther } from '../model/kernel/attachments.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { who } from './words.js';

export const containerDeleteKeepsForeign = defineProperty<KernelState>({
  name: 'container-delete-keeps-foreign',
  kind: 'step',
  claim: 'Deleting a container (a qdisc) removes nothing in it that another holds.',
  source:
    'github.com/grafana/beyla issues 1462, 1535: an agent deletes clsact on exit, and the filters of all others with it',
  situation: 'deleting a container removes what is attached in it',
  speaksAbout: ['verb:delete_qdisc'],
  changes: ['attachments'],
  verbs: ['delete_qdisc'],
  check({ before, after, actor }) {
    let judgement: Judgement = SILENT;
    for (let i = 0; i < before.attachments.length; i++) {
      if (!before.attachments[i]!.attached || after.attachments[i]!.attached) continue;
      if (isHeldByOther(before, actor, i)) {
        return broken(`${who(actor)} deleted the container of what another holds`, {
          removed: programObject(before.attachments[i]!.program),
        });
      }
      judgement = KEPT;
    }
    return judgement;
  },
});
