/** Objects by their ids. No call here lists what others on the machine have loaded. */
import { openAs } from '../channel/files.js';
import type { Call } from '../channel/frames.js';
import { Memory } from '../channel/memory.js';
import type { KernelProcess } from '../channel/process.js';
import type { Result } from '../channel/result.js';
import { bpf, bpfCall } from './command.js';
import { COMMAND } from './numbers.js';

/** Kinds of objects with ids of their own. */
export type ObjectKind = 'program' | 'link' | 'map' | 'btf';

const NEXT_ID = {
  program: COMMAND.progGetNextId,
  link: COMMAND.linkGetNextId,
  map: COMMAND.mapGetNextId,
  btf: COMMAND.btfGetNextId,
} as const;

const FD_BY_ID = {
  program: COMMAND.progGetFdById,
  link: COMMAND.linkGetFdById,
  map: COMMAND.mapGetFdById,
  btf: COMMAND.btfGetFdById,
} as const;

/** *_GET_FD_BY_ID. Gives a descriptor, and so a new reference. */
export function openById(process: KernelProcess, kind: ObjectKind, id: number): Promise<Result> {
  return bpf(process, FD_BY_ID[kind], idAttributes(id));
}

/** The same, as a descriptor of one's choice, in place of what that is now. */
export function openByIdAs(
  process: KernelProcess,
  kind: ObjectKind,
  id: number,
  fd: number,
): Promise<Result> {
  return openAs(process, openByIdCall(kind, id), fd);
}

export function openByIdCall(kind: ObjectKind, id: number): Call {
  return bpfCall(FD_BY_ID[kind], idAttributes(id));
}

function idAttributes(id: number): Memory {
  return Memory.structure(12).u32(0, id);
}

/** *_GET_NEXT_ID: the smallest id above this one. ENOENT if there is none. */
export async function nextId(process: KernelProcess, kind: ObjectKind, above: number): Promise<Result> {
  const attributes = Memory.exchanged(12).u32(0, above);
  const result = await bpf(process, NEXT_ID[kind], attributes);
  return result.ok ? { ok: true, value: attributes.bytes.readUInt32LE(4) } : result;
}

/**
 * Whether an object with this id is there. Takes no reference, so that it keeps nothing alive; a link that is just being made or
 * released counts as there.
 */
export async function isListed(process: KernelProcess, kind: ObjectKind, id: number): Promise<boolean> {
  const next = await nextId(process, kind, id - 1);
  return next.ok && next.value === id;
}
