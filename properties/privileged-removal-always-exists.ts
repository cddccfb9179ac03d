import { KEPT, SILENT, argument, broken, defineProperty } from '../checker/property.js';
import { linkBehind } from '../model/kernel/descriptors.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';
import { who } from './words.js';

export const privilegedRemovalAlwaysExists = defineProperty<KernelState>({
  name: 'privileged-removal-always-exists',
  kind: 'step',
  claim: 'Whoever is privileged can take any link off its hook without killing those who hold it.',
  source:
    'Linux commit 73b11c2ab072: LINK_DETACH "allows admin to forcefully undo" an attachment, while the process that made it is left intact; bpf_tracing_link_lops has no detach',
  situation: 'a privileged process detaches a link by force',
  speaksAbout: ['takes:link'],
  verbs: ['detach'],
  refusals: 'all',
  errnos: ['EOPNOTSUPP'],
  check(step) {
    const { before, actor, code, operation } = step;
    const fd = argument(step, 'link');
    if (fd === undefined || before.processes[actor]!.unprivileged === 1) return SILENT;
    const link = linkBehind(before, actor, fd);
    if (link === NONE || !before.attachments[link]!.attached) return SILENT;
    if (code >= 0) return KEPT;
    return broken(`${who(actor)} is privileged, and ${operation.verb} is not for this kind of link`, {
      attached: programObject(before.attachments[link]!.program),
    });
  },
});
