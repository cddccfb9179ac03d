/** What the kernel says of one object: OBJ_GET_INFO_BY_FD. */
import type { Call, Returned } from '../channel/frames.js';
import { Memory, ResultOf } from '../channel/memory.js';
import { NR } from '../channel/numbers.js';
import type { KernelProcess } from '../channel/process.js';
import { failure, mapResult, resultOf, success, type Result } from '../channel/result.js';
import { bpfCall } from './command.js';
import { openByIdCall, type ObjectKind } from './ids.js';
import { ATTACH_TYPE, COMMAND, LINK_TYPE, type AttachType, type LinkType } from './numbers.js';
import { textIn } from './text.js';

/** Of `struct bpf_prog_info`. */
export interface ProgramInfo {
  /** `enum bpf_prog_type` */
  readonly type: number;
  readonly id: number;
  readonly name: string;
  /** 0 if it has no type information. */
  readonly btfId: number;
}

/** Of `struct bpf_link_info`. */
export interface LinkInfo {
  /** Undefined for a kind that is not in LINK_TYPE. */
  readonly type: LinkType | undefined;
  readonly id: number;
  /** Id of its program, also when the link is detached. */
  readonly program: number;
  readonly attachType: AttachType | undefined;
  /**
   * Where it is attached; 0 once it is detached. XDP and tcx: the interface index. cgroup: the cgroup's id. netns: the inode
   * number. tracing and EXT: the id of the target program.
   */
  readonly target: number;
  /** tracing and EXT: the BTF id of the function in the target; else 0. */
  readonly targetFunction: number;
}

/** An open descriptor, or an object to be opened by its id just for the question. */
export type ObjectReference = number | { readonly id: number };

const PROGRAM_INFO_SIZE = 232;
const LINK_INFO_SIZE = 64;

export async function programInfo(
  process: KernelProcess,
  program: ObjectReference,
): Promise<Result<ProgramInfo>> {
  return mapResult(await readInfo(process, 'program', program, PROGRAM_INFO_SIZE), programInfoIn);
}

export function programInfoIn(info: Buffer): ProgramInfo {
  return {
    type: info.readUInt32LE(0),
    id: info.readUInt32LE(4),
    name: textIn(info.subarray(64, 80)),
    btfId: info.readUInt32LE(128),
  };
}

export async function mapId(process: KernelProcess, fd: number): Promise<Result> {
  return mapResult(await readInfo(process, 'map', fd, 8), (info) => info.readUInt32LE(4));
}

export async function btfId(process: KernelProcess, fd: number): Promise<Result> {
  const info = await readInfo(process, 'btf', fd, 16);
  return mapResult(info, (bytes) => bytes.readUInt32LE(12));
}

export async function linkInfo(process: KernelProcess, link: ObjectReference): Promise<Result<LinkInfo>> {
  return mapResult(await readInfo(process, 'link', link, LINK_INFO_SIZE), linkInfoIn);
}

const linkTypes = namesOf(LINK_TYPE);
const attachTypes = namesOf(ATTACH_TYPE);

function namesOf<Name extends string>(numbers: Readonly<Record<Name, number>>): Map<number, Name> {
  return new Map(Object.entries<number>(numbers).map(([name, number]) => [number, name as Name]));
}

export function linkInfoIn(info: Buffer): LinkInfo {
  const u32 = (offset: number): number => info.readUInt32LE(offset);
  const type = linkTypes.get(u32(0));
  const base = { type, id: u32(4), program: u32(8), targetFunction: 0 };
  switch (type) {
    case 'xdp':
      return { ...base, target: u32(16), attachType: 'xdp' };
    case 'tcx':
    case 'netns':
      return { ...base, target: u32(16), attachType: attachTypes.get(u32(20)) };
    case 'cgroup':
      return { ...base, target: Number(info.readBigUInt64LE(16)), attachType: attachTypes.get(u32(24)) };
    case 'tracing':
      // An EXT link says 0 for its attach type, which is also that of a cgroup's ingress.
      return {
        ...base,
        attachType: u32(16) === 0 ? undefined : attachTypes.get(u32(16)),
        target: u32(20),
        targetFunction: u32(24),
      };
    case undefined:
      return { ...base, target: 0, attachType: undefined };
  }
}

async function readInfo(
  process: KernelProcess,
  kind: ObjectKind,
  object: ObjectReference,
  size: number,
): Promise<Result<Buffer>> {
  const info = Memory.room(size);
  if (typeof object === 'number') {
    const [asked] = await process.calls([infoCall(object, info)]);
    return infoResult(asked, info);
  }
  const open = openByIdCall(kind, object.id);
  const close = { number: NR.close, arguments: [new ResultOf(0)] };
  const [opened, asked] = await process.calls([open, infoCall(new ResultOf(0), info), close]);
  return infoResult(opened?.errno === 0 ? asked : opened, info);
}

/** OBJ_GET_INFO_BY_FD into a block. */
export function infoCall(fd: number | ResultOf, info: Memory): Call {
  return bpfCall(COMMAND.objGetInfo, Memory.structure(16).u32(0, fd).u32(4, info.size).pointer(8, info));
}

function infoResult(asked: Returned | undefined, info: Memory): Result<Buffer> {
  if (asked === undefined) return failure(3);
  const result = resultOf(asked);
  return result.ok ? success(info.bytes) : result;
}
