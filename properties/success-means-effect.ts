import { KEPT, argument, broken, defineProperty, type Step } from '../checker/property.js';
import { deviceHook, programAt } from '../model/kernel/attachments.js';
import { linkBehind, programBehind } from '../model/kernel/descriptors.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';

/** The attachment that a call named by its handle, or handed out as a handle or a link; NONE if it did neither. */
function namedAttachment(step: Step<KernelState>): number {
  const handle = argument(step, 'handle');
  if (handle !== undefined) return handle;
  switch (step.operation.returns?.domain.name) {
    case 'handle':
      return step.code;
    case 'fd':
      return linkBehind(step.after, step.actor, step.code);
    default:
      return NONE;
  }
}

/** Whether the program is attached: in the attachment that was named, else in any, at the device if one was named. */
function isAttachedAsAsked(step: Step<KernelState>, program: number): boolean {
  const { after } = step;
  const named = namedAttachment(step);
  const device = argument(step, 'device');
  for (let i = 0; i < after.attachments.length; i++) {
    const attachment = after.attachments[i]!;
    if (!attachment.attached || attachment.program !== program || (named !== NONE && named !== i)) continue;
    if (device === undefined || attachment.hook === deviceHook(after, device)) return true;
  }
  return false;
}

/** Whether a detach took something off its hook: what was named by its handle, else anything. */
function isDetachedAsAsked({ before, after }: Step<KernelState>, handle: number | undefined): boolean {
  if (handle !== undefined) return !after.attachments[handle]!.attached;
  for (let i = 0; i < before.attachments.length; i++) {
    if (before.attachments[i]!.attached && !after.attachments[i]!.attached) return true;
  }
  return false;
}

export const successMeansEffect = defineProperty<KernelState>({
  name: 'success-means-effect',
  kind: 'step',
  claim: 'A call that attaches, replaces or detaches and returns success has done so.',
  source:
    'https://lore.kernel.org/bpf/20200412133204.43847-1-dsahern@kernel.org/ — a detach that reported success left the program attached',
  situation: 'an attach, replace or detach succeeds',
  speaksAbout: 'all',
  verbs: ['attach', 'attach_if_empty', 'replace', 'detach'],
  check(step) {
    const { before, after, actor, operation } = step;
    const fd = argument(step, 'program');
    if (fd !== undefined && fd !== NONE) {
      const program = programBehind(before, actor, fd);
      if (isAttachedAsAsked(step, program)) return KEPT;
      return broken(`${operation.verb} succeeded, and the program is not attached`, {
        program: programObject(program),
      });
    }
    const device = argument(step, 'device');
    if (device === undefined) {
      if (isDetachedAsAsked(step, argument(step, 'handle'))) return KEPT;
      return broken(`${operation.verb} succeeded, and everything is still attached`);
    }
    const left = programAt(after, deviceHook(after, device), NONE);
    if (left === NONE) return KEPT;
    return broken(`${operation.verb} succeeded, and a program is still attached`, {
      left: programObject(left),
    });
  },
});
