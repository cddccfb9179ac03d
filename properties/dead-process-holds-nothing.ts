import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';
import { who } from './words.js';

export const deadProcessHoldsNothing = defineProperty<KernelState>({
  name: 'dead-process-holds-nothing',
  kind: 'state',
  claim: 'A process that is gone has no descriptor left, and nobody can pass it one.',
  source:
    'kernel/exit.c, do_exit; https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/ — what a process held goes with it: "No cleanups to worry about"',
  situation: 'a process is gone',
  speaksAbout: 'all',
  reads: ['processes'],
  check(s) {
    let judgement: Judgement = SILENT;
    for (let p = 0; p < s.processes.length; p++) {
      const { live, fds } = s.processes[p]!;
      if (live) continue;
      judgement = KEPT;
      for (let fd = 0; fd < fds.length; fd++) {
        if (fds.get(fd) === NONE) continue;
        return broken(`${who(p)} is gone and has a descriptor`, { held: fds.get(fd) });
      }
    }
    return judgement;
  },
});
