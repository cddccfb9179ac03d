import { defineProperty } from '../checker/property.js';
import { holdsAttachment, isAnythingAttached } from '../model/kernel/attachments.js';
import type { KernelState } from '../model/kernel/model.js';

export const linkHeldByTwo = defineProperty<KernelState>({
  name: 'link-held-by-two',
  kind: 'witness',
  claim: 'Two processes can hold one link.',
  source: 'unix(7), SCM_RIGHTS; https://lore.kernel.org/bpf/20200228223948.360936-1-andriin@fb.com/',
  situation: 'a link has descriptors in two processes',
  speaksAbout: ['kept-by:link', 'kept-by:either'],
  conditions: [
    { name: 'something is attached', test: isAnythingAttached },
    { name: 'two processes hold it', test: isAnyHeldByTwo },
  ],
});

function isAnyHeldByTwo(s: KernelState): boolean {
  for (let i = 0; i < s.attachments.length; i++) {
    if (!s.attachments[i]!.attached) continue;
    let holders = 0;
    for (let p = 0; p < s.processes.length; p++) if (holdsAttachment(s, p, i)) holders++;
    if (holders > 1) return true;
  }
  return false;
}
