/**
 * Hooks that take several programs: in which order they run, and how often that has changed.
 *
 * tcx lists and those of cgroups have a revision, which each change makes greater by one; a call can say which one it expects.
 * It starts at 1, and is 1 again when the kernel forgets a list. Source: include/linux/bpf_mprog.h, bpf_mprog_commit;
 * kernel/bpf/cgroup.c, __cgroup_bpf_attach.
 */
import { NONE } from '../state/index.js';
import { CGROUP_MODES, type KernelState } from './model.js';

/** How many programs are at a hook. */
export function entriesAt(s: KernelState, hook: number): number {
  let count = 0;
  for (let i = 0; i < s.attachments.length; i++) {
    const entry = s.attachments[i]!;
    if (entry.attached && entry.hook === hook) count++;
  }
  return count;
}

/** The entry of a list that has this program, made by a link or not; NONE if there is none. */
export function entryOf(s: KernelState, hook: number, program: number): number {
  for (let i = 0; i < s.attachments.length; i++) {
    const entry = s.attachments[i]!;
    if (entry.attached && entry.hook === hook && entry.program === program) return i;
  }
  return NONE;
}

/** The entry that this many others run before; NONE if the list is shorter. */
export function entryAt(s: KernelState, hook: number, rank: number): number {
  for (let i = 0; i < s.attachments.length; i++) {
    const entry = s.attachments[i]!;
    if (entry.attached && entry.hook === hook && entry.rank === rank) return i;
  }
  return NONE;
}

/** To be called before an entry is put into a list: those from this place on move back. */
export function openRank(s: KernelState, hook: number, rank: number): void {
  for (let i = 0; i < s.attachments.length; i++) {
    const other = s.attachments[i]!;
    if (other.attached && other.hook === hook && other.rank >= rank) other.rank++;
  }
  countChange(s, hook);
}

/** To be called after an entry was taken out of a list, at a hook of a target or of none: those behind it move up. */
export function closeRank(s: KernelState, hook: number, target: number, rank: number): void {
  if (s.kernel.hooks[hook]!.exclusive) return;
  for (let i = 0; i < s.attachments.length; i++) {
    const other = s.attachments[i]!;
    if (other.attached && other.hook === hook && other.target === target && other.rank > rank) other.rank--;
  }
  countChange(s, hook);
  if (entriesAt(s, hook) === 0) emptied(s, hook);
}

/** The revision of a list, as callers name it; NONE for a hook that has none. */
export function revisionOf(s: KernelState, hook: number): number {
  const place = s.kernel.revised.indexOf(hook);
  return place === NONE ? NONE : s.revisions.get(place);
}

/** A list has changed. */
export function countChange(s: KernelState, hook: number): void {
  const place = s.kernel.revised.indexOf(hook);
  if (place !== NONE) s.revisions.set(place, s.revisions.get(place) + 1);
}

/**
 * Whether the model can count on when a list changes and then has this many entries more. What is in a list can always be
 * taken out again: a revision is kept for each entry.
 */
export function hasRevisionFor(s: KernelState, hook: number, more: number): boolean {
  const revision = revisionOf(s, hook);
  return revision === NONE || revision + 1 + entriesAt(s, hook) + more < (s.kernel.linux.revisions ?? 0);
}

function emptied(s: KernelState, hook: number): void {
  const { layer, of } = s.kernel.hooks[hook]!;
  if (layer === 'tcx') forgetEmptyList(s, hook);
  if (layer === 'cgroup')
    s.cgroups[s.kernel.linux.cgroups!.indexOf(of!)]!.mode = CGROUP_MODES.indexOf('empty');
}

/**
 * A tcx list is forgotten when it is empty and the device has no clsact qdisc either; its revision is 1 when it comes again.
 * Source: kernel/bpf/tcx.c, tcx_prog_detach, and net/sched/sch_ingress.c, clsact_destroy: tcx_entry_free.
 */
export function forgetEmptyList(s: KernelState, hook: number): void {
  const place = s.kernel.revised.indexOf(hook);
  const hasQdisc = place < s.containers.length && s.containers.get(place);
  if (place !== NONE && !hasQdisc && entriesAt(s, hook) === 0) s.revisions.set(place, 0);
}
