/**
 * Filters of a device, where they have priorities: which one a name (priority and handle) stands for, and in which order they run.
 * A handle is a number within its priority, and is used again.
 */
import { NONE } from '../state/index.js';
import { removeFilter } from './deferred.js';
import { forgetEmptyList } from './lists.js';
import type { KernelState } from './model.js';

/** The filter with this name, or NONE. */
export function filterAt(s: KernelState, hook: number, priority: number, handle: number): number {
  for (let i = 0; i < s.attachments.length; i++) {
    const filter = s.attachments[i]!;
    if (isAt(filter, hook) && filter.priority === priority && filter.handle === handle) return i;
  }
  return NONE;
}

/** The lowest handle that no filter of a priority has. Source: net/sched/cls_bpf.c, cls_bpf_change: idr_alloc_u32 from 1. */
export function freeHandle(s: KernelState, hook: number, priority: number): number {
  let handle = 0;
  while (filterAt(s, hook, priority, handle) !== NONE) handle++;
  return handle;
}

/** How many filters have a priority of less than this. All of them run before the newest of this priority does. */
export function filtersBelow(s: KernelState, hook: number, priority: number): number {
  let count = 0;
  for (let i = 0; i < s.attachments.length; i++) {
    const filter = s.attachments[i]!;
    if (isAt(filter, hook) && filter.priority < priority) count++;
  }
  return count;
}

/** The lowest priority that a filter has; NONE without any. */
export function lowestPriority(s: KernelState, hook: number): number {
  let lowest: number = NONE;
  for (let i = 0; i < s.attachments.length; i++) {
    const filter = s.attachments[i]!;
    if (isAt(filter, hook) && (lowest === NONE || filter.priority < lowest)) lowest = filter.priority;
  }
  return lowest;
}

/** Deletes the filters of a hook; only those of one priority unless that is NONE. */
export function removeFilters(s: KernelState, hook: number, priority: number): void {
  for (let i = 0; i < s.attachments.length; i++) {
    const filter = s.attachments[i]!;
    if (isAt(filter, hook) && (priority === NONE || filter.priority === priority)) removeFilter(s, i);
  }
}

/** The clsact qdisc of a device goes, and with it the filters of everybody, and a tcx list that is empty. */
export function removeQdisc(s: KernelState, device: number, filters: number, tcx: number): void {
  removeFilters(s, filters, NONE);
  s.containers.set(device, false);
  if (tcx !== NONE) forgetEmptyList(s, tcx);
}

function isAt({ attached, hook }: KernelState['attachments'][number], at: number): boolean {
  return attached && hook === at;
}
