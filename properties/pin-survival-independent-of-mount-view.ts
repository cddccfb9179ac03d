import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { pathName, type KernelState } from '../model/kernel/model.js';
import { names } from '../model/kernel/mounts.js';
import { NONE } from '../model/state/index.js';

export const pinSurvivalIndependentOfMountView = defineProperty<KernelState>({
  name: 'pin-survival-independent-of-mount-view',
  kind: 'step',
  claim: 'What is pinned is found again under its name, whatever is mounted or unmounted meanwhile.',
  source:
    'github.com/cilium/cilium issues 44194, 47847: a bpffs mounted over the pins, an agent that finds none and attaches a second time; https://lore.kernel.org/bpf/87k1413whq.fsf@toke.dk/',
  situation: 'something is mounted or unmounted while something is pinned',
  speaksAbout: ['verb:mount_bpffs'],
  verbs: ['mount_bpffs', 'umount_bpffs'],
  check({ before, after, operation }) {
    const [was, is] = [names(before), names(after)];
    let judgement: Judgement = SILENT;
    for (let path = 0; path < was.length; path++) {
      const object = was.get(path);
      if (object === NONE) continue;
      if (is.get(path) !== object)
        return broken(`after ${operation.verb}, ${pathName(path)} is not found any more`, {
          pinned: object,
        });
      judgement = KEPT;
    }
    return judgement;
  },
});
