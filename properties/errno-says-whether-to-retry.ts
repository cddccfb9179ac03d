import { KEPT, broken, defineProperty } from '../checker/property.js';
import type { KernelState } from '../model/kernel/model.js';

/**
 * A closed descriptor does not count: another process could fill its number by sending one, but nobody would wait for that.
 */
export const errnoSaysWhetherToRetry = defineProperty<KernelState>({
  name: 'errno-says-whether-to-retry',
  kind: 'refusals',
  claim:
    'An errno that means "try again" for one cause does not mean "never" for another cause of the same operation: somebody else can end both, or nobody can.',
  source:
    'https://lore.kernel.org/bpf/87369rla1y.fsf@toke.dk/ — whoever loses a race tries again; errno(3), EAGAIN',
  situation: 'a call is refused',
  speaksAbout: 'all',
  excepting: ['EBADF'],
  check(earlier, later) {
    if (earlier.othersCanEnd() === later.othersCanEnd()) return KEPT;
    const [passing, lasting] = earlier.othersCanEnd() ? [earlier, later] : [later, earlier];
    return broken(
      `${later.verb} is refused with ${later.errno} where somebody else can end it (${passing.name}), and where nobody can (${lasting.name})`,
    );
  },
});
