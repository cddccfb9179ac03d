/** The devices of the sandbox: deleted, made again, moved to the other network namespace. */
import { OPEN_FLAG, openPathAs } from '../channel/files.js';
import type { KernelProcess } from '../channel/process.js';
import { needed } from '../channel/result.js';
import { deleteDevice, moveDevice, xdpOnDevice } from '../netlink/devices.js';
import type { Aspect, Binding, ViewLine } from './binding.js';
import { argumentOf, outcomeOf, type RunningLinux } from './running-linux.js';

/** Where each process has the other network namespace open, far above the descriptors that a model numbers from 3. */
const OTHER_NETWORK_FD = 1003;

/** Who is in the network namespace that a device is in, and where that is; undefined if there is no such device. */
export async function keeperOf(
  linux: RunningLinux,
  device: number,
): Promise<{ readonly process: KernelProcess; readonly where: string } | undefined> {
  const { otherNetwork, devices } = linux.sandbox;
  const index = devices.index(device);
  const atHome = await xdpOnDevice(linux.administrator, index);
  if (atHome.ok) return { process: linux.administrator, where: 'home' };
  if (!otherNetwork) return undefined;
  const elsewhere = await xdpOnDevice(otherNetwork.process, index);
  return elsewhere.ok ? { process: otherNetwork.process, where: 'elsewhere' } : undefined;
}

/** Devices that are not where they were in the beginning. */
const whereabouts: Aspect = {
  expected: (state) =>
    state.devices.flatMap(({ gone, moved }, i): ViewLine[] => {
      if (gone) return [[`eth${i}`, 'gone']];
      return moved ? [[`eth${i}`, 'elsewhere']] : [];
    }),
  async observed(linux) {
    const all = Array.from({ length: linux.bounds.devices }, (_, i) => keeperOf(linux, i));
    return (await Promise.all(all)).flatMap((keeper, i): ViewLine[] =>
      keeper?.where === 'home' ? [] : [[`eth${i}`, keeper?.where ?? 'gone']],
    );
  },
};

export const devices: Binding = {
  calls: {
    async device_delete(linux, call) {
      const index = linux.sandbox.devices.index(argumentOf(call, 'device'));
      return outcomeOf(await deleteDevice(linux.process(argumentOf(call, 'actor')), index));
    },
    async device_create(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      return outcomeOf(await linux.sandbox.devices.create(argumentOf(call, 'device'), actor));
    },
    async device_move(linux, call) {
      const index = linux.sandbox.devices.index(argumentOf(call, 'device'));
      const actor = linux.process(argumentOf(call, 'actor'));
      return outcomeOf(await moveDevice(actor, index, OTHER_NETWORK_FD, index));
    },
  },
  aspects: [whereabouts],
  async started(linux, process) {
    const { otherNetwork } = linux.sandbox;
    if (!otherNetwork) return;
    const path = `/proc/${otherNetwork.process.pid}/ns/net`;
    needed(`Opening ${path}`, await openPathAs(process, path, OPEN_FLAG.readOnly, OTHER_NETWORK_FD));
  },
};
