/** Where the calls of a model are about, on a running kernel. */
import { programObject, attachmentObject } from '../../model/kernel/lifetime.js';
import type { KernelState } from '../../model/kernel/model.js';
import { NONE } from '../../model/state/index.js';
import type { LiveCall } from '../conform/system.js';
import { argumentOf, idIn, realFd, type RunningLinux } from './running-linux.js';

/** An id that no object has: ids are handed out in ascending order (bpf_prog_alloc_id in kernel/bpf/syscall.c). */
const NO_ID = 0x7ffffff0;

/** The interface index of the device that a call names. */
export function deviceOf(linux: RunningLinux, call: LiveCall<KernelState>): number {
  return linux.sandbox.devices.index(argumentOf(call, 'device'));
}

/** The revision that a call expects, as the kernel counts; 0 for any, also where the call cannot say one. */
export function revisionOf(call: LiveCall<KernelState>): number {
  return 'revision' in call.operation.params ? argumentOf(call, 'revision') + 1 : 0;
}

/** The descriptor that a parameter names; 0, which the kernel takes for none, if it is left out. */
export function fdOrZero(call: LiveCall<KernelState>, parameter: string): number {
  const fd = argumentOf(call, parameter);
  return fd === NONE ? 0 : realFd(fd);
}

/** The kernel's id of the program, or of the link, in a place of the model's. */
export function idOf(
  { identities, ...call }: LiveCall<KernelState>,
  parameter: string,
  kind: 'program' | 'link',
): number {
  const place = argumentOf({ identities, ...call }, parameter);
  const name = identities.get(kind === 'program' ? programObject(place) : attachmentObject(place));
  return name === undefined ? NO_ID : idIn(name);
}
