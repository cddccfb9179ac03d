/** A packet arrives: what runs, in order. Changes nothing. */
import { operation, type Operation } from '../machine/index.js';
import { dispatch } from '../kernel/dispatch.js';
import type { KernelModel, KernelState } from '../kernel/model.js';

export function packet({ domains, devices }: KernelModel): Operation<KernelState>[] {
  return [
    operation({
      verb: 'packet',
      summary: 'a packet arrives at a device: the programs and placeholders it meets, in order',
      params: { device: domains.device },
      observe: (s, device) => dispatch(s, devices[device]!),
      reads: ['programs', 'attachments', 'maps'],
    }),
  ];
}
