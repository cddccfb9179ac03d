import { KEPT, SILENT, argument, broken, defineProperty, errno, type Step } from '../checker/property.js';
import { linkBehind, programBehind } from '../model/kernel/descriptors.js';
import { attachmentObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';

/** The defunct link that a call would update, if it could by the programs that it names; else NONE. */
function askedOfDefunct(step: Step<KernelState>): number {
  const { before, actor } = step;
  const [link, program] = [argument(step, 'link'), argument(step, 'program')];
  if (link === undefined || program === undefined) return NONE;
  const asked = linkBehind(before, actor, link);
  if (asked === NONE || before.attachments[asked]!.attached) return NONE;
  const present = before.attachments[asked]!.program;
  const next = programBehind(before, actor, program);
  if (next === NONE || before.programs[next]!.source !== before.programs[present]!.source) return NONE;
  const expected = argument(step, 'expected');
  return expected === undefined || programBehind(before, actor, expected) === present ? asked : NONE;
}

export const defunctLinkReportsEnolink = defineProperty<KernelState>({
  name: 'defunct-link-reports-enolink',
  kind: 'step',
  claim: 'Who updates a link whose hook is gone is told so: ENOLINK.',
  source:
    'net/core/dev.c, bpf_xdp_link_update: ENOLINK; Linux commit 0c991ebc8c69 and its fix: EINVAL told nobody that the cgroup was gone; github.com/projectcalico/calico issues 11012, 12801',
  situation: 'a defunct link is updated with a program that would fit',
  speaksAbout: ['takes:link'],
  speaksOf: ({ params }) => 'link' in params && 'program' in params,
  refusals: 'all',
  check(step) {
    const asked = askedOfDefunct(step);
    if (asked === NONE) return SILENT;
    if (errno(step) === 'ENOLINK') return KEPT;
    const told = errno(step) ?? 'success';
    return broken(`${step.operation.verb} of a defunct link was told ${told}`, {
      link: attachmentObject(asked),
    });
  },
});
