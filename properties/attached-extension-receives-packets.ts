import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { isMapReached, isReached } from '../model/kernel/attachments.js';
import { programObject } from '../model/kernel/lifetime.js';
import { MAPS, type KernelState } from '../model/kernel/model.js';
import { NONE, indexOf, tableOf } from '../model/state/index.js';

/** Whether packets reach the program, or the program that tail-calls through the map, in which something is attached. */
function isPlaceReached(s: KernelState, target: number): boolean {
  return tableOf(target) === MAPS ? isMapReached(s, indexOf(target)) : isReached(s, indexOf(target));
}

export const attachedExtensionReceivesPackets = defineProperty<KernelState>({
  name: 'attached-extension-receives-packets',
  kind: 'step',
  claim:
    'What is attached in a program, behind it or in a slot of it goes on receiving packets as long as it is attached.',
  source:
    'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/ — what "detach rootlet" means for an fw1 that stays linked was asked and not answered',
  situation:
    'what is attached changes, and something stays attached in a program or map that packets reached',
  speaksAbout: ['has:subprogram', 'has:edge', 'has:slot'],
  changes: ['attachments'],
  check({ before, after }) {
    let judgement: Judgement = SILENT;
    for (let i = 0; i < before.attachments.length; i++) {
      const { attached, target } = before.attachments[i]!;
      const is = after.attachments[i]!;
      if (!attached || target === NONE || !is.attached || !isPlaceReached(before, target)) continue;
      if (!isPlaceReached(after, target)) {
        return broken('a program is still attached, and packets reach it no more', {
          attached: programObject(is.program),
          target,
        });
      }
      judgement = KEPT;
    }
    return judgement;
  },
});
