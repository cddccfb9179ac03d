import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';

export const relativeOrderOfOthersPreserved = defineProperty<KernelState>({
  name: 'relative-order-of-others-preserved',
  kind: 'step',
  claim: 'Whatever is put into a list, taken out or replaced, the others stay in their order.',
  source: 'kernel/bpf/mprog.c, bpf_mprog_insert and bpf_mprog_delete; net/sched/cls_bpf.c, list_add_rcu',
  situation: 'what is attached changes while two are in a list before and after',
  speaksAbout: ['list'],
  changes: ['attachments'],
  check({ before, after }) {
    let judgement: Judgement = SILENT;
    const { length } = before.attachments;
    for (let i = 0; i < length; i++) {
      const [was, is] = [before.attachments[i]!, after.attachments[i]!];
      if (!was.attached || !is.attached || before.kernel.hooks[was.hook]!.exclusive) continue;
      for (let j = i + 1; j < length; j++) {
        const [otherWas, otherIs] = [before.attachments[j]!, after.attachments[j]!];
        if (!otherWas.attached || !otherIs.attached) continue;
        if (otherWas.hook !== was.hook || otherWas.target !== was.target) continue;
        if (was.rank < otherWas.rank !== is.rank < otherIs.rank)
          return broken('two that stayed have changed places', {
            one: programObject(is.program),
            other: programObject(otherIs.program),
          });
        judgement = KEPT;
      }
    }
    return judgement;
  },
});
