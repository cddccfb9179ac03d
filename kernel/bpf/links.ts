import { Memory } from '../channel/memory.js';
import type { KernelProcess } from '../channel/process.js';
import type { Result } from '../channel/result.js';
import { bpf } from './command.js';
import { ATTACH_FLAG, ATTACH_TYPE, COMMAND, type AttachType } from './numbers.js';

export interface LinkToCreate {
  readonly program: number;
  /** An interface index for XDP and tcx; else a descriptor of a cgroup, a network namespace or a program. */
  readonly target: number;
  /** Not looked at for EXT programs. */
  readonly attachType?: AttachType;
  readonly flags?: number;
  /** For EXT programs: the BTF id of the function to replace in the target. */
  readonly targetFunction?: number;
  /** For tcx and cgroups: a descriptor or id (flag `id`) of a program or link (flag `link`) to stand beside. */
  readonly relative?: number;
  /** For tcx and cgroups: 0 for any. */
  readonly expectedRevision?: number;
}

/** LINK_CREATE. Gives a descriptor. */
export function linkCreate(process: KernelProcess, link: LinkToCreate): Promise<Result> {
  const { program, target, attachType, flags = 0, targetFunction, relative, expectedRevision } = link;
  const attributes = Memory.structure(32)
    .u32(0, program)
    .u32(4, target)
    .u32(8, attachType === undefined ? 0 : ATTACH_TYPE[attachType])
    .u32(12, flags);
  // From here on the structure is a union by kind of link.
  if (targetFunction !== undefined) attributes.u32(16, targetFunction);
  if (relative !== undefined) attributes.u32(16, relative);
  if (expectedRevision !== undefined) attributes.u64(24, expectedRevision);
  return bpf(process, COMMAND.linkCreate, attributes);
}

export interface LinkUpdate {
  readonly link: number;
  readonly program: number;
  readonly flags?: number;
  /** Looked at only with the flag `replace`; must be 0 without. */
  readonly oldProgram?: number;
}

/** LINK_UPDATE. */
export function linkUpdate(
  process: KernelProcess,
  { link, program, flags = 0, oldProgram = 0 }: LinkUpdate,
): Promise<Result> {
  const attributes = Memory.structure(16).u32(0, link).u32(4, program).u32(8, flags).u32(12, oldProgram);
  return bpf(process, COMMAND.linkUpdate, attributes);
}

/** LINK_UPDATE, only if the link's program is the expected one. */
export function linkUpdateExpecting(
  process: KernelProcess,
  link: number,
  program: number,
  oldProgram: number,
): Promise<Result> {
  return linkUpdate(process, { link, program, flags: ATTACH_FLAG.replace, oldProgram });
}

/** LINK_DETACH. */
export function linkDetach(process: KernelProcess, link: number): Promise<Result> {
  return bpf(process, COMMAND.linkDetach, Memory.structure(4).u32(0, link));
}

/** RAW_TRACEPOINT_OPEN without a name: attaches an EXT or tracing program to the function it was loaded for. */
export function attachAsLoaded(process: KernelProcess, program: number): Promise<Result> {
  return bpf(process, COMMAND.rawTracepointOpen, Memory.structure(12).u32(8, program));
}
