/** What claims about ordered lists have in common. */
import type { KernelState } from '../model/kernel/model.js';
import { entriesAt, entryAt } from '../model/kernel/lists.js';

/** Whether the same entries are in a list, with the same programs, in the same order. */
export function sameList(before: KernelState, after: KernelState, hook: number): boolean {
  const length = entriesAt(before, hook);
  if (entriesAt(after, hook) !== length) return false;
  for (let rank = 0; rank < length; rank++) {
    const entry = entryAt(before, hook, rank);
    if (entryAt(after, hook, rank) !== entry) return false;
    if (before.attachments[entry]!.program !== after.attachments[entry]!.program) return false;
  }
  return true;
}

/** Whether the device or cgroup of a hook is there, so that its list can be asked for. */
export function isOwnerThere(s: KernelState, hook: number): boolean {
  const { hooks, devices, linux } = s.kernel;
  const { of } = hooks[hook]!;
  const device = devices.findIndex((first) => hooks[first]!.of === of);
  if (device >= 0) return s.devices.length === 0 || !s.devices[device]!.gone;
  const cgroup = linux.cgroups?.indexOf(of!) ?? -1;
  return cgroup < 0 || s.cgroups[cgroup]!.teardown === 0;
}
