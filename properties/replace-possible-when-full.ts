import { KEPT, SILENT, broken, defineProperty, errno } from '../checker/property.js';
import { entriesAt } from '../model/kernel/lists.js';
import type { KernelState } from '../model/kernel/model.js';
import { namedPlaces } from './places.js';

export const replacePossibleWhenFull = defineProperty<KernelState>({
  name: 'replace-possible-when-full',
  kind: 'step',
  claim: 'In a list that is full, replacing a program is not refused for want of room.',
  source:
    'kernel/bpf/mprog.c, bpf_mprog_attach, against kernel/bpf/cgroup.c, __cgroup_bpf_attach: E2BIG also with BPF_F_REPLACE',
  situation: 'a program is to be replaced in a full list',
  speaksAbout: ['limited-list'],
  verbs: ['replace'],
  refusals: 'all',
  errnos: ['E2BIG', 'ERANGE'],
  check(step) {
    const { before } = step;
    const hook = namedPlaces(step)[0]?.hook;
    const { listLimit } = before.kernel.linux;
    if (hook === undefined || listLimit === undefined || entriesAt(before, hook) < listLimit) return SILENT;
    switch (errno(step)) {
      case undefined:
        return KEPT;
      case 'E2BIG':
      case 'ERANGE':
        return broken('a replacement needs no room, and was refused for want of it');
      default:
        return SILENT;
    }
  },
});
