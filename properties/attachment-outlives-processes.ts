import { defineProperty } from '../checker/property.js';
import { isAnythingAttached } from '../model/kernel/attachments.js';
import type { KernelState } from '../model/kernel/model.js';

export const attachmentOutlivesProcesses = defineProperty<KernelState>({
  name: 'attachment-outlives-processes',
  kind: 'witness',
  claim: 'Something can stay attached when all processes are gone.',
  source:
    'https://lore.kernel.org/bpf/8083c916-ac2c-8ce0-2286-4ea40578c47f@iogearbox.net/ — persistence as a benefit',
  situation: 'all processes are gone and something is attached',
  speaksAbout: 'all',
  conditions: [
    {
      name: 'all processes are gone',
      test(s) {
        for (let p = 0; p < s.processes.length; p++) if (s.processes[p]!.live) return false;
        return true;
      },
    },
    { name: 'something is attached', test: isAnythingAttached },
  ],
});
