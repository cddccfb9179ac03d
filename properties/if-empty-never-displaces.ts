import { KEPT, SILENT, broken, defineProperty } from '../checker/property.js';
import { programAt } from '../model/kernel/attachments.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';
import { namedPlaces } from './places.js';

export const ifEmptyNeverDisplaces = defineProperty<KernelState>({
  name: 'if-empty-never-displaces',
  kind: 'step',
  claim: 'Setting a program "only if empty" never displaces one.',
  source:
    'Linux 4.10 (2016), "bpf, xdp: allow to pass flags to dev_change_xdp_fd": XDP_FLAGS_UPDATE_IF_NOEXIST',
  situation: 'a set-if-empty meets a device that has a program, or sets one',
  speaksAbout: ['verb:attach_if_empty'],
  verbs: ['attach_if_empty'],
  refusals: 'all',
  check(step) {
    const places = namedPlaces(step);
    if (places.length === 0) return SILENT;
    const present = places.map(({ hook, target }) => programAt(step.before, hook, target));
    const found = present.find((program) => program !== NONE) ?? NONE;
    if (step.code < 0) return found === NONE ? SILENT : KEPT;
    return found === NONE ? KEPT : broken('a program was displaced', { displaced: programObject(found) });
  },
});
