/**
 * What the kernel does not do at once: the last unpin of a link, emptying a prog_array, tearing down a cgroup or a network
 * namespace. The call that asks for it returns; a work item does it later, and in between others can see, and use, what is still
 * there. In the model each such work is an operation that nobody calls (`spontaneous`).
 */
import { TEARDOWN, type KernelState } from './model.js';
import { isLink, put, release } from './lifetime.js';
import { ATTACHMENTS } from './model.js';
import { indexOf, tableOf } from '../state/index.js';

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

/** Whether a link is still to be released. */
export function isDying(s: KernelState, link: number): boolean {
  return s.attachments[link]!.dying === 1;
}

/** Carries out the release of a link whose last pin was removed. */
export function releaseDying(s: KernelState, link: number): void {
  s.attachments[link]!.dying = 0;
  release(s, link);
}

const REMOVED = TEARDOWN.indexOf('removed');

/** Whether anything is still to be done that was asked for earlier. */
export function isWorkPending(s: KernelState): boolean {
  return (
    s.attachments.some(({ dying }) => dying === 1) ||
    s.maps.some(({ clearing }) => clearing === 1) ||
    s.cgroups.some(({ teardown }) => teardown === REMOVED) ||
    s.namespaces.some(({ teardown }) => teardown === REMOVED)
  );
}
