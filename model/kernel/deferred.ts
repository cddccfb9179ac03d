/**
 * What the kernel does not do at once: the last unpin of a link, letting go of the program of a deleted filter, emptying a
 * prog_array, tearing down a cgroup or a network namespace. The call that asks for it returns; a work item does it later, and in
 * between others can see, and use, what is still there. In the model each such work is an operation that nobody calls
 * (`spontaneous`).
 */
import { NONE, indexOf, tableOf } from '../state/index.js';
import { detach, isLink, put, release } from './lifetime.js';
import { ATTACHMENTS, TEARDOWN, type KernelState } from './model.js';

/**
 * To be called after a pin of an object was removed. A link whose last reference that was is released later.
 * Source: kernel/bpf/syscall.c, bpf_link_put, called by bpf_free_inode; close(2) releases at once (bpf_link_put_direct).
 */
export function putPinned(s: KernelState, object: number): void {
  const index = indexOf(object);
  const isDeferred = s.kernel.linux.deferredUnpin && tableOf(object) === ATTACHMENTS && isLink(s, index);
  if (!isDeferred) put(s, object);
  else if (!s.kernel.isHeld(s, object)) s.attachments[index]!.dying = 1;
}

/** Whether a map is still to be emptied. */
export function isToBeCleared(s: KernelState, map: number): boolean {
  return s.maps[map]!.clearing === 1;
}

/**
 * Takes a filter off its hook, and leaves its program to be let go of later. Source: net/sched/cls_bpf.c, __cls_bpf_delete:
 * tcf_queue_work, behind an RCU grace period.
 */
export function removeFilter(s: KernelState, filter: number): void {
  const removed = s.attachments[filter]!;
  if (s.kernel.linux.deferredFilters) {
    removed.dying = 1;
    removed.owner = NONE;
  }
  detach(s, filter);
  removed.rank = removed.priority = removed.handle = 0;
}

/** Whether a link, or a filter that was deleted, is still to be released. */
export function isDying(s: KernelState, attachment: number): boolean {
  return s.attachments[attachment]!.dying === 1;
}

/** Carries out the release of a link whose last pin was removed, or of a filter that was deleted. */
export function releaseDying(s: KernelState, attachment: number): void {
  s.attachments[attachment]!.dying = 0;
  release(s, attachment);
}

const [REMOVED, LEAVING] = [TEARDOWN.indexOf('removed'), TEARDOWN.indexOf('leaving')];

/** Whether anything is still to be done that was asked for earlier. */
export function isWorkPending(s: KernelState): boolean {
  return (
    s.attachments.some(({ dying }) => dying === 1) ||
    s.maps.some(({ clearing }) => clearing === 1) ||
    s.cgroups.some(({ teardown }) => teardown === REMOVED) ||
    s.namespaces.some(({ teardown }) => teardown === REMOVED || teardown === LEAVING)
  );
}
