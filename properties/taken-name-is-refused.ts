import { KEPT, SILENT, argument, broken, defineProperty } from '../checker/property.js';
import type { KernelState } from '../model/kernel/model.js';
import { names } from '../model/kernel/mounts.js';
import { NONE } from '../model/state/index.js';
import { who } from './words.js';

export const takenNameIsRefused = defineProperty<KernelState>({
  name: 'taken-name-is-refused',
  kind: 'step',
  claim: 'Making something under a name (a pin, a qdisc) succeeds only if the name was free.',
  source:
    'kernel/bpf/inode.c, bpf_obj_do_pin: EEXIST; net/sched/sch_api.c, tc_modify_qdisc: EEXIST; github.com/grafana/beyla issues 1462, 1535: who deletes a qdisc on exit must know whether it was made by it',
  situation: 'a pin or a qdisc is made',
  speaksAbout: ['verb:pin', 'verb:create_qdisc'],
  verbs: ['pin', 'create_qdisc'],
  check(step) {
    const { before, actor } = step;
    const path = argument(step, 'path');
    if (path !== undefined) {
      const present = names(before).get(path);
      return present === NONE
        ? KEPT
        : broken(`${who(actor)} pinned over a pin that was there`, { there: present });
    }
    const device = argument(step, 'device');
    if (device === undefined) return SILENT;
    return before.containers.get(device)
      ? broken(`${who(actor)} was told that it made a qdisc that was there`)
      : KEPT;
  },
});
