import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { isMapReached } from '../model/kernel/attachments.js';
import { programObject } from '../model/kernel/lifetime.js';
import { MAPS, type KernelState } from '../model/kernel/model.js';
import { indexOf, tableOf } from '../model/state/index.js';

export const runningDispatcherKeepsItsSlots = defineProperty<KernelState>({
  name: 'running-dispatcher-keeps-its-slots',
  kind: 'step',
  claim: "While a dispatcher runs, nobody's going empties the slots it tail-calls through.",
  source:
    'github.com/cilium/cilium issues 28755, 13254: "egress dropped" after the agent that held the map exited; Linux commit c9da161c6517',
  situation:
    'a descriptor or pin is given up, or a map emptied because of it, while a dispatcher with a filled slot runs',
  speaksAbout: ['has:slot'],
  verbs: ['close', 'crash', 'unpin', 'clear'],
  check({ before, after }) {
    let judgement: Judgement = SILENT;
    for (let i = 0; i < before.attachments.length; i++) {
      const { attached, target, program } = before.attachments[i]!;
      if (!attached || tableOf(target) !== MAPS || !isMapReached(before, indexOf(target))) continue;
      if (!after.attachments[i]!.attached && isMapReached(after, indexOf(target))) {
        return broken('a slot of a running dispatcher was emptied', {
          tail: programObject(program),
          map: target,
        });
      }
      judgement = KEPT;
    }
    return judgement;
  },
});
