import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { isReached } from '../model/kernel/attachments.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';

export const attachedExtensionReceivesPackets = defineProperty<KernelState>({
  name: 'attached-extension-receives-packets',
  kind: 'state',
  claim:
    'What is attached in a program, behind it or in a slot of it receives packets: the program is reached from a device.',
  source:
    'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/ — what "detach rootlet" means for an fw1 that stays linked was asked and not answered',
  situation: 'something is attached in a program or map',
  speaksAbout: ['has:subprogram', 'has:edge', 'has:slot'],
  check(s) {
    let judgement: Judgement = SILENT;
    for (let i = 0; i < s.attachments.length; i++) {
      const { attached, program, target } = s.attachments[i]!;
      if (!attached || target === NONE) continue;
      if (!isReached(s, program)) {
        return broken('a program is attached, and no packet can reach it', {
          attached: programObject(program),
          target,
        });
      }
      judgement = KEPT;
    }
    return judgement;
  },
});
