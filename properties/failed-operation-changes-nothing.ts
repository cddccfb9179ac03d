import { KEPT, broken, defineProperty } from '../checker/property.js';
import type { KernelState } from '../model/kernel/model.js';

export const failedOperationChangesNothing = defineProperty<KernelState>({
  name: 'failed-operation-changes-nothing',
  kind: 'step',
  claim: 'A call that returns an error has changed nothing.',
  source:
    'kernel/bpf/syscall.c as a whole; broken once by Linux commit 4a1e7c0c63e0, mended by 5541075a348b (a double put on an error path)',
  situation: 'a call is refused',
  speaksAbout: 'all',
  refusals: 'begun',
  onlyRefusals: true,
  check(step) {
    return step.unchanged()
      ? KEPT
      : broken(`${step.operation.verb} returned an error and changed the state all the same`);
  },
});
