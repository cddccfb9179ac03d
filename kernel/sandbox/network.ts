/** Network namespaces. */
import { NR } from '../channel/numbers.js';
import { OPEN_FLAG, closeFd, inodeNumber, openPathAs } from '../channel/files.js';
import type { KernelProcess, KernelServer } from '../channel/process.js';
import { needed, resultOf, type Result } from '../channel/result.js';
import { openNetlink } from '../netlink/conversation.js';
import { setUp } from '../netlink/devices.js';
import { openFrames } from './packets.js';

const CLONE_NEWNET = 0x40000000;
const OWN_NETWORK = '/proc/self/ns/net';

/** Where a process of a sandbox has its own network namespace open, for the calls that want it as a descriptor. */
export const NETWORK_FD = 1002;

/** Gives a process a network namespace of its own. What it starts afterwards shares it. */
export async function enterOwnNetwork(process: KernelProcess): Promise<void> {
  needed('Making a network namespace', resultOf(await process.call(NR.unshare, CLONE_NEWNET)));
}

/** The inode number of a process's network namespace, as a link's info gives it. */
export function networkId(process: KernelProcess): Promise<Result> {
  return inodeNumber(process, OWN_NETWORK);
}

/** Opens a process's own network namespace as NETWORK_FD. */
export function openOwnNetwork(process: KernelProcess): Promise<Result> {
  return openPathAs(process, OWN_NETWORK, OPEN_FLAG.readOnly, NETWORK_FD);
}

/** The interface index that the loopback device has in every network namespace. Source: include/net/flow.h. */
export const LOOPBACK = 1;

/** Lets a process send packets in its own network namespace, also to itself. It must be able to talk to netlink. */
export async function openPackets(process: KernelProcess): Promise<void> {
  needed('Setting the loopback device up', await setUp(process, LOOPBACK));
  needed('Opening a socket for frames', await openFrames(process));
}

const OTHER_FD = 893;

/**
 * A second network namespace beside that of the run. It lives as long as its `process`, which is also the one to observe and
 * administer it with: its netlink socket is in there.
 */
export class OtherNetwork {
  private inside: KernelProcess | undefined;

  private constructor(private readonly server: KernelServer) {}

  static async open(server: KernelServer): Promise<OtherNetwork> {
    const network = new OtherNetwork(server);
    await network.reopen();
    return network;
  }

  get isOpen(): boolean {
    return this.inside !== undefined;
  }

  get process(): KernelProcess {
    if (!this.inside) throw new Error('the other network is closed');
    return this.inside;
  }

  /** The namespace, as a descriptor of the administrator, to move devices to. */
  get fd(): number {
    return OTHER_FD;
  }

  /** Makes it, where there is none any more. */
  async reopen(): Promise<void> {
    if (this.inside) return;
    const { server } = this;
    const process = await server.start();
    await enterOwnNetwork(process);
    needed('Opening a netlink socket', await openNetlink(process));
    await openPackets(process);
    needed('Opening a network namespace', await openOwnNetwork(process));
    const path = `/proc/${process.pid}/ns/net`;
    needed(`Opening ${path}`, await openPathAs(server.administrator, path, OPEN_FLAG.readOnly, OTHER_FD));
    this.inside = process;
  }

  /** Lets go of it. The kernel takes it down later, in a work item: cleanup_net in net/core/net_namespace.c. */
  async close(): Promise<void> {
    const { process, server } = this;
    this.inside = undefined;
    await closeFd(server.administrator, OTHER_FD);
    await server.stop(process);
  }
}
