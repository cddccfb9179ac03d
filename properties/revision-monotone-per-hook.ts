import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { revisionOf } from '../model/kernel/lists.js';
import type { KernelState } from '../model/kernel/model.js';
import { isOwnerThere } from './lists.js';

/** Without it an expected revision says nothing for sure: the same number can stand for another list. */
export const revisionMonotonePerHook = defineProperty<KernelState>({
  name: 'revision-monotone-per-hook',
  kind: 'step',
  claim: 'The revision of a list never decreases while what it is on is there.',
  source:
    'kernel/bpf/tcx.c, tcx_prog_detach: an entry that has become empty is freed, and its revision with it',
  situation: 'the revision of a list changes',
  speaksAbout: ['takes:revision'],
  changes: ['revisions'],
  check({ before, after }) {
    let judgement: Judgement = SILENT;
    for (const hook of before.kernel.revised) {
      if (!isOwnerThere(before, hook) || !isOwnerThere(after, hook)) continue;
      const [was, is] = [revisionOf(before, hook), revisionOf(after, hook)];
      if (is < was) {
        const { name } = before.kernel.hooks[hook]!;
        return broken(`the revision of ${name} was ${was + 1}, and is ${is + 1} again`);
      }
      if (is > was) judgement = KEPT;
    }
    return judgement;
  },
});
