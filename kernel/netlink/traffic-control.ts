/**
 * Traffic control: the clsact and ingress qdiscs, and cls_bpf filters.
 * Source: include/uapi/linux/rtnetlink.h, pkt_sched.h, pkt_cls.h; net/sched/cls_api.c.
 */
import type { KernelProcess } from '../channel/process.js';
import { mapResult, type Result } from '../channel/result.js';
import { change, dump } from './conversation.js';
import { NLM_F, attribute, attributeIn, attributesIn, nested, text, u32 } from './message.js';

const RTM = {
  newQdisc: 36,
  delQdisc: 37,
  getQdisc: 38,
  newFilter: 44,
  delFilter: 45,
  getFilter: 46,
} as const;
const TCA = { kind: 1, options: 2 } as const;
const TCA_BPF = { fd: 6, name: 7, flags: 8, id: 11 } as const;
const DIRECT_ACTION = 1; // TCA_BPF_FLAG_ACT_DIRECT

/** TC_H_CLSACT, which is also TC_H_INGRESS; and its two sides, TC_H_MIN_INGRESS and TC_H_MIN_EGRESS. */
const CLSACT = 0xfffffff1;
const CLSACT_HANDLE = 0xffff0000;
const PARENT = { ingress: 0xfffffff2, egress: 0xfffffff3 } as const;

/** ETH_P_ALL in network order, as `tcm_info` has it. */
const ALL_PROTOCOLS = 0x0300;

export type Direction = keyof typeof PARENT;

/** `struct tcmsg` */
function trafficHeader(index: number, handle: number, parent: number, info = 0): Buffer {
  const bytes = Buffer.alloc(20);
  bytes.writeInt32LE(index, 4);
  bytes.writeUInt32LE(handle >>> 0, 8);
  bytes.writeUInt32LE(parent >>> 0, 12);
  bytes.writeUInt32LE(info >>> 0, 16);
  return bytes;
}

/** With `exclusive`, refused where one is; without, one that is there stays as it is. */
export function addQdisc(
  process: KernelProcess,
  device: number,
  {
    kind = 'clsact',
    exclusive = true,
  }: { readonly kind?: 'clsact' | 'ingress'; readonly exclusive?: boolean } = {},
): Promise<Result> {
  const body = Buffer.concat([trafficHeader(device, CLSACT_HANDLE, CLSACT), attribute(TCA.kind, text(kind))]);
  const flags = NLM_F.create | (exclusive ? NLM_F.excl : NLM_F.replace);
  return change(process, { type: RTM.newQdisc, flags, body });
}

/** Deletes the clsact or ingress qdisc with all filters, whoever made them. */
export function deleteQdisc(process: KernelProcess, device: number): Promise<Result> {
  return change(process, {
    type: RTM.delQdisc,
    flags: 0,
    body: trafficHeader(device, CLSACT_HANDLE, CLSACT),
  });
}

/** Which filter: 0 leaves the priority or the handle to the kernel. */
export interface FilterPlace {
  readonly device: number;
  readonly direction: Direction;
  readonly priority: number;
  readonly handle: number;
}

/** How a filter may be made: NLM_F_EXCL, NLM_F_REPLACE, or neither; always without NLM_F_CREATE if only to be changed. */
export type FilterMode = 'create' | 'createOrReplace' | 'replaceOnly';

const FILTER_FLAGS = {
  create: NLM_F.create | NLM_F.excl,
  createOrReplace: NLM_F.create | NLM_F.replace,
  replaceOnly: NLM_F.replace,
} as const;

/** A filter that runs a program whose return value is the verdict. */
export function addFilter(
  process: KernelProcess,
  place: FilterPlace,
  program: number,
  mode: FilterMode,
): Promise<Result> {
  const options = nested(
    TCA.options,
    attribute(TCA_BPF.fd, u32(program)),
    attribute(TCA_BPF.name, text('holdfast')),
    attribute(TCA_BPF.flags, u32(DIRECT_ACTION)),
  );
  const body = Buffer.concat([filterHeader(place), BPF_KIND, options]);
  return change(process, { type: RTM.newFilter, flags: FILTER_FLAGS[mode], body });
}

/** Deletes one filter; with handle 0 all of the priority; with priority 0 all of that direction. */
export function deleteFilter(process: KernelProcess, place: FilterPlace): Promise<Result> {
  const { device, direction, priority, handle } = place;
  // With a protocol or a kind, the kernel refuses to delete everything: tc_del_tfilter in net/sched/cls_api.c.
  const body =
    priority === 0
      ? trafficHeader(device, handle, PARENT[direction])
      : Buffer.concat([filterHeader(place), BPF_KIND]);
  return change(process, { type: RTM.delFilter, flags: 0, body });
}

const BPF_KIND = attribute(TCA.kind, text('bpf'));

function filterHeader({ device, direction, priority, handle }: FilterPlace): Buffer {
  return trafficHeader(device, handle, PARENT[direction], (priority << 16) | ALL_PROTOCOLS);
}

export interface Filter {
  readonly priority: number;
  readonly handle: number;
  /** Id of its program. */
  readonly program: number;
}

/** The filters of one direction, in the order in which they run. Empty, too, where there is no qdisc. */
export async function filtersOn(
  process: KernelProcess,
  device: number,
  direction: Direction,
): Promise<Result<Filter[]>> {
  const body = trafficHeader(device, 0, PARENT[direction]);
  const answer = await dump(process, { type: RTM.getFilter, flags: 0, body });
  return mapResult(answer, (messages) =>
    messages.flatMap((message) => {
      const id = attributesIn(attributeIn(message.subarray(20), TCA.options)).get(TCA_BPF.id);
      if (id === undefined) return []; // one message of each priority stands for the priority itself
      return [
        {
          priority: message.readUInt32LE(16) >>> 16,
          handle: message.readUInt32LE(8),
          program: id.readUInt32LE(0),
        },
      ];
    }),
  );
}

/** The kind of qdisc in the place of clsact, if there is one. */
export async function qdiscOn(process: KernelProcess, device: number): Promise<Result<string | undefined>> {
  return mapResult(await qdiscsSeen(process), (kinds) => kinds.get(device));
}

/** The kinds of qdiscs in the place of clsact, by interface index, of all devices in a process's network. */
export async function qdiscsSeen(process: KernelProcess): Promise<Result<Map<number, string>>> {
  const answer = await dump(process, { type: RTM.getQdisc, flags: 0, body: trafficHeader(0, 0, 0) });
  return mapResult(answer, (messages) => {
    const inPlace = messages.filter((message) => message.readUInt32LE(12) === CLSACT);
    return new Map(inPlace.map((message) => [message.readInt32LE(4), kindOf(message)]));
  });
}

function kindOf(message: Buffer): string {
  const kind = attributeIn(message.subarray(20), TCA.kind);
  return kind.toString('latin1', 0, kind.length - 1);
}
