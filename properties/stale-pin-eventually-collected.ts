import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { ATTACHMENTS, pathName, type KernelState } from '../model/kernel/model.js';
import { indexOf, tableOf } from '../model/state/index.js';

export const stalePinEventuallyCollected = defineProperty<KernelState>({
  name: 'stale-pin-eventually-collected',
  kind: 'settled',
  claim: 'When all processes are gone, no pin is left of a link whose hook is gone.',
  source:
    'github.com/projectcalico/calico issues 11012, 12801, 10425: the device was made anew, and the agent found a pin of a link that could not be used any more',
  situation: 'all processes are gone, and a link is pinned',
  speaksAbout: ['takes:link'],
  check(s) {
    let judgement: Judgement = SILENT;
    for (const names of [s.pins, s.upperPins]) {
      for (let path = 0; path < names.length; path++) {
        const object = names.get(path);
        if (tableOf(object) !== ATTACHMENTS) continue;
        if (!s.attachments[indexOf(object)]!.attached)
          return broken(`all are gone, and ${pathName(path)} holds a defunct link`, { link: object });
        judgement = KEPT;
      }
    }
    return judgement;
  },
});
