/** What three claims have in common: an attachment goes when its last holder lets go, by close, crash or unpin. */
import { broken, KEPT, SILENT, type Judgement, type Step } from '../checker/property.js';
import { isHeldAttachment } from '../model/kernel/attachments.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';

export function lettingGoDetaches({ before, after, operation }: Step<KernelState>): Judgement {
  let judgement: Judgement = SILENT;
  for (let i = 0; i < before.attachments.length; i++) {
    const was = before.attachments[i]!;
    if (!was.attached) continue;
    const is = after.attachments[i]!;
    if ((is.live && isHeldAttachment(after, i)) || !isHeldAttachment(before, i)) continue;
    if (is.attached) {
      const place = before.kernel.hooks[was.hook]!.name;
      return broken(
        `the ${operation.verb} left nobody who holds it, and a program is still attached to ${place}`,
        {
          attached: programObject(was.program),
        },
      );
    }
    judgement = KEPT;
  }
  return judgement;
}
