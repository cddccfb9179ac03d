import { KEPT, SILENT, broken, deedOf, defineProperty, type Judgement } from '../checker/property.js';
import { objectBehind } from '../model/kernel/descriptors.js';
import { attachmentObject, isLive, programObject } from '../model/kernel/lifetime.js';
import { ATTACHMENTS, PROGRAMS, type KernelState } from '../model/kernel/model.js';
import { names } from '../model/kernel/mounts.js';
import { NONE, indexOf, tableOf } from '../model/state/index.js';

function programDropped(before: KernelState, after: KernelState, program: number): Judgement {
  let judgement: Judgement = SILENT;
  for (let i = 0; i < before.attachments.length; i++) {
    const was = before.attachments[i]!;
    if (!was.attached || was.program !== program) continue;
    judgement = KEPT;
    const is = after.attachments[i]!;
    // An attachment whose ground went with this descriptor is no matter of its own program's lifetime.
    if (was.target !== NONE && !isLive(after, was.target)) continue;
    if (!is.attached || !after.programs[program]!.live) {
      return broken('letting go of the program ended its attachment', { program: programObject(program) });
    }
  }
  return judgement;
}

function linkDropped(before: KernelState, after: KernelState, link: number): Judgement {
  if (after.attachments[link]!.live) return SILENT;
  const { program } = before.attachments[link]!;
  if (program === NONE || !after.kernel.isUsed(after, programObject(program))) return SILENT;
  if (after.programs[program]!.live) return KEPT;
  return broken('letting go of the link took the program from its holders', { link: attachmentObject(link) });
}

export const programAndLinkLifetimesIndependent = defineProperty<KernelState>({
  name: 'program-and-link-lifetimes-independent',
  kind: 'step',
  claim:
    'Letting go of a program does not detach it, and letting go of an attachment does not take the program from those who hold it.',
  source:
    'https://lore.kernel.org/bpf/CACAyw9-Sx8jBY2HiO0idLk_HE5R5R229w5qEqVkaQ92YUKM0kg@mail.gmail.com/ — "resolves my concerns, since now the lifetime of the program and the link are independent"',
  situation: 'a descriptor or pin of an attached program is given up, or the last one of a link',
  speaksAbout: 'all',
  verbs: ['close', 'unpin'],
  check({ before, after, actor, operation, args }) {
    const dropped =
      deedOf(operation) === 'close' ? objectBehind(before, actor, args[1]!) : names(before).get(args[1]!);
    if (tableOf(dropped) === PROGRAMS) return programDropped(before, after, indexOf(dropped));
    if (tableOf(dropped) === ATTACHMENTS) return linkDropped(before, after, indexOf(dropped));
    return SILENT;
  },
});
