import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';

function isAttachedAnywhere(s: KernelState, program: number): boolean {
  for (let i = 0; i < s.attachments.length; i++) {
    if (s.attachments[i]!.attached && s.attachments[i]!.program === program) return true;
  }
  return false;
}

/** Whether something else than loaded extensions keeps a program: a descriptor, a pin, a hook, or an extension in it. */
function isWanted(s: KernelState, program: number): boolean {
  if (s.kernel.isUsed(s, programObject(program))) return true;
  for (let i = 0; i < s.attachments.length; i++) {
    const attachment = s.attachments[i]!;
    if (attachment.live && (attachment.program === program || attachment.target === programObject(program)))
      return true;
  }
  return false;
}

export const loadKeepsNoTargetAlive = defineProperty<KernelState>({
  name: 'load-keeps-no-target-alive',
  kind: 'state',
  claim: 'A program that was merely loaded for a target does not keep the target alive.',
  source:
    'https://lore.kernel.org/bpf/CACAyw98dcpu1b2nUf7ize2SJGJGd=mhqRK+PYQTx96gSBtbkNQ@mail.gmail.com/ — callee holding caller, "no natural garbage collection"',
  situation: 'an extension is loaded and attached nowhere',
  speaksAbout: ['has:subprogram'],
  check(s) {
    let judgement: Judgement = SILENT;
    for (let i = 0; i < s.programs.length; i++) {
      const { live, source, target } = s.programs[i]!;
      if (!live || s.kernel.sources[source]!.kind !== 'extension' || isAttachedAnywhere(s, i)) continue;
      judgement = KEPT;
      if (target === NONE || !s.programs[target]!.live || isWanted(s, target)) continue;
      return broken('only an extension that is attached nowhere keeps its target alive', {
        extension: programObject(i),
        target: programObject(target),
      });
    }
    return judgement;
  },
});
