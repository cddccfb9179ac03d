import { KEPT, SILENT, broken, defineProperty, type Judgement, type Step } from '../checker/property.js';
import { hasFd } from '../model/kernel/descriptors.js';
import { attachmentObject, programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';
import { who } from './words.js';

/** Whether the actor could get at an attachment: by a descriptor of it, its program or what it is in, or by a pin of it. */
function hasWayTo({ before, actor }: Step<KernelState>, attachment: number): boolean {
  const { program, target } = before.attachments[attachment]!;
  const object = attachmentObject(attachment);
  if (hasFd(before, actor, object) || hasFd(before, actor, programObject(program))) return true;
  if (target !== NONE && hasFd(before, actor, target)) return true;
  return before.pins.includes(object) || before.upperPins.includes(object);
}

export const forceNeedsAuthority = defineProperty<KernelState>({
  name: 'force-needs-authority',
  kind: 'step',
  claim:
    'A process without capabilities changes what is attached only where it has a descriptor of it, or may remove a pin.',
  source:
    'https://lore.kernel.org/bpf/20200326195859.u6inotgrm3ubw5bx@ast-mbp/ — the human override is not for applications; Linux commit 25fc94b2f02d',
  situation: 'a process without capabilities takes something off its hook, or puts another program there',
  speaksAbout: ['verb:drop_capabilities'],
  changes: ['attachments'],
  check(step) {
    const { before, after, actor, operation } = step;
    if (actor === NONE || before.processes[actor]!.unprivileged === 0) return SILENT;
    let judgement: Judgement = SILENT;
    for (let i = 0; i < before.attachments.length; i++) {
      const [was, is] = [before.attachments[i]!, after.attachments[i]!];
      if (!was.attached || (is.attached && is.program === was.program)) continue;
      if (!hasWayTo(step, i)) {
        return broken(`${who(actor)} has no capabilities, and ${operation.verb} changed what is attached`, {
          was: programObject(was.program),
        });
      }
      judgement = KEPT;
    }
    return judgement;
  },
});
