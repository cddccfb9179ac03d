import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { isDying } from '../model/kernel/deferred.js';
import { attachmentObject, isLink, mapObject, programObject } from '../model/kernel/lifetime.js';
import { PROGRAMS, type KernelState } from '../model/kernel/model.js';
import { NONE, indexOf, tableOf } from '../model/state/index.js';

/**
 * Which programs and maps can be reached, a bit for each; what is still to be released or emptied counts as reached until that
 * is done. Filled in anew for every state.
 */
const found = { programs: 0, maps: 0 };

function reachable(s: KernelState): Readonly<typeof found> {
  found.programs = 0;
  found.maps = 0;
  for (let i = 0; i < s.programs.length; i++) {
    if (s.programs[i]!.live && s.kernel.isUsed(s, programObject(i))) found.programs |= 1 << i;
  }
  for (let i = 0; i < s.maps.length; i++) {
    const { live, clearing } = s.maps[i]!;
    if (live && (clearing === 1 || s.kernel.isUsed(s, mapObject(i)))) found.maps |= 1 << i;
  }
  for (let before = -1; before !== found.programs + found.maps;) {
    before = found.programs + found.maps;
    followAttachments(s);
    followPrograms(s);
  }
  return found;
}

function followAttachments(s: KernelState): void {
  for (let i = 0; i < s.attachments.length; i++) {
    const { live, program, target } = s.attachments[i]!;
    if (!live || program === NONE) continue;
    const isOfLink = isLink(s, i);
    const isKept = isOfLink
      ? s.kernel.isUsed(s, attachmentObject(i)) || isDying(s, i)
      : isTargetReached(target);
    if (!isKept) continue;
    found.programs |= 1 << program;
    if (isOfLink && target !== NONE) reachTarget(target);
  }
}

function followPrograms(s: KernelState): void {
  for (let i = 0; i < s.programs.length; i++) {
    if ((found.programs & (1 << i)) === 0) continue;
    const { target, map } = s.programs[i]!;
    if (target !== NONE) found.programs |= 1 << target;
    if (map !== NONE) found.maps |= 1 << map;
  }
}

/** Devices (no target) are always there; a program or map only if it is reached itself. */
function isTargetReached(target: number): boolean {
  if (target === NONE) return true;
  const bit = 1 << indexOf(target);
  return tableOf(target) === PROGRAMS ? (found.programs & bit) !== 0 : (found.maps & bit) !== 0;
}

function reachTarget(target: number): void {
  if (tableOf(target) === PROGRAMS) found.programs |= 1 << indexOf(target);
  else found.maps |= 1 << indexOf(target);
}

export const unreferencedIsFreed = defineProperty<KernelState>({
  name: 'unreferenced-is-freed',
  kind: 'state',
  claim:
    'What nobody can reach, from a descriptor, a pin or a device, is freed: no cycle of references keeps itself alive.',
  source:
    'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/ — "uni-directional link avoids circular issues"; Linux commit c9da161c6517',
  situation: 'an object is alive',
  speaksAbout: 'all',
  check(s) {
    let judgement: Judgement = SILENT;
    const reached = reachable(s);
    for (let i = 0; i < s.programs.length; i++) {
      if (!s.programs[i]!.live) continue;
      judgement = KEPT;
      if ((reached.programs & (1 << i)) === 0) {
        return broken('a program is alive that nobody can reach', { leaked: programObject(i) });
      }
    }
    for (let i = 0; i < s.maps.length; i++) {
      if (!s.maps[i]!.live) continue;
      judgement = KEPT;
      if ((reached.maps & (1 << i)) === 0) {
        return broken('a map is alive that nobody can reach', { leaked: mapObject(i) });
      }
    }
    return judgement;
  },
});
