import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';

export const exclusiveHookHasOneOwner = defineProperty<KernelState>({
  name: 'exclusive-hook-has-one-owner',
  kind: 'state',
  claim: 'A hook that takes one program has at most one attachment.',
  source:
    'https://lore.kernel.org/bpf/20200328233546.7ayswtraepw3ia2x@ast-mbp/ — "guaranteed attachment with exact ownership and no races"',
  situation: 'something is attached to an exclusive hook',
  speaksAbout: ['exclusive'],
  reads: ['attachments'],
  check(s) {
    let judgement: Judgement = SILENT;
    for (let i = 0; i < s.attachments.length; i++) {
      const one = s.attachments[i]!;
      if (!one.attached || !s.kernel.hooks[one.hook]!.exclusive) continue;
      judgement = KEPT;
      for (let k = 0; k < i; k++) {
        const other = s.attachments[k]!;
        if (other.attached && other.hook === one.hook && other.target === one.target) {
          return broken(`two programs are attached to ${s.kernel.hooks[one.hook]!.name}`, {
            one: programObject(other.program),
            other: programObject(one.program),
          });
        }
      }
    }
    return judgement;
  },
});
