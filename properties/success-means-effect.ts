import { KEPT, argument, broken, defineProperty } from '../checker/property.js';
import { deviceHook, programAt } from '../model/kernel/attachments.js';
import { programBehind } from '../model/kernel/descriptors.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';

function isAttachedSomewhere(s: KernelState, program: number, device: number | undefined): boolean {
  for (let i = 0; i < s.attachments.length; i++) {
    const attachment = s.attachments[i]!;
    if (!attachment.attached || attachment.program !== program) continue;
    if (device === undefined || attachment.hook === deviceHook(s, device)) return true;
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
    const { before, after, actor } = step;
    const fd = argument(step, 'program');
    const device = argument(step, 'device');
    if (fd !== undefined && fd !== NONE) {
      const program = programBehind(before, actor, fd);
      if (isAttachedSomewhere(after, program, device)) return KEPT;
      return broken(`${step.operation.verb} succeeded, and the program is not attached`, {
        program: programObject(program),
      });
    }
    if (device !== undefined) {
      const left = programAt(after, deviceHook(after, device), NONE);
      if (left === NONE) return KEPT;
      return broken(`${step.operation.verb} succeeded, and a program is still attached`, {
        left: programObject(left),
      });
    }
    for (let i = 0; i < before.attachments.length; i++) {
      if (before.attachments[i]!.attached && !after.attachments[i]!.attached) return KEPT;
    }
    return broken(`${step.operation.verb} succeeded, and everything is still attached`);
  },
});
