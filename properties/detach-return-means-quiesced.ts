import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { isHeldAttachment } from '../model/kernel/attachments.js';
import { isLink, programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';

export const detachReturnMeansQuiesced = defineProperty<KernelState>({
  name: 'detach-return-means-quiesced',
  kind: 'state',
  claim:
    'When the call has returned that let go of the last holder of a link, no packet meets the program of that link any more.',
  source:
    'github.com/bpfman/bpfman commit fbdad7a9: a program "could keep firing briefly" after its link was unpinned; kernel/bpf/syscall.c, bpf_link_put',
  situation: 'a link is attached',
  speaksAbout: ['kept-by:link', 'kept-by:either'],
  check(s) {
    let judgement: Judgement = SILENT;
    for (let i = 0; i < s.attachments.length; i++) {
      const { attached, program } = s.attachments[i]!;
      if (!attached || !isLink(s, i)) continue;
      if (!isHeldAttachment(s, i))
        return broken('nobody holds a link, and its program still runs', { runs: programObject(program) });
      judgement = KEPT;
    }
    return judgement;
  },
});
