import { defineProperty } from '../checker/property.js';
import { lettingGoDetaches } from './letting-go.js';
import type { KernelState } from '../model/kernel/model.js';

export const lastUnpinRestoresPlaceholder = defineProperty<KernelState>({
  name: 'last-unpin-restores-placeholder',
  kind: 'step',
  claim: 'Removing the pin that alone holds a link detaches it.',
  source:
    'https://lore.kernel.org/bpf/20200304154757.3tydkiteg3vekyth@ast-mbp/ and Linux commit 70ed506c3bbc: a pin holds the link like a descriptor',
  situation: 'an unpin leaves an attachment without holders',
  speaksAbout: ['kept-by:link', 'kept-by:either'],
  verbs: ['unpin'],
  check: lettingGoDetaches,
});
