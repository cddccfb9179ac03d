import { KEPT, SILENT, broken, defineProperty, type Judgement } from '../checker/property.js';
import { isLive, programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { indexOf } from '../model/state/index.js';

export const extensionVerifiedAgainstItsTarget = defineProperty<KernelState>({
  name: 'extension-verified-against-its-target',
  kind: 'state',
  claim: 'An attached extension runs for a placeholder that has its signature, and nowhere else.',
  source:
    'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/ — the verifier compares the BTF of both functions; Linux commit be8704ff07d2: a program of type EXT is attached by its own call only',
  situation: 'an extension is attached',
  speaksAbout: ['has:subprogram'],
  reads: ['attachments', 'programs'],
  check(s) {
    let judgement: Judgement = SILENT;
    for (let i = 0; i < s.attachments.length; i++) {
      const { attached, hook, program, target } = s.attachments[i]!;
      if (!attached) continue;
      const { kind, signature } = s.kernel.sources[s.programs[program]!.source]!;
      if (s.kernel.hooks[hook]!.kind !== 'subprogram') {
        if (kind !== 'extension') continue;
        return broken(`an extension is attached to ${s.kernel.hooks[hook]!.name}`, {
          extension: programObject(program),
        });
      }
      if (!isLive(s, target)) continue;
      const { placeholders } = s.kernel.sources[s.programs[indexOf(target)]!.source]!;
      if (signature === undefined || placeholders?.[s.kernel.hooks[hook]!.name] !== signature) {
        return broken(
          `the extension at ${s.kernel.hooks[hook]!.name} has another signature than the placeholder`,
          {
            extension: programObject(program),
            target,
          },
        );
      }
      judgement = KEPT;
    }
    return judgement;
  },
});
