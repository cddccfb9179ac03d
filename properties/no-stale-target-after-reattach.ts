import { KEPT, SILENT, broken, defineProperty } from '../checker/property.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';

export const noStaleTargetAfterReattach = defineProperty<KernelState>({
  name: 'no-stale-target-after-reattach',
  kind: 'step',
  claim: 'Once an extension is attached in another program, it does not keep the one that it was loaded for.',
  source:
    'Linux commit 4a1e7c0c63e0: "make sure the original attach destination is not kept alive after a program is (re-)attached to another target"',
  situation: 'an extension is attached in another program than the one it was loaded for',
  speaksAbout: ['linux:savedKinds'],
  verbs: ['attach'],
  changes: ['attachments'],
  check({ before, after }) {
    for (let i = 0; i < after.attachments.length; i++) {
      const { attached, program, target, hook } = after.attachments[i]!;
      if (!attached || before.attachments[i]!.live) continue;
      if (after.kernel.hooks[hook]!.kind !== 'subprogram') continue;
      const loadedFor = before.programs[program]!.target;
      if (loadedFor === NONE || programObject(loadedFor) === target) continue;
      if (after.programs[program]!.target === NONE) return KEPT;
      return broken('an extension keeps the program that it was loaded for', {
        extension: programObject(program),
        'loaded for': programObject(loadedFor),
        'attached in': target,
      });
    }
    return SILENT;
  },
});
