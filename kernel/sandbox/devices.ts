/** The devices of a run: made again after a sequence of calls that deleted, moved or used them. */
import { XDP_FLAG, type AttachType } from '../bpf/numbers.js';
import { progDetach } from '../bpf/attachments.js';
import { progQuery } from '../bpf/query.js';
import type { KernelProcess } from '../channel/process.js';
import { needed, success, type Result } from '../channel/result.js';
import {
  createDevice,
  createVeth,
  deleteDevice,
  moveDevice,
  xdpOnDevice,
  type XdpOnDevice,
} from '../netlink/devices.js';
import { addQdisc, deleteQdisc, qdiscOn } from '../netlink/traffic-control.js';
import { NO_PROGRAM, setXdp } from '../netlink/xdp.js';
import type { OtherNetwork } from './network.js';

/** How a device's driver stands to XDP: veth runs it itself, ifb leaves it to the kernel's generic mode. */
export type DriverKind = 'veth' | 'ifb';

const TCX = ['tcxIngress', 'tcxEgress'] as const satisfies readonly AttachType[];

/**
 * Devices `hf0`, `hf1`, … with fixed interface indexes. A veth's other end is `hf0p`, with the next index: what is sent out of
 * it arrives at the device.
 */
export class Devices {
  /** Devices that were made and not reset since: they may never have had a qdisc. */
  private readonly newlyMade = new Set<number>();

  constructor(
    private readonly administrator: KernelProcess,
    private readonly drivers: readonly DriverKind[],
    private readonly other: OtherNetwork | undefined,
  ) {}

  /** The interface index of a device, in whichever network it is. */
  index(device: number): number {
    return 10 + 2 * device;
  }

  /** The interface index of a veth's other end. */
  peerIndex(device: number): number {
    return this.index(device) + 1;
  }

  /** Makes a device, which takes the name and index of the one before it; EEXIST if that is still there. */
  async create(device: number, actor: KernelProcess = this.administrator): Promise<Result> {
    const created = await this.make(device, actor);
    if (created.ok) this.newlyMade.add(device);
    return created;
  }

  private make(device: number, actor: KernelProcess): Promise<Result> {
    const own = { name: `hf${device}`, index: this.index(device) };
    if (this.drivers[device] === 'ifb') return createDevice(actor, 'ifb', own);
    return createVeth(actor, own, { name: `hf${device}p`, index: this.peerIndex(device) });
  }

  /** Deletes a device, if it is in the run's own network. */
  delete(device: number): Promise<Result> {
    return deleteDevice(this.administrator, this.index(device));
  }

  /** Moves a device to the other network, where it keeps its index. Its other end stays. */
  moveAway(device: number): Promise<Result> {
    if (this.other === undefined) throw new Error('there is no other network');
    const index = this.index(device);
    return moveDevice(this.administrator, index, this.other.fd, index);
  }

  /** Makes all devices anew, or empties them: nothing is attached to them afterwards, unless something is still being released. */
  async reset(): Promise<void> {
    for (const device of this.drivers.keys()) await this.resetDevice(device);
  }

  /** Whether every device is there, and has nothing attached. */
  async areClean(): Promise<boolean> {
    const all = await Promise.all([...this.drivers.keys()].map((device) => this.isClean(device)));
    return all.every(Boolean);
  }

  private async resetDevice(device: number): Promise<void> {
    const index = this.index(device);
    const [xdp, qdisc] = await Promise.all([
      xdpOnDevice(this.administrator, index),
      qdiscOn(this.administrator, index),
    ]);
    if (!xdp.ok) {
      // Deleting one end of a veth deletes the other, wherever it is.
      await deleteDevice(this.administrator, this.peerIndex(device));
      if (this.other) await deleteDevice(this.other.process, index);
      needed(`Making the device hf${device}`, await this.create(device));
    } else {
      await this.clearXdp(index, xdp.value);
      if (qdisc.ok && qdisc.value !== undefined) await deleteQdisc(this.administrator, index);
      for (const attachType of TCX) await this.clearTcx(index, attachType);
    }
    if (this.newlyMade.delete(device)) await this.giveIngressQueue(index);
  }

  /**
   * A device remembers that it once had a clsact qdisc: deleting one that is not there is refused otherwise then (ENOENT before,
   * EINVAL afterwards; __tc_get_qdisc in net/sched/sch_api.c). All devices of a run begin as those that had one.
   */
  private async giveIngressQueue(index: number): Promise<void> {
    const added = await addQdisc(this.administrator, index);
    if (added.ok) await deleteQdisc(this.administrator, index);
  }

  /** What links hold is refused (EBUSY), and goes with them. */
  private async clearXdp(device: number, xdp: XdpOnDevice): Promise<void> {
    const clear = (flags: number): Promise<Result> =>
      setXdp(this.administrator, { device, program: NO_PROGRAM, flags });
    if (xdp.driver !== 0) await clear(XDP_FLAG.drv);
    if (xdp.generic !== 0) await clear(XDP_FLAG.skb);
  }

  private async clearTcx(target: number, attachType: (typeof TCX)[number]): Promise<void> {
    let removed: Result = success(0);
    const query = await progQuery(this.administrator, target, attachType);
    const left = query.ok ? query.value.attached.length : 0;
    for (let i = 0; i < left && removed.ok; i++) {
      removed = await progDetach(this.administrator, { target, attachType }); // the last one
    }
  }

  private async isClean(device: number): Promise<boolean> {
    const index = this.index(device);
    const [xdp, qdisc, ...chains] = await Promise.all([
      xdpOnDevice(this.administrator, index),
      qdiscOn(this.administrator, index),
      ...TCX.map((attachType) => progQuery(this.administrator, index, attachType)),
    ]);
    const { driver, generic } = xdp.ok ? xdp.value : { driver: 1, generic: 1 };
    // The revision starts again once the chain is empty and its place freed. Kernels without tcx have no chain.
    const empty = chains.every(
      (chain) => !chain.ok || (chain.value.attached.length === 0 && chain.value.revision === 1),
    );
    return driver === 0 && generic === 0 && qdisc.ok && qdisc.value === undefined && empty;
  }
}
