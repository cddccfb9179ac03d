import { nextId } from '../bpf/ids.js';
import { KernelRunError } from '../channel/errors.js';
import { writeFile } from '../channel/files.js';
import { startLocalServer } from '../channel/local.js';
import type { KernelProcess, KernelServer } from '../channel/process.js';
import { needed } from '../channel/result.js';
import { openNetlink } from '../netlink/conversation.js';
import { Bpffs, enterOwnMounts } from './bpffs.js';
import { Cgroups } from './cgroups.js';
import { Devices, type DriverKind } from './devices.js';
import { expediteGracePeriods, putBackForgotten } from './expedited.js';
import { Groups } from './groups.js';
import { openMailbox } from './messages.js';
import { OtherNetwork, enterOwnNetwork, openPackets, openOwnNetwork } from './network.js';
import { clearNetworkHooks, networkHooksAreClean } from './network-hooks.js';

export interface SandboxOptions {
  /** The drivers of its devices, at most 16. Default: none. */
  readonly devices?: readonly DriverKind[];
  /** Paths of its control groups below its own, parents first: `c0`, `c0/c1`. Default: none. */
  readonly groups?: readonly string[];
  /** Whether it has a second network namespace. Default: no. */
  readonly otherNetwork?: boolean;
  /** Sets `/sys/kernel/rcu_expedited` while the sandbox is open: attaching to devices takes 0.3 ms instead of 8 to 16 ms. */
  readonly expedited?: boolean;
  /** Starts the kernel to run on; without it that of this machine. */
  readonly server?: () => Promise<KernelServer>;
}

/** How long the kernel may take to finish what it does later: seconds, on a busy machine. */
const PATIENCE_MS = 10_000;

/**
 * A place of its own on a running kernel: a network namespace with devices, a mount namespace with an empty bpffs, and a control
 * group. What is attached in it, mounted or started is gone with it: when it is closed, and when this process is killed.
 */
export class Sandbox {
  private readonly processes = new Set<KernelProcess>();

  private constructor(
    readonly server: KernelServer,
    readonly bpffs: Bpffs,
    readonly devices: Devices,
    /** Undefined if no cgroup2 hierarchy is mounted. */
    readonly groups: Groups | undefined,
    readonly otherNetwork: OtherNetwork | undefined,
  ) {}

  /** @throws KernelRunError if the machine, the rights or the kernel do not allow it. */
  static async open(options: SandboxOptions = {}): Promise<Sandbox> {
    const server = await (options.server ?? startLocalServer)();
    try {
      return await Sandbox.build(server, options);
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  private static async build(server: KernelServer, options: SandboxOptions): Promise<Sandbox> {
    const { administrator } = server;
    await checkRights(administrator);
    await putBackForgotten(administrator);
    const cgroups = await Cgroups.open(server);
    if (options.expedited === true) await expediteGracePeriods(server);
    await enterOwnNetwork(administrator);
    await enterOwnMounts(administrator);
    // Otherwise the kernel sends packets of its own when a device comes up. There is nothing to silence without IPv6.
    await writeFile(administrator, '/proc/sys/net/ipv6/conf/default/disable_ipv6', '1');
    needed('Opening a netlink socket', await openNetlink(administrator));
    await openPackets(administrator);
    needed('Opening a network namespace', await openOwnNetwork(administrator));
    const other = options.otherNetwork === true ? await OtherNetwork.open(server) : undefined;
    const devices = new Devices(administrator, options.devices ?? [], other);
    const groups = cgroups && new Groups(administrator, cgroups, options.groups ?? []);
    await devices.reset();
    await groups?.reset();
    return new Sandbox(server, new Bpffs(administrator), devices, groups, other);
  }

  /** Process 0, which observes and administers: what it opens is not the model's. */
  get administrator(): KernelProcess {
    return this.server.administrator;
  }

  /**
   * Starts a process of a model: its first descriptor will be 3. It can talk to netlink, be sent descriptors, and has its network
   * namespace open as NETWORK_FD.
   */
  async start(): Promise<KernelProcess> {
    const process = await this.server.start();
    this.processes.add(process);
    const opened = await Promise.all([openNetlink(process), openMailbox(process), openOwnNetwork(process)]);
    for (const result of opened) needed("Opening a process's sockets", result);
    return process;
  }

  /** Kills a process of the model, unless it is gone already. */
  async stop(process: KernelProcess): Promise<void> {
    this.processes.delete(process);
    await this.server.stop(process);
  }

  /**
   * Back to the beginning: no processes, no pins, all devices and groups there, nothing attached. Objects that the kernel releases
   * later may still be listed by their ids.
   *
   * @throws KernelRunError if something stays attached.
   */
  async reset(): Promise<void> {
    await Promise.all([...this.processes].map((process) => this.stop(process)));
    await this.bpffs.reset();
    await clearNetworkHooks(this.administrator);
    await this.otherNetwork?.reopen();
    await this.devices.reset();
    await this.groups?.reset();
    const became = await becomes(() => this.isClean(), PATIENCE_MS);
    if (!became) {
      throw new KernelRunError(
        'gone',
        `Something stays attached for more than ${PATIENCE_MS / 1000} seconds.`,
      );
    }
  }

  /** Ends it, and waits until nothing is left of it. */
  close(): Promise<void> {
    return this.server.close();
  }

  /** Whether every device and group is there, and nothing is attached to any hook. */
  async isClean(): Promise<boolean> {
    const [devices, groups, hooks] = await Promise.all([
      this.devices.areClean(),
      this.groups?.areClean() ?? true,
      networkHooksAreClean(this.administrator),
    ]);
    return devices && groups && hooks;
  }
}

/**
 * Waits for something that the kernel does later: asks at once, and then each millisecond.
 *
 * @returns Whether it came to that in time.
 */
export async function becomes(test: () => Promise<boolean>, patienceMs: number): Promise<boolean> {
  const until = performance.now() + patienceMs;
  while (!(await test())) {
    if (performance.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return true;
}

/** Asks for something harmless that needs bpf(2) and the right to see others' objects. */
async function checkRights(administrator: KernelProcess): Promise<void> {
  const asked = await nextId(administrator, 'program', 0);
  if (asked.ok || asked.errno === 'ENOENT') return;
  if (asked.errno === 'EPERM') {
    throw new KernelRunError('no rights', 'Driving a kernel needs the rights of root: bpf(2) gives EPERM.');
  }
  throw new KernelRunError('no kernel support', `This kernel has no usable bpf(2): it gives ${asked.errno}.`);
}
