/** What the mechanisms share: the checks on a program to attach, and putting something in the place of something else. */
import { guard, roomFor, type Guard, type Precondition } from '../machine/index.js';
import { NONE } from '../state/index.js';
import { attachAt, freeAttachmentSlot, hasFreeAttachment, linkAt, occupant } from '../kernel/attachments.js';
import { openFd, programBehind } from '../kernel/descriptors.js';
import { attachmentObject, isLink, programObject, put } from '../kernel/lifetime.js';
import { countChange } from '../kernel/lists.js';
import type { KernelState } from '../kernel/model.js';

/** Room for one more attachment. */
export const attachmentsBound: Precondition<KernelState> = roomFor('attachments', hasFreeAttachment);

/** Room for one more attachment at a place, or something in it that will be replaced. */
export function roomAt(s: KernelState, hook: number, target: number): boolean {
  return hasFreeAttachment(s) || occupant(s, hook, target) !== NONE;
}

/** `fd` must be a program; asked with the actor and the descriptor first. Source: kernel/bpf/syscall.c, bpf_prog_get. */
export function isProgram(name = 'fd-is-a-program'): Guard<KernelState> {
  return guard(name, 'EINVAL', (s, actor, fd) => programBehind(s, actor, fd) !== NONE);
}

/** Extensions run in the program they replace a part of, nowhere else. Source: net/core/dev.c refuses EXT on a device. */
export const isNoExtension: Guard<KernelState> = guard(
  'program-is-no-extension',
  'EINVAL',
  (s, actor, fd) => s.kernel.sources[s.programs[programBehind(s, actor, fd)]!.source]!.kind !== 'extension',
);

/** Only an extension can replace a subprogram. */
export const isExtension: Guard<KernelState> = guard(
  'program-is-an-extension',
  'EINVAL',
  (s, actor, fd) => s.kernel.sources[s.programs[programBehind(s, actor, fd)]!.source]!.kind === 'extension',
);

/**
 * Puts a program at an exclusive hook, in the place of what is there; the same program again changes nothing. The hook
 * keeps it for the actor from then on.
 */
export function setAt(s: KernelState, actor: number, program: number, hook: number, target: number): void {
  const present = occupant(s, hook, target);
  if (present === NONE) {
    attachAt(s, freeAttachmentSlot(s), program, hook, target, actor);
    return;
  }
  replaceIn(s, actor, present, program);
}

/** Makes a link in the lowest free place and gives the actor a descriptor of it. */
export function makeLink(
  s: KernelState,
  actor: number,
  program: number,
  hook: number,
  target: number,
): number {
  const link = freeAttachmentSlot(s);
  linkAt(s, link, program, hook, target);
  return openFd(s, actor, attachmentObject(link));
}

/**
 * Another program in an attachment that stays where it is. The same one changes nothing, but a cgroup counts it.
 * Source: kernel/bpf/cgroup.c, __cgroup_bpf_attach and __cgroup_bpf_replace; seen on Linux 6.18.
 */
export function replaceIn(s: KernelState, actor: number, attachment: number, program: number): void {
  const replaced = s.attachments[attachment]!;
  const old = replaced.program;
  if (old === program) {
    if (s.kernel.hooks[replaced.hook]!.layer === 'cgroup') countChange(s, replaced.hook);
    return;
  }
  replaced.program = program;
  countChange(s, replaced.hook);
  if (!isLink(s, attachment)) replaced.owner = actor;
  put(s, programObject(old));
}
