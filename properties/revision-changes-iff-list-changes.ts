import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { revisionOf } from '../model/kernel/lists.js';
import type { KernelState } from '../model/kernel/model.js';
import { isOwnerThere, sameList } from './lists.js';

export const revisionChangesIffListChanges = defineProperty<KernelState>({
  name: 'revision-changes-iff-list-changes',
  kind: 'step',
  claim: 'The revision of a list changes when, and only when, the list does.',
  source: 'include/linux/bpf_mprog.h, bpf_mprog_commit: each change makes it greater by one',
  situation: 'a list or its revision changes',
  speaksAbout: ['takes:revision'],
  changes: ['attachments', 'revisions'],
  check({ before, after }) {
    let judgement: Judgement = SILENT;
    for (const hook of before.kernel.revised) {
      if (!isOwnerThere(before, hook) || !isOwnerThere(after, hook)) continue;
      const isCounted = revisionOf(before, hook) !== revisionOf(after, hook);
      const isSame = sameList(before, after, hook);
      const { name } = before.kernel.hooks[hook]!;
      if (isCounted && isSame) return broken(`the revision of ${name} changed, and the list did not`);
      if (!isCounted && !isSame) return broken(`the list of ${name} changed, and its revision did not`);
      if (isCounted) judgement = KEPT;
    }
    return judgement;
  },
});
