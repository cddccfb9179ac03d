import { KEPT, SILENT, argument, broken, defineProperty } from '../checker/property.js';
import { deviceHook, programAt } from '../model/kernel/attachments.js';
import { programBehind } from '../model/kernel/descriptors.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';
import { who } from './words.js';

export const casSuccessSawExpected = defineProperty<KernelState>({
  name: 'cas-success-saw-expected',
  kind: 'step',
  claim: 'A compare-and-swap that succeeds found the program it expected.',
  source:
    'Linux commit 92234c8f15c8: "atomically replace"; https://lore.kernel.org/bpf/158462359206.164779.15902346296781033076.stgit@toke.dk/',
  situation: 'a replace with an expected program succeeds',
  speaksAbout: ['takes:expected'],
  verbs: ['replace'],
  check(step) {
    const { before, actor } = step;
    const expected = argument(step, 'expected');
    const device = argument(step, 'device');
    if (expected === undefined || device === undefined) return SILENT;
    const wanted = expected === NONE ? NONE : programBehind(before, actor, expected);
    const found = programAt(before, deviceHook(before, device), NONE);
    if (found === wanted) return KEPT;
    return broken(`${who(actor)} replaced a program it did not expect`, { found: programObject(found) });
  },
});
