/** Network namespaces. */
import { NR } from '../channel/numbers.js';
import { OPEN_FLAG, closeFd, inodeNumber, openPathAs } from '../channel/files.js';
import type { KernelProcess, KernelServer } from '../channel/process.js';
import { needed, resultOf, type Result } from '../channel/result.js';
import { openNetlink } from '../netlink/conversation.js';

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

const OTHER_FD = 893;

/**
 * A second network namespace beside that of the run. It lives as long as its `process`, which is also the one to observe and
 * administer it with: its netlink socket is in there.
 */
export class OtherNetwork {
  private constructor(
    private readonly server: KernelServer,
    readonly process: KernelProcess,
    /** The namespace, as a descriptor of the administrator, to move devices to. */
    readonly fd: number,
  ) {}

  static async open(server: KernelServer): Promise<OtherNetwork> {
    const process = await server.start();
    await enterOwnNetwork(process);
    needed('Opening a netlink socket', await openNetlink(process));
    needed('Opening a network namespace', await openOwnNetwork(process));
    const path = `/proc/${process.pid}/ns/net`;
    needed(`Opening ${path}`, await openPathAs(server.administrator, path, OPEN_FLAG.readOnly, OTHER_FD));
    return new OtherNetwork(server, process, OTHER_FD);
  }

  /** Lets go of it. The kernel takes it down later, in a work item: cleanup_net in net/core/net_namespace.c. */
  async close(): Promise<void> {
    await closeFd(this.server.administrator, this.fd);
    await this.server.stop(this.process);
  }
}
