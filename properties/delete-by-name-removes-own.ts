import { defineProperty } from '../checker/property.js';
import type { KernelState } from '../model/kernel/model.js';
import { removesNothingForeign } from './removal.js';

export const deleteByNameRemovesOwn = defineProperty<KernelState>({
  name: 'delete-by-name-removes-own',
  kind: 'step',
  claim: 'Detaching by a name (a device, a handle, a slot) removes nothing that another holds.',
  source:
    'github.com/cilium/cilium issue 21345, Linux commit e420bed02507: a cleanup by handle deleted the filter of another agent',
  situation: 'a detach removes something',
  speaksAbout: ['verb:detach'],
  changes: ['attachments'],
  verbs: ['detach'],
  check: (step) => removesNothingForeign(step, 'removed by name'),
});
