import { KEPT, SILENT, argument, broken, errno, defineProperty } from '../checker/property.js';
import { isHeldByOther } from '../model/kernel/attachments.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { who } from './words.js';

export const conflictingAttachFailsLoudly = defineProperty<KernelState>({
  name: 'conflicting-attach-fails-loudly',
  kind: 'step',
  claim:
    'An attach that would displace what another holds is refused and changes nothing, unless the caller named what it replaces.',
  source:
    'https://lore.kernel.org/bpf/CAEf4BzZKvuPz8NZODYnn4DOcjPnj5caVeOHTP9_D3=wL0nVFfw@mail.gmail.com/ — "better for one of them to loudly fail to attach than silently break"',
  situation: 'an attach or replace aims at a place that another holds',
  speaksAbout: 'all',
  verbs: ['attach', 'attach_if_empty', 'replace'],
  refusals: 'all',
  check(step) {
    const { before, after, actor, code } = step;
    if (code < 0) {
      const told = errno(step);
      return told === 'EBUSY' || told === 'EEXIST' ? KEPT : SILENT;
    }
    // Naming the expected program, or the handle, is saying what is to be replaced.
    if (argument(step, 'expected') !== undefined || argument(step, 'handle') !== undefined) return SILENT;
    for (let i = 0; i < before.attachments.length; i++) {
      const was = before.attachments[i]!;
      if (!was.attached || !isHeldByOther(before, actor, i)) continue;
      const is = after.attachments[i]!;
      if (is.attached && is.program === was.program) continue;
      return broken(`${who(actor)} was told that it succeeded, and displaced what another holds`, {
        displaced: programObject(was.program),
      });
    }
    return SILENT;
  },
});
