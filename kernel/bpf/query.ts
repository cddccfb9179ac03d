/** What is attached to a hook: PROG_QUERY. */
import { Memory } from '../channel/memory.js';
import type { KernelProcess } from '../channel/process.js';
import { mapResult, type Result } from '../channel/result.js';
import { bpf } from './command.js';
import { ATTACH_TYPE, COMMAND, QUERY_EFFECTIVE, type AttachType } from './numbers.js';

export interface Attached {
  /** Id of the program. */
  readonly program: number;
  /** tcx: id of the link, 0 if it was attached by PROG_ATTACH. 0 for other hooks, which do not say. */
  readonly link: number;
}

export interface HookContents {
  /** In the order in which they run. */
  readonly attached: readonly Attached[];
  /** tcx, and cgroups from 6.17; 0 elsewhere. */
  readonly revision: number;
  /** cgroups: how the hook is used, as ATTACH_FLAG. 0 elsewhere. */
  readonly flags: number;
}

/** More than any hook holds: tcx 63, a cgroup 64, and its ancestors' in an effective list. */
const ROOM = 256;

/**
 * @param target An interface index for tcx; a descriptor of a cgroup or a network namespace, 0 for the caller's.
 */
export async function progQuery(
  process: KernelProcess,
  target: number,
  attachType: AttachType,
  queryFlags = 0,
): Promise<Result<HookContents>> {
  const programs = Memory.room(4 * ROOM);
  const links = Memory.room(4 * ROOM);
  const attributes = Memory.exchanged(64)
    .u32(0, target)
    .u32(4, ATTACH_TYPE[attachType])
    .u32(8, queryFlags)
    .pointer(16, programs)
    .u32(24, ROOM);
  const isTcx = attachType === 'tcxIngress' || attachType === 'tcxEgress';
  if (isTcx) attributes.pointer(40, links);
  const result = await bpf(process, COMMAND.progQuery, attributes);
  return mapResult(result, () => {
    const count = attributes.bytes.readUInt32LE(24);
    return {
      attached: Array.from({ length: count }, (_, i) => ({
        program: programs.bytes.readUInt32LE(4 * i),
        link: links.bytes.readUInt32LE(4 * i),
      })),
      revision: Number(attributes.bytes.readBigUInt64LE(56)),
      flags: attributes.bytes.readUInt32LE(12),
    };
  });
}

/** The programs that run for a cgroup, its own and those it gets from above. */
export function effectivePrograms(
  process: KernelProcess,
  cgroup: number,
  attachType: AttachType,
): Promise<Result<HookContents>> {
  return progQuery(process, cgroup, attachType, QUERY_EFFECTIVE);
}
