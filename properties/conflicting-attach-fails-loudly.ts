import { KEPT, SILENT, argument, broken, defineProperty, errno } from '../checker/property.js';
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
  situation: 'an attach or replace is refused because its place is taken, or displaces what another holds',
  speaksAbout: 'all',
  verbs: ['attach', 'attach_if_empty', 'replace'],
  refusals: 'begun',
  errnos: ['EBUSY', 'EEXIST'],
  check(step) {
    const { before, after, actor } = step;
    const told = errno(step);
    // Naming the expected program, or the handle, is saying what is to be replaced.
    const isNamed = argument(step, 'expected') !== undefined || argument(step, 'handle') !== undefined;
    if (told === undefined && isNamed) return SILENT;
    for (let i = 0; i < before.attachments.length; i++) {
      const was = before.attachments[i]!;
      if (!was.attached || !isHeldByOther(before, actor, i)) continue;
      const is = after.attachments[i]!;
      if (is.attached && is.program === was.program) continue;
      return broken(
        `${who(actor)} was told ${told ?? 'that it succeeded'}, and displaced what another holds`,
        {
          displaced: programObject(was.program),
        },
      );
    }
    return told === undefined ? SILENT : KEPT;
  },
});
