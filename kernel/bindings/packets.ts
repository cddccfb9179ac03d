/** Packets on a running kernel: what runs when one arrives, is dissected, looks for its socket, or is sent from a control group. */
import { NAMESPACES } from '../../model/mechanisms/linux/kernel.js';
import { writeFile } from '../channel/files.js';
import type { KernelProcess } from '../channel/process.js';
import { needed } from '../channel/result.js';
import type { LiveOutcome } from '../conform/system.js';
import { setUp } from '../netlink/devices.js';
import { LOOPBACK } from '../sandbox/network.js';
import { connectToNobody, sendFrame, sendThrough, sendToNobody } from '../sandbox/packets.js';
import type { Binding } from './binding.js';
import { findDevice } from './devices.js';
import { placeholderName } from './program-sources.js';
import type { Marked } from './run-log.js';
import { argumentOf, type RunningLinux } from './running-linux.js';

const OTHER = NAMESPACES.indexOf('other');

/** Programs that a packet may meet on its way to a device's hooks or from it, but that are not at the device. */
const ELSEWHERE = ['skb', 'dissector', 'lookup'];

/** Those of the programs that ran while something was done, in order; only those that are meant. */
async function whatRan(
  linux: RunningLinux,
  isMeant: (source: string) => boolean,
  something: () => Promise<unknown>,
): Promise<LiveOutcome> {
  const ran = await linux.runLog.during(something);
  const words = ran.flatMap((one: Marked | number) => {
    if (typeof one === 'number') return [placeholderName(one)];
    return isMeant(one.source) ? [one.name] : [];
  });
  return { kind: 'saw', words };
}

/** A process in a network namespace, by the namespace's number; undefined where it is gone. */
function processIn(linux: RunningLinux, namespace: number): KernelProcess | undefined {
  if (namespace !== OTHER) return linux.administrator;
  const { otherNetwork: other } = linux.sandbox;
  return other?.isOpen === true ? other.process : undefined;
}

/** Sends from a process that has been put into a control group. */
async function sendFromGroup({ sandbox }: RunningLinux, group: number): Promise<void> {
  const process = await sandbox.server.start();
  try {
    const members = `${sandbox.groups!.path(group)}/cgroup.procs`;
    needed('Entering a control group', await writeFile(process, members, '0'));
    needed('Sending a datagram', await sendToNobody(process));
  } finally {
    await sandbox.server.stop(process);
  }
}

export const packets: Binding = {
  calls: {
    packet(linux, call) {
      const device = argumentOf(call, 'device');
      const { administrator, sandbox } = linux;
      return whatRan(
        linux,
        (source) => !ELSEWHERE.includes(source),
        async () => {
          const found = await findDevice(linux, device);
          if (!found) return;
          const { devices } = sandbox;
          const [from, to] = [devices.peerIndex(device), devices.index(device)];
          if (found.where === 'elsewhere') needed('Setting a device up', await setUp(found.process, to));
          needed('Sending a frame', await sendThrough(administrator, from, found.process));
        },
      );
    },
    dissect(linux, call) {
      const process = processIn(linux, argumentOf(call, 'namespace'));
      // A frame is dissected as it is sent, to find its headers: packet_parse_headers in net/packet/af_packet.c.
      return whatRan(
        linux,
        (source) => source === 'dissector',
        async () => process && needed('Sending a frame', await sendFrame(process, LOOPBACK)),
      );
    },
    lookup(linux, call) {
      const process = processIn(linux, argumentOf(call, 'namespace'));
      return whatRan(
        linux,
        (source) => source === 'lookup',
        async () => process && connectToNobody(process),
      );
    },
    socket: (linux, call) =>
      whatRan(
        linux,
        (source) => source === 'skb',
        () => sendFromGroup(linux, argumentOf(call, 'cgroup')),
      ),
  },
};
