/**
 * Who keeps what alive, and what happens when the last holder lets go. References that hold are declared in the schema
 * (`model.ts`); an attachment is also kept by its hook, where the proposal says so. Everything that lets go of an object,
 * a close, a crash, an unpin, a replacement, comes through {@link put}.
 */
import { NONE, indexOf, objectNumber, tableOf } from '../state/index.js';
import { closeRank } from './lists.js';
import { ATTACHMENTS, MAPS, PROGRAMS, type KernelState } from './model.js';

export function programObject(program: number): number {
  return objectNumber(PROGRAMS, program);
}

export function attachmentObject(attachment: number): number {
  return objectNumber(ATTACHMENTS, attachment);
}

export function mapObject(map: number): number {
  return objectNumber(MAPS, map);
}

export function isLive(s: KernelState, object: number): boolean {
  const index = indexOf(object);
  switch (tableOf(object)) {
    case PROGRAMS:
      return s.programs[index]!.live;
    case ATTACHMENTS:
      return s.attachments[index]!.live;
    case MAPS:
      return s.maps[index]!.live;
    default:
      return false;
  }
}

/** Whether an attachment is a link: then those who hold it keep it, else its hook does. */
export function isLink(s: KernelState, attachment: number): boolean {
  const { allLinks, links } = s.kernel;
  if (allLinks !== undefined) return allLinks;
  const its = s.attachments[attachment]!;
  return links[its.hook] ?? its.link === 1;
}

/** Whether an attachment is kept: by an fd or a pin of it, or by the hook it is at. */
function isKept(s: KernelState, attachment: number): boolean {
  const { attached } = s.attachments[attachment]!;
  return (attached && !isLink(s, attachment)) || s.kernel.isHeld(s, attachmentObject(attachment));
}

/** To be called after a reference to the object was dropped: frees it if that was the last one. */
export function put(s: KernelState, object: number): void {
  switch (tableOf(object)) {
    case PROGRAMS:
      if (s.programs[indexOf(object)]!.live && !s.kernel.isHeld(s, object)) freeProgram(s, indexOf(object));
      break;
    case ATTACHMENTS:
      release(s, indexOf(object));
      break;
    case MAPS:
      putMapUser(s, indexOf(object));
  }
}

/** Frees an attachment that nothing keeps; one that is to be released later stays until then. */
export function release(s: KernelState, attachment: number): void {
  const { live, dying } = s.attachments[attachment]!;
  if (live && dying === 0 && !isKept(s, attachment)) freeAttachment(s, attachment);
}

/** A program goes, and with it what was put into its placeholders and behind its return codes. */
function freeProgram(s: KernelState, program: number): void {
  const freed = s.programs[program]!;
  const { target, map } = freed;
  freed.clear();
  emptyTarget(s, programObject(program));
  if (target !== NONE) put(s, programObject(target));
  if (map !== NONE) freeMap(s, map);
}

/** Takes an attachment off its hook, and frees it if nothing else keeps it. What it left behind is a defunct link. */
export function detach(s: KernelState, attachment: number): void {
  const detached = s.attachments[attachment]!;
  if (detached.attached) {
    detached.attached = false;
    closeRank(s, detached.hook, detached.target, detached.rank);
  }
  put(s, attachmentObject(attachment));
}

function freeAttachment(s: KernelState, attachment: number): void {
  const freed = s.attachments[attachment]!;
  const { attached, hook, rank } = freed;
  const { program, target } = freed;
  freed.clear();
  if (attached) closeRank(s, hook, target, rank);
  if (s.kernel.hooks[hook]!.kind === 'subprogram') markExtended(s, indexOf(target), false);
  if (program !== NONE) put(s, programObject(program));
  if (tableOf(target) === PROGRAMS) put(s, target);
}

/**
 * Notes of a program that one of its functions was replaced, or that an extension of it is gone; where programs are marked.
 * As written, the mark is a bool that goes with the first extension, whatever other functions are still replaced.
 * Source: kernel/bpf/trampoline.c, bpf_freplace_check_tgt_prog and __bpf_trampoline_unlink_prog; Linux commit d6083f040d5d.
 */
export function markExtended(s: KernelState, program: number, replaced: boolean): void {
  const { extendedMark } = s.kernel.linux;
  if (extendedMark === undefined) return;
  const stays = extendedMark === 'counted' && isExtended(s, program);
  s.programs[program]!.extended = replaced || stays ? 1 : 0;
}

/** Whether one of a program's functions is replaced. */
export function isExtended(s: KernelState, program: number): boolean {
  const target = programObject(program);
  for (let i = 0; i < s.attachments.length; i++) {
    const inside = s.attachments[i]!;
    if (inside.attached && inside.target === target && s.kernel.hooks[inside.hook]!.kind === 'subprogram')
      return true;
  }
  return false;
}

/**
 * A map loses its contents with its last user, an fd or a pin, even while programs still use it: at once, or by a work item that
 * is still to come. Source: Linux commit c9da161c6517; kernel/bpf/syscall.c, bpf_map_put_uref.
 */
function putMapUser(s: KernelState, map: number): void {
  if (!s.maps[map]!.live) return;
  const object = mapObject(map);
  if (!s.kernel.isUsed(s, object)) {
    if (s.kernel.linux.deferredClear) clearLater(s, map);
    else emptyTarget(s, object);
  }
  freeMap(s, map);
}

/**
 * The work item takes a reference to the map, and gives it back when it has run. Asked for a second time before that, it takes
 * another one, and runs once. Source: kernel/bpf/arraymap.c, prog_array_map_clear: bpf_map_inc, schedule_work; seen on Linux 6.18.
 */
function clearLater(s: KernelState, map: number): void {
  const emptied = s.maps[map]!;
  if (emptied.clearing === 1) emptied.lost = 1;
  emptied.clearing = 1;
}

/** Empties a map for which that was still to come. Source: kernel/bpf/arraymap.c, prog_array_map_clear_deferred. */
export function clearMap(s: KernelState, map: number): void {
  s.maps[map]!.clearing = 0;
  emptyTarget(s, mapObject(map));
  freeMap(s, map);
}

/** A map goes with the last reference to it; the work item that is to empty it has one too. */
function freeMap(s: KernelState, map: number): void {
  const { live, clearing, lost } = s.maps[map]!;
  if (live && clearing === 0 && lost === 0 && !s.kernel.isHeld(s, mapObject(map))) s.maps[map]!.clear();
}

/** Detaches everything that a target itself kept in its placeholders, edges or slots. */
function emptyTarget(s: KernelState, target: number): void {
  for (let i = 0; i < s.attachments.length; i++) {
    const inside = s.attachments[i]!;
    if (inside.attached && inside.target === target && !isLink(s, i)) detach(s, i);
  }
}
