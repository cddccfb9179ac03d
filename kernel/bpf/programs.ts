import type { Call } from '../channel/frames.js';
import { Memory } from '../channel/memory.js';
import type { KernelProcess } from '../channel/process.js';
import { mapResult, resultOf, type Result } from '../channel/result.js';
import { bpf, bpfCall } from './command.js';
import { lengthOf } from './instructions.js';
import { textIn } from './text.js';
import { ATTACH_TYPE, COMMAND, PROG_TYPE, type AttachType, type ProgType } from './numbers.js';

/** Where a function of a program starts, and its BTF type: `struct bpf_func_info`. */
export interface FunctionInfo {
  /** In instructions. */
  readonly at: number;
  readonly type: number;
}

export interface ProgramToLoad {
  readonly type: ProgType;
  readonly instructions: Buffer;
  /** At most 15 characters; letters, digits, `_` and `.`. */
  readonly name?: string;
  readonly expectedAttachType?: AttachType;
  /** BPF_F_*, such as XDP_HAS_FRAGS. */
  readonly flags?: number;
  /** Type information: the descriptor of what BTF_LOAD took, and one entry for each function. */
  readonly btf?: { readonly fd: number; readonly functions: readonly FunctionInfo[] };
  /** For EXT and tracing: the program with the function this one is for, and that function's BTF id. */
  readonly target?: { readonly fd: number; readonly function: number };
}

/** PROG_LOAD. Gives a descriptor. */
export function progLoad(process: KernelProcess, program: ProgramToLoad): Promise<Result> {
  return bpf(process, COMMAND.progLoad, loadAttributes(program));
}

/**
 * PROG_LOAD with what the verifier has to say: nothing if it did not come to that.
 */
export async function progLoadExplained(
  process: KernelProcess,
  program: ProgramToLoad,
): Promise<{ readonly result: Result; readonly log: string }> {
  const log = Memory.room(1 << 16);
  const attributes = loadAttributes(program).u32(24, 1).u32(28, log.size).pointer(32, log);
  const result = await bpf(process, COMMAND.progLoad, attributes);
  return { result, log: textIn(log.bytes).trim() };
}

function loadAttributes(program: ProgramToLoad): Memory {
  const { type, instructions, name = '', expectedAttachType, flags = 0, btf, target } = program;
  const attributes = Memory.structure(116)
    .u32(0, PROG_TYPE[type])
    .u32(4, lengthOf(instructions))
    .pointer(8, Memory.of(instructions))
    .pointer(16, Memory.string('GPL'))
    .u32(44, flags)
    .text(48, name, 16)
    .u32(68, expectedAttachType === undefined ? 0 : ATTACH_TYPE[expectedAttachType]);
  if (btf) {
    const functions = Memory.structure(8 * btf.functions.length);
    btf.functions.forEach(({ at, type: id }, i) => functions.u32(8 * i, at).u32(8 * i + 4, id));
    attributes.u32(72, btf.fd).u32(76, 8).pointer(80, functions).u32(88, btf.functions.length);
  }
  if (target) attributes.u32(108, target.function).u32(112, target.fd);
  return attributes;
}

/** BTF_LOAD. Gives a descriptor. */
export async function btfLoad(process: KernelProcess, types: Buffer): Promise<Result> {
  const [returned] = await process.calls([btfLoadCall(types)]);
  return resultOf(returned!);
}

export function btfLoadCall(types: Buffer): Call {
  return bpfCall(COMMAND.btfLoad, Memory.structure(20).pointer(0, Memory.of(types)).u32(16, types.length));
}

/**
 * PROG_TEST_RUN with an empty frame of 64 bytes. Gives what the program returned, which says which one ran: the low 32 bits,
 * unsigned. EXT and tracing programs, among others, cannot be run so (ENOTSUPP).
 */
export async function progTestRun(process: KernelProcess, fd: number): Promise<Result> {
  const frame = Memory.structure(64);
  const attributes = Memory.exchanged(40).u32(0, fd).u32(8, frame.size).pointer(16, frame).u32(32, 1);
  const result = await bpf(process, COMMAND.progTestRun, attributes);
  return mapResult(result, () => attributes.bytes.readUInt32LE(4));
}
