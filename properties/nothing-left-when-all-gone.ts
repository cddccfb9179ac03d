import { KEPT, SILENT, broken, defineProperty } from '../checker/property.js';
import { attachmentObject, mapObject, programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';

export const nothingLeftWhenAllGone = defineProperty<KernelState>({
  name: 'nothing-left-when-all-gone',
  kind: 'settled',
  claim:
    'When all processes are gone and nothing is pinned, nothing is left: no program, no attachment, no map.',
  source:
    'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/ — "No cleanups to worry about"; Linux commit c9da161c6517 for maps',
  situation: 'all processes are gone and no pin is left',
  speaksAbout: 'all',
  check(s) {
    for (let i = 0; i < s.pins.length; i++) if (s.pins.get(i) !== NONE) return SILENT;
    for (let i = 0; i < s.upperPins.length; i++) if (s.upperPins.get(i) !== NONE) return SILENT;
    for (let i = 0; i < s.programs.length; i++) {
      if (s.programs[i]!.live)
        return broken('all are gone, and a program is left', { left: programObject(i) });
    }
    for (let i = 0; i < s.maps.length; i++) {
      if (s.maps[i]!.live) return broken('all are gone, and a map is left', { left: mapObject(i) });
    }
    for (let i = 0; i < s.attachments.length; i++) {
      if (s.attachments[i]!.live)
        return broken('all are gone, and an attachment is left', { left: attachmentObject(i) });
    }
    return KEPT;
  },
});
