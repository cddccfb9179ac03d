import type { Call } from '../channel/frames.js';
import type { Memory } from '../channel/memory.js';
import { NR } from '../channel/numbers.js';
import type { KernelProcess } from '../channel/process.js';
import { resultOf, type Result } from '../channel/result.js';
import type { COMMAND } from './numbers.js';

type Command = (typeof COMMAND)[keyof typeof COMMAND];

/**
 * A call of bpf(2). The block is `union bpf_attr` of include/uapi/linux/bpf.h, in the layout of the command and as long as its
 * last field: what comes behind, the kernel takes as zero (`__sys_bpf` in kernel/bpf/syscall.c).
 */
export function bpfCall(command: Command, attributes: Memory): Call {
  return { number: NR.bpf, arguments: [command, attributes, attributes.size] };
}

/** Makes one call of bpf(2). */
export async function bpf(process: KernelProcess, command: Command, attributes: Memory): Promise<Result> {
  return resultOf(await process.call(NR.bpf, command, attributes, attributes.size));
}
