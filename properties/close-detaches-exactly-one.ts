import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { objectBehind } from '../model/kernel/descriptors.js';
import { attachmentObject, isLive, programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';

export const closeDetachesExactlyOne = defineProperty<KernelState>({
  name: 'close-detaches-exactly-one',
  kind: 'step',
  claim: 'Closing a descriptor detaches at most the attachment it stands for, and no other.',
  source:
    'https://lore.kernel.org/bpf/CAEf4BzZKvuPz8NZODYnn4DOcjPnj5caVeOHTP9_D3=wL0nVFfw@mail.gmail.com/ — close detaches exactly that one attachment',
  situation: 'a process closes a descriptor while something is attached',
  speaksAbout: 'all',
  verbs: ['close'],
  check(step) {
    const { before, after, actor } = step;
    const closed = objectBehind(before, actor, step.args[1]!);
    let judgement: Judgement = SILENT;
    for (let i = 0; i < before.attachments.length; i++) {
      const was = before.attachments[i]!;
      if (!was.attached) continue;
      judgement = KEPT;
      if (after.attachments[i]!.attached || closed === attachmentObject(i)) continue;
      // What is in a program or map goes with it: that is not another attachment, but its ground.
      if (was.target !== NONE && !isLive(after, was.target)) continue;
      return broken(`closing something else detached a program`, {
        closed,
        detached: programObject(was.program),
      });
    }
    return judgement;
  },
});
