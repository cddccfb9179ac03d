import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { programObject } from '../model/kernel/lifetime.js';
import { PROGRAMS, type KernelState } from '../model/kernel/model.js';
import { NONE, indexOf, tableOf } from '../model/state/index.js';

function isExtension(s: KernelState, program: number): boolean {
  return s.programs[program]!.live && s.kernel.sources[s.programs[program]!.source]!.kind === 'extension';
}

export const extensionDepthAtMostOne = defineProperty<KernelState>({
  name: 'extension-depth-at-most-one',
  kind: 'state',
  claim: 'No extension is attached in, or loaded for, an extension.',
  source: 'Linux commit be8704ff07d2: an extension program "cannot recursively extend an extension"',
  situation: 'an extension is attached or loaded for a target',
  speaksAbout: ['has:subprogram'],
  reads: ['attachments', 'programs'],
  check(s) {
    let judgement: Judgement = SILENT;
    for (let i = 0; i < s.attachments.length; i++) {
      const { attached, target, program } = s.attachments[i]!;
      if (!attached || tableOf(target) !== PROGRAMS || !isExtension(s, program)) continue;
      judgement = KEPT;
      if (isExtension(s, indexOf(target))) {
        return broken('an extension is attached in an extension', {
          extension: programObject(program),
          target,
        });
      }
    }
    for (let i = 0; i < s.programs.length; i++) {
      const { live, target } = s.programs[i]!;
      if (!live || target === NONE || !isExtension(s, i)) continue;
      judgement = KEPT;
      if (isExtension(s, target)) {
        return broken('an extension is loaded for an extension', {
          extension: programObject(i),
          target: programObject(target),
        });
      }
    }
    return judgement;
  },
});
