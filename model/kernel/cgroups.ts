/** cgroups: which programs a process in one meets, and what becomes of their hooks when they go. */
import { NONE } from '../state/index.js';
import { detach, programObject } from './lifetime.js';
import { entriesAt, entryAt } from './lists.js';
import { CGROUP_MODES, TEARDOWN, hookIn, type KernelState } from './model.js';

export const EMPTY = CGROUP_MODES.indexOf('empty');
export const MULTI = CGROUP_MODES.indexOf('multi');
export const SINGLE = CGROUP_MODES.indexOf('none');

const PRESENT = TEARDOWN.indexOf('present');
const REMOVED = TEARDOWN.indexOf('removed');
const GONE = TEARDOWN.indexOf('gone');

/** The first cgroup is the parent of all others. */
const PARENT = 0;

/** The hook of a cgroup, given by its number. */
export function cgroupHook(s: KernelState, cgroup: number): number {
  return hookIn(s.kernel.hooks, s.kernel.linux.cgroups![cgroup]!, 'cgroup');
}

/** The parent of a cgroup; NONE for the first. */
export function parentOf(cgroup: number): number {
  return cgroup === PARENT ? NONE : PARENT;
}

/** Whether a cgroup has a directory: one that was removed still works for its links, for a while. */
export function isPresent(s: KernelState, cgroup: number): boolean {
  return s.cgroups[cgroup]!.teardown === PRESENT;
}

export function isRemoved(s: KernelState, cgroup: number): boolean {
  return s.cgroups[cgroup]!.teardown === REMOVED;
}

/** Whether a cgroup is the parent of another one in this state of its teardown. */
export function hasChild(s: KernelState, cgroup: number, isChild: typeof isPresent): boolean {
  for (let child = 0; child < s.cgroups.length; child++) {
    if (parentOf(child) === cgroup && isChild(s, child)) return true;
  }
  return false;
}

/**
 * The programs, as object numbers, that a socket in a cgroup meets: its own, then those of its parent, if that lets several run
 * or nothing came before. Source: kernel/bpf/cgroup.c, compute_effective_progs.
 */
export function effectivePrograms(s: KernelState, cgroup: number): number[] {
  const found: number[] = [];
  for (let from = cgroup; from !== NONE; from = parentOf(from)) {
    if (found.length > 0 && s.cgroups[from]!.mode !== MULTI) continue;
    const hook = cgroupHook(s, from);
    for (let rank = 0; rank < entriesAt(s, hook); rank++) {
      found.push(programObject(s.attachments[entryAt(s, hook, rank)]!.program));
    }
  }
  return found;
}

/** The directory of a cgroup goes. Source: kernel/cgroup/cgroup.c, cgroup_destroy_locked: cgroup_bpf_offline. */
export function removeCgroup(s: KernelState, cgroup: number): void {
  s.cgroups[cgroup]!.teardown = REMOVED;
}

/** What was attached to a removed cgroup goes: links are defunct. Source: kernel/bpf/cgroup.c, cgroup_bpf_release. */
export function tearDownCgroup(s: KernelState, cgroup: number): void {
  const hook = cgroupHook(s, cgroup);
  for (let i = 0; i < s.attachments.length; i++) {
    if (s.attachments[i]!.attached && s.attachments[i]!.hook === hook) detach(s, i);
  }
  const revision = s.kernel.revised.indexOf(hook);
  if (revision !== NONE) s.revisions.set(revision, 0);
  s.cgroups[cgroup]!.mode = EMPTY;
  s.cgroups[cgroup]!.teardown = GONE;
}

export function makeCgroup(s: KernelState, cgroup: number): void {
  s.cgroups[cgroup]!.teardown = PRESENT;
}
