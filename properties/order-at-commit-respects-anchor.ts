import { KEPT, SILENT, argument, broken, defineProperty, type Step } from '../checker/property.js';
import { linkBehind, programBehind } from '../model/kernel/descriptors.js';
import { programObject } from '../model/kernel/lifetime.js';
import { entriesAt, entryOf } from '../model/kernel/lists.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';
import { namedPlaces } from './places.js';

/** The entry that an anchor names: of a program or a link, by a descriptor or by its id. */
function anchorEntry({ before, actor, operation }: Step<KernelState>, hook: number, anchor: number): number {
  switch (operation.params['anchor']!.name) {
    case 'program id':
      return entryOf(before, hook, anchor);
    case 'link id':
      return anchor;
    default: {
      const link = linkBehind(before, actor, anchor);
      return link === NONE ? entryOf(before, hook, programBehind(before, actor, anchor)) : link;
    }
  }
}

/** The entry that a call has put into a list; NONE if there is none. */
function newEntry({ before, after }: Step<KernelState>, hook: number): number {
  return after.attachments.findIndex(
    (entry, i) => entry.attached && entry.hook === hook && !before.attachments[i]!.attached,
  );
}

export const orderAtCommitRespectsAnchor = defineProperty<KernelState>({
  name: 'order-at-commit-respects-anchor',
  kind: 'step',
  claim:
    'A program that is attached before or behind another one stands right there; without another one, at the beginning or the end.',
  source: 'Linux commit 053c8e1f235d: BPF_F_BEFORE, BPF_F_AFTER and relative_fd or relative_id',
  situation: 'a program is attached before or behind another one',
  speaksAbout: ['takes:anchor'],
  verbs: ['attach'],
  check(step) {
    const anchor = argument(step, 'anchor');
    const hook = namedPlaces(step)[0]?.hook;
    if (anchor === undefined || hook === undefined) return SILENT;
    const { after, operation } = step;
    const made = newEntry(step, hook);
    if (made === NONE) return SILENT;
    const isBefore = operation.verb.includes('_before');
    const wanted =
      anchor === NONE
        ? isBefore
          ? 0
          : entriesAt(after, hook) - 1
        : after.attachments[anchorEntry(step, hook, anchor)]!.rank + (isBefore ? -1 : 1);
    if (after.attachments[made]!.rank === wanted) return KEPT;
    return broken('it is not next to its anchor', {
      attached: programObject(after.attachments[made]!.program),
    });
  },
});
