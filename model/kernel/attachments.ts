/** Attachments: which program is at which hook, and who holds that. */
import { NONE, indexOf, tableOf } from '../state/index.js';
import { hasFd } from './descriptors.js';
import { attachmentObject, isLink, programObject } from './lifetime.js';
import { MAPS, PROGRAMS, type Hook, type KernelState } from './model.js';

/** The attachment at an exclusive hook, or NONE. `target` is the object the hook is in, NONE for a device's. */
export function occupant(s: KernelState, hook: number, target: number): number {
  for (let i = 0; i < s.attachments.length; i++) {
    const { attached } = s.attachments[i]!;
    if (attached && s.attachments[i]!.hook === hook && s.attachments[i]!.target === target) return i;
  }
  return NONE;
}

/** The program at an exclusive hook, or NONE: then the placeholder's own code runs, or nothing. */
export function programAt(s: KernelState, hook: number, target: number): number {
  const attachment = occupant(s, hook, target);
  return attachment === NONE ? NONE : s.attachments[attachment]!.program;
}

export function isAnythingAttached(s: KernelState): boolean {
  for (let i = 0; i < s.attachments.length; i++) if (s.attachments[i]!.attached) return true;
  return false;
}

/** Whether a device runs anything. */
export function isAnyDeviceTaken(s: KernelState): boolean {
  for (let i = 0; i < s.attachments.length; i++) {
    if (s.attachments[i]!.attached && s.attachments[i]!.target === NONE) return true;
  }
  return false;
}

export function freeAttachmentSlot(s: KernelState): number {
  for (let i = 0; i < s.attachments.length; i++) if (!s.attachments[i]!.live) return i;
  return NONE;
}

export function hasFreeAttachment(s: KernelState): boolean {
  return freeAttachmentSlot(s) !== NONE;
}

/** Ties a program to a hook in the place `attachment`, which must be free. */
export function attachAt(
  s: KernelState,
  attachment: number,
  program: number,
  hook: number,
  target: number,
  owner: number,
): void {
  const made = s.attachments[attachment]!;
  made.live = true;
  made.attached = true;
  made.program = program;
  made.hook = hook;
  made.target = target;
  if (!isLink(s, attachment)) made.owner = owner;
}

/** Makes a link to a hook in the place `attachment`, which must be free. */
export function linkAt(
  s: KernelState,
  attachment: number,
  program: number,
  hook: number,
  target: number,
): void {
  attachAt(s, attachment, program, hook, target, NONE);
  if (s.kernel.hooks[hook]!.keptBy === 'either') s.attachments[attachment]!.link = 1;
}

/**
 * Whether a process holds an attachment: where there are links, it has an fd of the link; where the hook keeps the
 * attachment, it is the one who made it, it is still alive, and it has not closed its last fd of the program.
 */
export function holdsAttachment(s: KernelState, process: number, attachment: number): boolean {
  if (isLink(s, attachment)) return hasFd(s, process, attachmentObject(attachment));
  const { owner, program } = s.attachments[attachment]!;
  return owner === process && hasFd(s, process, programObject(program));
}

export function isPinned(s: KernelState, object: number): boolean {
  return s.pins.includes(object) || s.upperPins.includes(object);
}

/** Whether anybody holds an attachment: a process, or a pin of the link. */
export function isHeldAttachment(s: KernelState, attachment: number): boolean {
  if (isLink(s, attachment)) return s.kernel.isUsed(s, attachmentObject(attachment));
  const { owner, program } = s.attachments[attachment]!;
  return owner !== NONE && hasFd(s, owner, programObject(program));
}

/** Whether a process other than this one holds an attachment. */
export function isHeldByOther(s: KernelState, process: number, attachment: number): boolean {
  if (!isLink(s, attachment)) {
    const { owner } = s.attachments[attachment]!;
    return owner !== NONE && owner !== process && holdsAttachment(s, owner, attachment);
  }
  const object = attachmentObject(attachment);
  for (let other = 0; other < s.processes.length; other++) {
    if (other !== process && hasFd(s, other, object)) return true;
  }
  return false;
}

/** The hook of a device, given by its number among the devices; the first of several. */
export function deviceHook(s: KernelState, device: number): number {
  return s.kernel.devices[device] ?? NONE;
}

/** A hook, given by its number among those of its kind, as parameters give it; NONE if there is none. */
export function hookOfKind(s: KernelState, kind: Hook['kind'], number: number): number {
  let left = number;
  for (let hook = 0; hook < s.kernel.hooks.length; hook++) {
    if (s.kernel.hooks[hook]!.kind === kind && left-- === 0) return hook;
  }
  return NONE;
}

/** Whether packets reach a program: it is at a device, or in a place of something that packets reach. */
export function isReached(s: KernelState, program: number, depth = 0): boolean {
  if (depth > s.programs.length) return false;
  for (let i = 0; i < s.attachments.length; i++) {
    const attachment = s.attachments[i]!;
    if (!attachment.attached || attachment.program !== program) continue;
    const { target } = attachment;
    if (target === NONE) return true;
    if (tableOf(target) === PROGRAMS && isReached(s, indexOf(target), depth + 1)) return true;
    if (tableOf(target) === MAPS && isMapReached(s, indexOf(target), depth + 1)) return true;
  }
  return false;
}

/** Whether packets reach a program that tail-calls through a map. */
export function isMapReached(s: KernelState, map: number, depth = 0): boolean {
  for (let program = 0; program < s.programs.length; program++) {
    if (s.programs[program]!.live && s.programs[program]!.map === map && isReached(s, program, depth + 1))
      return true;
  }
  return false;
}
