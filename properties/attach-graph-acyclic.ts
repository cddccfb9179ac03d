import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { mapObject, programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';

/** Whether calls that start at a program come to a target: the program itself, or the map it tail-calls through. */
function leadsTo(s: KernelState, program: number, target: number, steps: number): boolean {
  if (programObject(program) === target) return true;
  const { map } = s.programs[program]!;
  if (map !== NONE && mapObject(map) === target) return true;
  if (steps === 0) return false;
  for (let i = 0; i < s.attachments.length; i++) {
    const next = s.attachments[i]!;
    if (!next.attached || next.target === NONE) continue;
    if (next.target !== programObject(program) && (map === NONE || next.target !== mapObject(map))) continue;
    if (leadsTo(s, next.program, target, steps - 1)) return true;
  }
  return false;
}

export const attachGraphAcyclic = defineProperty<KernelState>({
  name: 'attach-graph-acyclic',
  kind: 'state',
  claim: 'Following placeholders, slots and chains from program to program never comes back to where it was.',
  source:
    'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/ — composition must be checked "for cycles in the attach graph"; Linux commit d6083f040d5d for the loop that was found later',
  situation: 'a program is attached in another',
  speaksAbout: ['has:subprogram', 'has:edge', 'has:slot'],
  reads: ['attachments', 'programs'],
  check(s) {
    let judgement: Judgement = SILENT;
    for (let i = 0; i < s.attachments.length; i++) {
      const { attached, program, target } = s.attachments[i]!;
      if (!attached || target === NONE) continue;
      judgement = KEPT;
      if (leadsTo(s, program, target, s.attachments.length)) {
        return broken('a program is called by what it calls', {
          program: programObject(program),
          caller: target,
        });
      }
    }
    return judgement;
  },
});
