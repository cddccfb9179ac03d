/** What two claims have in common: whatever a call takes off its hook, nobody else holds it. */
import { KEPT, SILENT, broken, type Judgement, type Step } from '../checker/property.js';
import { isHeldByOther } from '../model/kernel/attachments.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { who } from './words.js';

/** `did` says what the actor did to what another holds: `removed by name`. */
export function removesNothingForeign({ before, after, actor }: Step<KernelState>, did: string): Judgement {
  let judgement: Judgement = SILENT;
  for (let i = 0; i < before.attachments.length; i++) {
    if (!before.attachments[i]!.attached || after.attachments[i]!.attached) continue;
    if (isHeldByOther(before, actor, i)) {
      return broken(`${who(actor)} ${did} what another holds`, {
        removed: programObject(before.attachments[i]!.program),
      });
    }
    judgement = KEPT;
  }
  return judgement;
}
