/** Network devices: RTM_NEWLINK and its kin. Source: include/uapi/linux/if_link.h, rtnetlink.h. */
import type { KernelProcess } from '../channel/process.js';
import { mapResult, type Result } from '../channel/result.js';
import { ask, change } from './conversation.js';
import { NLM_F, attribute, attributeIn, attributesIn, nested, text, u32 } from './message.js';

const RTM_NEWLINK = 16;
const RTM_DELLINK = 17;
const RTM_GETLINK = 18;
export const RTM_SETLINK = 19;

const IFLA = { ifname: 3, linkinfo: 18, netNsFd: 28, extMask: 29, newIfindex: 49, xdp: 43 } as const;
const IFLA_INFO = { kind: 1, data: 2 } as const;
const VETH_INFO_PEER = 1;
const SKIP_STATISTICS = 1 << 3; // RTEXT_FILTER_SKIP_STATS
const IFF_UP = 1;

/** `struct ifinfomsg` */
export function interfaceHeader(index: number, flags = 0, change = 0): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeInt32LE(index, 4);
  bytes.writeUInt32LE(flags, 8);
  bytes.writeUInt32LE(change, 12);
  return bytes;
}

export interface NewDevice {
  /** At most 15 characters. */
  readonly name: string;
  /** Its interface index. */
  readonly index: number;
}

/** A pair of devices: what is sent on one is received by the other. veth implements XDP in the driver. */
export async function createVeth(
  process: KernelProcess,
  device: NewDevice,
  peer: NewDevice,
): Promise<Result> {
  const named = Buffer.concat([interfaceHeader(peer.index), attribute(IFLA.ifname, text(peer.name))]);
  const data = nested(IFLA_INFO.data, attribute(VETH_INFO_PEER, named));
  const created = await create(process, 'veth', device, data);
  // The peer cannot be set up before it has a peer itself: veth_open in drivers/net/veth.c.
  return created.ok ? setUp(process, peer.index) : created;
}

/** A device whose driver knows nothing of XDP, such as `ifb` or `dummy`. */
export function createDevice(process: KernelProcess, kind: string, device: NewDevice): Promise<Result> {
  return create(process, kind, device, Buffer.alloc(0));
}

function create(process: KernelProcess, kind: string, device: NewDevice, data: Buffer): Promise<Result> {
  const kindAttribute = attribute(IFLA_INFO.kind, text(kind));
  return change(process, {
    type: RTM_NEWLINK,
    flags: NLM_F.create | NLM_F.excl,
    body: Buffer.concat([
      interfaceHeader(device.index, IFF_UP, IFF_UP),
      attribute(IFLA.ifname, text(device.name)),
      nested(IFLA.linkinfo, kindAttribute, data),
    ]),
  });
}

/** Deletes a device; of a veth pair, both. */
export function deleteDevice(process: KernelProcess, index: number): Promise<Result> {
  return change(process, { type: RTM_DELLINK, flags: 0, body: interfaceHeader(index) });
}

/**
 * Moves a device to another network namespace, given by a descriptor. There it has this interface index, which must be free.
 */
export function moveDevice(
  process: KernelProcess,
  index: number,
  namespace: number,
  newIndex: number,
): Promise<Result> {
  const body = Buffer.concat([
    interfaceHeader(index),
    attribute(IFLA.netNsFd, u32(namespace)),
    attribute(IFLA.newIfindex, u32(newIndex)),
  ]);
  return change(process, { type: RTM_SETLINK, flags: 0, body });
}

/** Sets a device up: a move leaves it down. */
export function setUp(process: KernelProcess, index: number): Promise<Result> {
  return change(process, { type: RTM_SETLINK, flags: 0, body: interfaceHeader(index, IFF_UP, IFF_UP) });
}

/** The interface index of a name; ENODEV if there is none. */
export async function deviceIndex(process: KernelProcess, name: string): Promise<Result> {
  const body = Buffer.concat([interfaceHeader(0), attribute(IFLA.ifname, text(name))]);
  const answer = await ask(process, { type: RTM_GETLINK, flags: 0, body });
  return mapResult(answer, (bytes) => bytes.readInt32LE(4));
}

/** XDP_ATTACHED_* */
const MODES = ['none', 'driver', 'generic', 'hardware', 'several'] as const;

/** The XDP programs of a device: ids, 0 for none. */
export interface XdpOnDevice {
  readonly mode: (typeof MODES)[number];
  readonly driver: number;
  readonly generic: number;
  readonly hardware: number;
}

const IFLA_XDP = { attached: 2, programId: 4, driver: 5, generic: 6, hardware: 7 } as const;

/** What is on a device; ENODEV if there is none. */
export async function xdpOnDevice(process: KernelProcess, index: number): Promise<Result<XdpOnDevice>> {
  const body = Buffer.concat([interfaceHeader(index), attribute(IFLA.extMask, u32(SKIP_STATISTICS))]);
  const answer = await ask(process, { type: RTM_GETLINK, flags: 0, body });
  return mapResult(answer, (bytes) => {
    const xdp = attributesIn(attributeIn(bytes.subarray(16), IFLA.xdp));
    const program = (type: number): number => xdp.get(type)?.readUInt32LE(0) ?? 0;
    return {
      mode: MODES[xdp.get(IFLA_XDP.attached)?.[0] ?? 0] ?? 'none',
      driver: program(IFLA_XDP.driver),
      generic: program(IFLA_XDP.generic),
      hardware: program(IFLA_XDP.hardware),
    };
  });
}
