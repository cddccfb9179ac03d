import { defineProperty } from '../checker/property.js';
import { lettingGoDetaches } from './letting-go.js';
import type { KernelState } from '../model/kernel/model.js';

export const crashRestoresPlaceholder = defineProperty<KernelState>({
  name: 'crash-restores-placeholder',
  kind: 'step',
  claim:
    'When the only holder of an attachment crashes, it is detached: the placeholder is back, the device is empty.',
  source:
    'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/ — fw1 crashes, is "auto-detached from rootlet", "No cleanups to worry about"',
  situation: 'a crash leaves an attachment without holders',
  speaksAbout: 'all',
  verbs: ['crash'],
  check: lettingGoDetaches,
});
