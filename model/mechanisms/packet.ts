/** A packet arrives: what runs, in order. Changes nothing. */
import { operation, type Operation, type Precondition } from '../machine/index.js';
import { dispatch } from '../kernel/dispatch.js';
import type { KernelModel, KernelState } from '../kernel/model.js';

/** A packet can arrive at any device, unless there are conditions: they are asked about the device. */
export function packet(
  { domains, devices }: KernelModel,
  conditions: readonly Precondition<KernelState>[] = [],
): Operation<KernelState>[] {
  return [
    operation({
      verb: 'packet',
      summary: 'a packet arrives at a device: the programs and placeholders it meets, in order',
      params: { device: domains.device },
      possible: conditions,
      observe: (s, device) => dispatch(s, devices[device]!),
      reads: ['programs', 'attachments', 'maps'],
    }),
  ];
}
