import { defineProperty } from '../checker/property.js';
import { lettingGoDetaches } from './letting-go.js';
import type { KernelState } from '../model/kernel/model.js';

export const lastCloseRestoresPlaceholder = defineProperty<KernelState>({
  name: 'last-close-restores-placeholder',
  kind: 'step',
  claim:
    'Closing the last descriptor that holds an attachment detaches it: the placeholder is back, the device is empty.',
  source:
    'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/ — the packets "will flow into rootlet and into the dummy placeholder"',
  situation: 'a close leaves an attachment without holders',
  speaksAbout: 'all',
  verbs: ['close'],
  check: lettingGoDetaches,
});
