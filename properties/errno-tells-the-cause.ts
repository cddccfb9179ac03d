import { broken, defineProperty } from '../checker/property.js';
import type { KernelState } from '../model/kernel/model.js';

/**
 * A closed descriptor does not count: which of its descriptors are open a process knows, and can ask with fcntl(F_GETFD), so
 * that EBADF for one of two leaves nothing to find out.
 */
export const errnoTellsTheCause = defineProperty<KernelState>({
  name: 'errno-tells-the-cause',
  kind: 'refusals',
  claim: 'The errno of a refused call tells which check refused it, closed descriptors apart.',
  source:
    'bpf(2), ERRORS; net/core/dev.c, dev_xdp_attach, where each EINVAL and EEXIST needs a sentence (NL_SET_ERR_MSG) to tell it from the others',
  situation: 'a call is refused',
  speaksAbout: 'all',
  excepting: ['EBADF'],
  check: (earlier, later) =>
    broken(`${later.verb} is refused with ${later.errno} for two causes: ${earlier.name}, and ${later.name}`),
});
