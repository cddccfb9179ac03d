import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { isPinned } from '../model/kernel/attachments.js';
import { hasFd } from '../model/kernel/descriptors.js';
import { attachmentObject, isLive, mapObject, programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';
import { who } from './words.js';

/** Whether a descriptor or a pin refers to an object. */
function isNamed(s: KernelState, object: number): boolean {
  for (let p = 0; p < s.processes.length; p++) if (hasFd(s, p, object)) return true;
  return isPinned(s, object);
}

/** Whether a descriptor or a pin refers to something freed. Few objects are freed, and all names are searched at once for one. */
function isAnyFreedNamed(s: KernelState): boolean {
  for (let i = 0; i < s.programs.length; i++)
    if (!s.programs[i]!.live && isNamed(s, programObject(i))) return true;
  for (let i = 0; i < s.attachments.length; i++)
    if (!s.attachments[i]!.live && isNamed(s, attachmentObject(i))) return true;
  for (let i = 0; i < s.maps.length; i++) if (!s.maps[i]!.live && isNamed(s, mapObject(i))) return true;
  return false;
}

/** The first descriptor or pin that refers to something freed. */
function namesFreed(s: KernelState): Judgement {
  for (let p = 0; p < s.processes.length; p++) {
    const { fds } = s.processes[p]!;
    for (let fd = 0; fd < fds.length; fd++) {
      const object = fds.get(fd);
      if (object !== NONE && !isLive(s, object))
        return broken(`a descriptor of ${who(p)} refers to something freed`, { freed: object });
    }
  }
  for (const names of [s.pins, s.upperPins]) {
    for (let i = 0; i < names.length; i++) {
      const object = names.get(i);
      if (object !== NONE && !isLive(s, object))
        return broken('a pin refers to something freed', { freed: object });
    }
  }
  return KEPT;
}

function isAnythingOpen(s: KernelState): boolean {
  for (let p = 0; p < s.processes.length; p++) {
    const { fds } = s.processes[p]!;
    for (let fd = 0; fd < fds.length; fd++) if (fds.get(fd) !== NONE) return true;
  }
  return false;
}

export const noDanglingReference = defineProperty<KernelState>({
  name: 'no-dangling-reference',
  kind: 'state',
  claim: 'Nothing alive refers to something freed.',
  source:
    'syzbot reports behind Linux commits 4c46091ee985 and 1cb6f0bae504: uses after free of links, programs and hooks',
  situation: 'something alive refers to an object',
  speaksAbout: 'all',
  check(s) {
    if (isAnyFreedNamed(s)) return namesFreed(s);
    for (let i = 0; i < s.attachments.length; i++) {
      const { live, program, target, attached } = s.attachments[i]!;
      if (!live) continue;
      if (!s.programs[program]!.live)
        return broken('an attachment refers to a freed program', { freed: programObject(program) });
      if (attached && target !== NONE && !isLive(s, target)) {
        return broken('an attachment is in something that was freed', {
          attached: programObject(program),
          freed: target,
        });
      }
    }
    for (let i = 0; i < s.programs.length; i++) {
      const { live, target, map } = s.programs[i]!;
      if (!live) continue;
      if (target !== NONE && !s.programs[target]!.live) {
        return broken('an extension refers to a freed target', {
          extension: programObject(i),
          freed: programObject(target),
        });
      }
      if (map !== NONE && !s.maps[map]!.live) {
        return broken('a program refers to a freed map', {
          program: programObject(i),
          freed: mapObject(map),
        });
      }
    }
    return isAnythingOpen(s) ? KEPT : SILENT;
  },
});
