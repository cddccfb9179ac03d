import { Memory } from '../channel/memory.js';
import { NR } from '../channel/numbers.js';
import type { KernelProcess } from '../channel/process.js';
import { resultOf, type Result } from '../channel/result.js';
import { HERE } from '../channel/files.js';
import { bpf } from './command.js';
import { COMMAND, PATH_FD } from './numbers.js';

/** OBJ_PIN. */
export function pin(process: KernelProcess, fd: number, path: string): Promise<Result> {
  return bpf(process, COMMAND.objPin, Memory.structure(12).pointer(0, Memory.string(path)).u32(8, fd));
}

/** OBJ_GET. Gives a descriptor. */
export function getPinned(process: KernelProcess, path: string): Promise<Result> {
  return bpf(process, COMMAND.objGet, Memory.structure(12).pointer(0, Memory.string(path)));
}

/** OBJ_PIN with a path that starts at a directory given by descriptor (BPF_F_PATH_FD, from 6.5). */
export function pinBelow(
  process: KernelProcess,
  fd: number,
  directory: number,
  name: string,
): Promise<Result> {
  const attributes = Memory.structure(20).pointer(0, Memory.string(name)).u32(8, fd);
  return bpf(process, COMMAND.objPin, attributes.u32(12, PATH_FD).u32(16, directory));
}

/** The flags of renameat2(2). */
export const RENAME_FLAG = { noreplace: 1, exchange: 2 } as const;

/** renameat2(2): without flags, over whatever has the new name. */
export async function renamePin(
  process: KernelProcess,
  from: string,
  to: string,
  flags = 0,
): Promise<Result> {
  const paths = [HERE, Memory.string(from), HERE, Memory.string(to)] as const;
  return resultOf(await process.call(NR.renameat2, ...paths, flags));
}

/** link(2): a second name for the same pin. */
export async function linkPin(process: KernelProcess, from: string, to: string): Promise<Result> {
  return resultOf(await process.call(NR.linkat, HERE, Memory.string(from), HERE, Memory.string(to), 0));
}
