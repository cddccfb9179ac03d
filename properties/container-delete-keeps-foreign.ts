import { defineProperty } from '../checker/property.js';
import type { KernelState } from '../model/kernel/model.js';
import { removesNothingForeign } from './removal.js';

export const containerDeleteKeepsForeign = defineProperty<KernelState>({
  name: 'container-delete-keeps-foreign',
  kind: 'step',
  claim: 'Deleting a container (a qdisc) removes nothing in it that another holds.',
  source:
    'github.com/grafana/beyla issues 1462, 1535: an agent deletes clsact on exit, and the filters of all others with it',
  situation: 'deleting a container removes what is attached in it',
  speaksAbout: ['verb:delete_qdisc'],
  changes: ['attachments'],
  verbs: ['delete_qdisc'],
  check: (step) => removesNothingForeign(step, 'deleted the container of'),
});
