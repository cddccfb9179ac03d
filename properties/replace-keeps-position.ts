import { KEPT, broken, defineProperty } from '../checker/property.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';

export const replaceKeepsPosition = defineProperty<KernelState>({
  name: 'replace-keeps-position',
  kind: 'step',
  claim: 'Replacing a program in a list leaves it, and the others, in their places.',
  source: 'net/sched/cls_bpf.c, cls_bpf_change: list_replace_rcu',
  situation: 'a filter is replaced',
  speaksAbout: ['list'],
  verbs: ['replace'],
  check({ before, after }) {
    for (let i = 0; i < before.attachments.length; i++) {
      const was = before.attachments[i]!;
      const is = after.attachments[i]!;
      if (before.kernel.hooks[was.attached ? was.hook : is.hook]!.exclusive) continue;
      if (was.attached === is.attached && (!was.attached || was.rank === is.rank)) continue;
      return broken('a replace moved a filter', {
        moved: programObject(was.attached ? was.program : is.program),
      });
    }
    return KEPT;
  },
});
