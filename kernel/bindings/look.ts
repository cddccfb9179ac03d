/** One look at a running kernel: what several aspects need is asked for once. */
import { linkInfo, type LinkInfo } from '../bpf/info.js';
import type { Result } from '../channel/result.js';
import { qdiscsSeen } from '../netlink/traffic-control.js';
import { findDevice, type FoundDevice } from './devices.js';
import { idIn, type RunningLinux } from './running-linux.js';

export class Look {
  private readonly devices: Promise<FoundDevice | undefined>[] = [];
  private infos: Promise<ReadonlyMap<string, LinkInfo>> | undefined;
  private containers: Promise<Result<ReadonlyMap<number, string>>> | undefined;

  constructor(readonly linux: RunningLinux) {}

  /** A device, in whichever network namespace it is; undefined if there is none. */
  device(device: number): Promise<FoundDevice | undefined> {
    return (this.devices[device] ??= findDevice(this.linux, device));
  }

  /** What the links made in this sequence say of themselves, by name. One that is being released says nothing any more. */
  links(): Promise<ReadonlyMap<string, LinkInfo>> {
    return (this.infos ??= linkInfos(this.linux));
  }

  /** The kind of qdisc in the place of clsact, by interface index, in the run's own network. */
  qdiscs(): Promise<Result<ReadonlyMap<number, string>>> {
    return (this.containers ??= qdiscsSeen(this.linux.administrator));
  }
}

async function linkInfos(linux: RunningLinux): Promise<Map<string, LinkInfo>> {
  const links = linux.everything().filter((name) => name.startsWith('link '));
  const all = await Promise.all(links.map((name) => linkInfo(linux.administrator, { id: idIn(name) })));
  const told = all.map((result, i) => (result.ok ? ([links[i]!, result.value] as const) : undefined));
  return new Map(told.filter((one) => one !== undefined));
}
