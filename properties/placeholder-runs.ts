import { defineProperty } from '../checker/property.js';
import { isAnyDeviceTaken, occupant } from '../model/kernel/attachments.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';

export const placeholderRuns = defineProperty<KernelState>({
  name: 'placeholder-runs',
  kind: 'witness',
  claim: 'Packets can flow into the rootlet and into its dummy placeholder.',
  source: 'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/',
  situation: 'a device runs a program, one of whose placeholders is not replaced',
  speaksAbout: ['has:subprogram'],
  reads: ['attachments', 'programs'],
  conditions: [
    { name: 'a device runs a program', test: isAnyDeviceTaken },
    { name: 'one of its placeholders is not replaced', test: isAnyPlaceholderReached },
  ],
});

function isAnyPlaceholderReached(s: KernelState): boolean {
  for (let i = 0; i < s.attachments.length; i++) {
    const { attached, target, program } = s.attachments[i]!;
    if (!attached || target !== NONE) continue;
    const { placeholders } = s.kernel.sources[s.programs[program]!.source]!;
    for (let hook = 0; placeholders && hook < s.kernel.hooks.length; hook++) {
      if (!(s.kernel.hooks[hook]!.name in placeholders)) continue;
      if (occupant(s, hook, programObject(program)) === NONE) return true;
    }
  }
  return false;
}
