import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { isExtended, programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';

export const guardFlagEqualsCount = defineProperty<KernelState>({
  name: 'guard-flag-equals-count',
  kind: 'state',
  claim: 'A program is marked as extended exactly while one of its functions is replaced.',
  source:
    'Linux commit d6083f040d5d: is_extended stands for the number of extensions in a program; commit 1cb6f0bae504 corrected such a bool elsewhere',
  situation: 'a program is marked, or has a replaced function',
  speaksAbout: ['linux:extendedMark'],
  reads: ['attachments', 'programs'],
  check(s) {
    let judgement: Judgement = SILENT;
    for (let i = 0; i < s.programs.length; i++) {
      const { live, extended } = s.programs[i]!;
      if (!live) continue;
      const counted = isExtended(s, i);
      if (extended === 1 && !counted)
        return broken('a program is marked whose functions are its own', { program: programObject(i) });
      if (extended === 0 && counted)
        return broken('a program has a replaced function and is not marked', { program: programObject(i) });
      if (counted) judgement = KEPT;
    }
    return judgement;
  },
});
