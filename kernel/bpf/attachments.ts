import { Memory } from '../channel/memory.js';
import type { KernelProcess } from '../channel/process.js';
import type { Result } from '../channel/result.js';
import { bpf } from './command.js';
import { ATTACH_TYPE, COMMAND, type AttachType } from './numbers.js';

export interface Attachment {
  /** An interface index for tcx, a descriptor of a cgroup, 0 for the network namespace of the caller. */
  readonly target: number;
  /** 0 for none. */
  readonly program?: number;
  readonly attachType: AttachType;
  readonly flags?: number;
  /** A descriptor of the program to replace (flag `replace`). */
  readonly replace?: number;
  /** A descriptor or id (flag `id`) of a program or link (flag `link`) to stand beside. */
  readonly relative?: number;
  /** 0 for any. */
  readonly expectedRevision?: number;
}

/** PROG_ATTACH. */
export function progAttach(process: KernelProcess, attachment: Attachment): Promise<Result> {
  return bpf(process, COMMAND.progAttach, attachAttributes(attachment));
}

/** PROG_DETACH. */
export function progDetach(process: KernelProcess, attachment: Attachment): Promise<Result> {
  return bpf(process, COMMAND.progDetach, attachAttributes(attachment));
}

/**
 * The structure of both commands. Fields that an older kernel does not know it accepts as long as they are zero (`bpf_check_uarg_tail_zero`
 * in kernel/bpf/syscall.c).
 */
function attachAttributes(attachment: Attachment): Memory {
  const { target, program = 0, attachType, flags = 0, replace = 0, relative = 0 } = attachment;
  return Memory.structure(32)
    .u32(0, target)
    .u32(4, program)
    .u32(8, ATTACH_TYPE[attachType])
    .u32(12, flags)
    .u32(16, replace)
    .u32(20, relative)
    .u64(24, attachment.expectedRevision ?? 0);
}
