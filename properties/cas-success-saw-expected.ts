import { KEPT, SILENT, argument, broken, defineProperty, type Step } from '../checker/property.js';
import { programAt } from '../model/kernel/attachments.js';
import { programBehind } from '../model/kernel/descriptors.js';
import { programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';
import { namedAttachment, namedPlaces } from './places.js';
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
    if (expected === undefined) return SILENT;
    const wanted = expected === NONE ? NONE : programBehind(before, actor, expected);
    const found = foundBy(step);
    if (found === undefined) return SILENT;
    if (found.includes(wanted)) return KEPT;
    return broken(`${who(actor)} replaced a program it did not expect`, { found: programObject(found[0]!) });
  },
});

/** The programs in the link, or at the places, that a call names; undefined if it names none. */
function foundBy(step: Step<KernelState>): readonly number[] | undefined {
  const { before } = step;
  const link = argument(step, 'link') === undefined ? NONE : namedAttachment(step);
  if (link !== NONE) return [before.attachments[link]!.program];
  const places = namedPlaces(step);
  if (places.length === 0) return undefined;
  return places.map(({ hook, target }) => programAt(before, hook, target));
}
