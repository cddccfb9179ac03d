/** XDP on the devices of the sandbox. */
import { linkCreate } from '../bpf/links.js';
import { XDP_FLAG } from '../bpf/numbers.js';
import { NO_PROGRAM, setXdp } from '../netlink/xdp.js';
import { programObject } from '../../model/kernel/lifetime.js';
import { XDP_LAYERS } from '../../model/kernel/model.js';
import { NONE } from '../../model/state/index.js';
import { isSeen } from '../../model/mechanisms/linux/devices.js';
import type { Aspect, Binding, MakeCall, ViewLine } from './binding.js';
import type { Look } from './look.js';
import { argumentOf, outcomeOf, realFd } from './running-linux.js';

type Call = Parameters<MakeCall>[1];

/** The flag of the mode that a call names; none if it names none. */
function modeFlag(call: Call): number {
  const mode = argumentOf(call, 'mode');
  if (mode === NONE) return 0;
  return mode === 0 ? XDP_FLAG.drv : XDP_FLAG.skb;
}

/** RTM_SETLINK with the descriptors and the flags of a call; what a call has no parameter for is left out. */
function netlink({
  program,
  flags,
  expected,
}: {
  program: boolean;
  flags: number;
  expected: boolean;
}): MakeCall {
  return async (linux, call) =>
    outcomeOf(
      await setXdp(linux.process(argumentOf(call, 'actor')), {
        device: linux.sandbox.devices.index(argumentOf(call, 'device')),
        program: program ? realFd(argumentOf(call, 'program')) : NO_PROGRAM,
        flags: flags | modeFlag(call),
        ...(expected ? { expected: realFd(argumentOf(call, 'expected')) } : {}),
      }),
    );
}

/** Which program each mode of each device has, wherever the device is. */
const onDevices: Aspect = {
  expected: (state, nameOf) =>
    state.attachments.flatMap(({ attached, hook, program }): ViewLine[] => {
      const { hooks, devices } = state.kernel;
      const { layer, name, of } = hooks[hook]!;
      if (!attached || layer === undefined || !XDP_LAYERS.includes(layer)) return [];
      const device = devices.findIndex((first) => hooks[first]!.of === of);
      return isSeen(state, device) ? [[name, nameOf(programObject(program))]] : [];
    }),
  async observed(look) {
    const lines = await Promise.all(
      Array.from({ length: look.linux.bounds.devices }, (_, i) => onDevice(look, i)),
    );
    return lines.flat();
  },
};

async function onDevice(look: Look, device: number): Promise<ViewLine[]> {
  const found = await look.device(device);
  if (!found) return [];
  const { driver, generic } = found.xdp;
  return [
    ...(driver === 0 ? [] : [[`eth${device} driver`, `prog ${driver}`] as const]),
    ...(generic === 0 ? [] : [[`eth${device} generic`, `prog ${generic}`] as const]),
  ];
}

export const xdp: Binding = {
  calls: {
    xdp_set: netlink({ program: true, flags: 0, expected: false }),
    xdp_set_if_empty: netlink({ program: true, flags: XDP_FLAG.updateIfNoexist, expected: false }),
    xdp_replace: netlink({ program: true, flags: XDP_FLAG.replace, expected: true }),
    xdp_clear: netlink({ program: false, flags: 0, expected: false }),
    async xdp_link(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      const created = await linkCreate(actor, {
        program: realFd(argumentOf(call, 'program')),
        target: linux.sandbox.devices.index(argumentOf(call, 'device')),
        attachType: 'xdp',
        flags: modeFlag(call),
      });
      return linux.handedOut(actor, created);
    },
  },
  aspects: [onDevices],
};
