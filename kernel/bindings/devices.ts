/** The devices of the sandbox: deleted, made again, moved to the other network namespace. */
import { isSeen } from '../../model/mechanisms/linux/devices.js';
import type { KernelProcess } from '../channel/process.js';
import type { Result } from '../channel/result.js';
import { deleteDevice, moveDevice, xdpOnDevice, type XdpOnDevice } from '../netlink/devices.js';
import type { Aspect, Binding, ViewLine } from './binding.js';
import { OTHER_NETWORK_FD } from './namespaces.js';
import { argumentOf, outcomeOf, type RunningLinux } from './running-linux.js';

/** Where a device is, a process in that network namespace, and the XDP programs on it. */
export interface FoundDevice {
  readonly where: 'home' | 'elsewhere';
  readonly process: KernelProcess;
  readonly xdp: XdpOnDevice;
}

/** A device, in whichever network namespace it is; undefined if there is none. */
export async function findDevice(linux: RunningLinux, device: number): Promise<FoundDevice | undefined> {
  const { otherNetwork, devices } = linux.sandbox;
  const index = devices.index(device);
  const atHome = await xdpOnDevice(linux.administrator, index);
  if (atHome.ok) return { where: 'home', process: linux.administrator, xdp: atHome.value };
  if (otherNetwork?.isOpen !== true) return undefined;
  const { process } = otherNetwork;
  const elsewhere = await xdpOnDevice(process, index);
  return elsewhere.ok ? { where: 'elsewhere', process, xdp: elsewhere.value } : undefined;
}

/** Devices that are not where they were in the beginning. */
const whereabouts: Aspect = {
  expected: (state) =>
    state.devices.flatMap(({ moved }, i): ViewLine[] => {
      if (!isSeen(state, i)) return [[`eth${i}`, 'gone']];
      return moved ? [[`eth${i}`, 'elsewhere']] : [];
    }),
  async observed(look) {
    const all = Array.from({ length: look.linux.bounds.devices }, (_, i) => look.device(i));
    return (await Promise.all(all)).flatMap((found, i): ViewLine[] =>
      found?.where === 'home' ? [] : [[`eth${i}`, found?.where ?? 'gone']],
    );
  },
};

/** How often a device is tried to be made whose other end is still there: about a second. */
const RETRIES = 1000;

function isTaken(created: Result): boolean {
  return !created.ok && created.errno === 'EEXIST';
}

export const devices: Binding = {
  calls: {
    async device_delete(linux, call) {
      const index = linux.sandbox.devices.index(argumentOf(call, 'device'));
      return outcomeOf(await deleteDevice(linux.process(argumentOf(call, 'actor')), index));
    },
    async device_create(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      const device = argumentOf(call, 'device');
      const create = (): Promise<Result> => linux.sandbox.devices.create(device, actor);
      // The other end of one that was moved is here, until the network namespace that this one is in has been torn down.
      let created = await create();
      for (let i = 0; i < RETRIES && isTaken(created) && !(await findDevice(linux, device)); i++) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        created = await create();
      }
      return outcomeOf(created);
    },
    async device_move(linux, call) {
      const index = linux.sandbox.devices.index(argumentOf(call, 'device'));
      const actor = linux.process(argumentOf(call, 'actor'));
      return outcomeOf(await moveDevice(actor, index, OTHER_NETWORK_FD, index));
    },
  },
  aspects: [whereabouts],
};
