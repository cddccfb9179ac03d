import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { isExtended, programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';

export const extendedXorArrayMember = defineProperty<KernelState>({
  name: 'extended-xor-array-member',
  kind: 'state',
  claim: 'A program that is in a slot has none of its functions replaced.',
  source:
    'Linux commit d6083f040d5d: an extension that tail-calls the program it is in would never end, as the counter of tail calls starts anew',
  situation: 'a program is in a slot',
  speaksAbout: ['has:subprogram-and-slot'],
  reads: ['attachments', 'programs'],
  check(s) {
    let judgement: Judgement = SILENT;
    for (const { attached, hook, program, target } of s.attachments) {
      if (!attached || s.kernel.hooks[hook]!.kind !== 'slot') continue;
      judgement = KEPT;
      if (isExtended(s, program)) {
        return broken('a program with a replaced function is in a slot', {
          program: programObject(program),
          map: target,
        });
      }
    }
    return judgement;
  },
});
