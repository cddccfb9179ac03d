/** What is behind a name in a bpffs. */
import { HERE } from '../channel/files.js';
import { Memory, ResultOf } from '../channel/memory.js';
import { NR } from '../channel/numbers.js';
import type { KernelProcess } from '../channel/process.js';
import { resultOf, success, type Result } from '../channel/result.js';
import { bpfCall } from './command.js';
import type { ObjectKind } from './ids.js';
import { infoCall } from './info.js';
import { COMMAND } from './numbers.js';
import { textIn } from './text.js';

export interface Pinned {
  readonly kind: Exclude<ObjectKind, 'btf'>;
  readonly id: number;
}

/** Free in every process while this runs, which nothing interrupts. */
const SCRATCH_FD = 899;

const KINDS = { 'bpf-prog': 'program', 'bpf-map': 'map', 'bpf-link': 'link' } as const;

/**
 * What a pin refers to: ENOENT if there is no such name. It is opened for a moment, which keeps it alive that long.
 */
export async function pinned(process: KernelProcess, path: string): Promise<Result<Pinned>> {
  const info = Memory.room(64);
  const file = Memory.room(64);
  const fd = new ResultOf(0);
  // The file behind a descriptor is called `anon_inode:bpf-prog`, `bpf-map` or `bpf_link`: bpf_*_new_fd in kernel/bpf/syscall.c.
  const link = Memory.string(`/proc/self/fd/${SCRATCH_FD}`);
  const [opened] = await process.calls([
    bpfCall(COMMAND.objGet, Memory.structure(12).pointer(0, Memory.string(path))),
    { number: NR.dup3, arguments: [fd, SCRATCH_FD, 0] },
    { number: NR.close, arguments: [fd] },
    infoCall(SCRATCH_FD, info),
    { number: NR.readlinkat, arguments: [HERE, link, file, file.size - 1] },
    { number: NR.close, arguments: [SCRATCH_FD] },
  ]);
  const result = resultOf(opened!);
  if (!result.ok) return result;
  const name = textIn(file.bytes).replace('anon_inode:', '').replace(/[[\]]/g, '').replace('_', '-');
  if (!(name in KINDS)) throw new Error(`${path} is neither a program, a map nor a link but ${name}`);
  return success({ kind: KINDS[name as keyof typeof KINDS], id: info.bytes.readUInt32LE(4) });
}
