/** Files and directories, as the calling process sees them. */
import type { Call } from './frames.js';
import { Memory, ResultOf } from './memory.js';
import { NR } from './numbers.js';
import type { KernelProcess } from './process.js';
import { mapResult, resultOf, type Result } from './result.js';

/** AT_FDCWD of include/uapi/linux/fcntl.h: a path is taken as it stands. */
export const HERE = -100;

/** AT_REMOVEDIR, of the same file. */
const REMOVE_DIRECTORY = 0x200;

/** The open flags used here, from include/uapi/asm-generic/fcntl.h, and for arm64 from its own fcntl.h. */
export const OPEN_FLAG = {
  readOnly: 0,
  writeOnly: 1,
  readWrite: 2,
  create: 0o100,
  directory: process.arch === 'arm64' ? 0o40000 : 0o200000,
  path: 0o10000000,
  closeOnExec: 0o2000000,
} as const;

export const openCall = (path: string, flags: number): Call => ({
  number: NR.openat,
  arguments: [HERE, Memory.string(path), flags | OPEN_FLAG.closeOnExec, 0o600],
});
const closeCall = (fd: number | ResultOf): Call => ({ number: NR.close, arguments: [fd] });
const removeCall = (path: string, flags: number): Call => ({
  number: NR.unlinkat,
  arguments: [HERE, Memory.string(path), flags],
});

async function one(process: KernelProcess, call: Call): Promise<Result> {
  const [returned] = await process.calls([call]);
  return resultOf(returned!);
}

/** open(2), close-on-exec. Gives the lowest free descriptor. */
export function openPath(process: KernelProcess, path: string, flags: number): Promise<Result> {
  return one(process, openCall(path, flags));
}

/** Opens a path as a descriptor of one's choice, in place of what that is now. */
export async function openPathAs(
  process: KernelProcess,
  path: string,
  flags: number,
  fd: number,
): Promise<Result> {
  return openAs(process, openCall(path, flags), fd);
}

/** Makes a call that opens something, and gives that a number of one's choice, in place of what it is now. */
export async function openAs(process: KernelProcess, open: Call, fd: number): Promise<Result> {
  const returned = await process.calls([open, ...renumberCalls(new ResultOf(0), fd)]);
  return mapResult(resultOf(returned.at(-1)!), () => fd);
}

/** The calls that give a descriptor a number of one's choice, in place of what that is now. */
export function renumberCalls(from: number | ResultOf, to: number): Call[] {
  return [{ number: NR.dup3, arguments: [from, to, OPEN_FLAG.closeOnExec] }, closeCall(from)];
}

/** Gives a descriptor a number of one's choice, in place of what that is now. */
export async function renumber(process: KernelProcess, from: number, to: number): Promise<Result> {
  const returned = await process.calls(renumberCalls(from, to));
  return mapResult(resultOf(returned[0]!), () => to);
}

/** close(2). */
export function closeFd(process: KernelProcess, fd: number): Promise<Result> {
  return one(process, closeCall(fd));
}

/** dup(2). Gives the lowest free descriptor. */
export function duplicate(process: KernelProcess, fd: number): Promise<Result> {
  return one(process, { number: NR.dup, arguments: [fd] });
}

/** unlink(2). */
export function unlink(process: KernelProcess, path: string): Promise<Result> {
  return one(process, removeCall(path, 0));
}

/** mkdir(2). */
export function makeDirectory(process: KernelProcess, path: string): Promise<Result> {
  return one(process, { number: NR.mkdirat, arguments: [HERE, Memory.string(path), 0o755] });
}

/** rmdir(2). */
export function removeDirectory(process: KernelProcess, path: string): Promise<Result> {
  return one(process, removeDirectoryCall(path));
}

export function removeDirectoryCall(path: string): Call {
  return removeCall(path, REMOVE_DIRECTORY);
}

/** The first 64 KB of a file. */
export async function readFile(process: KernelProcess, path: string): Promise<Result<string>> {
  const content = Memory.measured(1 << 16);
  const fd = new ResultOf(0);
  const returned = await process.calls([
    openCall(path, OPEN_FLAG.readOnly),
    { number: NR.read, arguments: [fd, content, content.size] },
    closeCall(fd),
  ]);
  const read = resultOf(returned[1] ?? returned[0]!);
  return mapResult(read, () => content.bytes.toString('utf8'));
}

/** Writes into a file that is there. */
export async function writeFile(process: KernelProcess, path: string, content: string): Promise<Result> {
  const returned = await process.calls([...writeCalls(path, content, 0), closeCall(new ResultOf(0))]);
  return resultOf(returned[1] ?? returned[0]!);
}

/** The calls that open a file and write into it, to follow `before` others of the same request. */
export function writeCalls(path: string, content: string, before: number): Call[] {
  const bytes = Buffer.from(content);
  return [
    openCall(path, OPEN_FLAG.writeOnly),
    { number: NR.write, arguments: [new ResultOf(before), Memory.of(bytes), bytes.length] },
  ];
}

/** The inode number of a path: of a control group it is the group's id, of a namespace the namespace's. */
export async function inodeNumber(process: KernelProcess, path: string): Promise<Result> {
  const stat = Memory.room(256);
  const returned = await process.call(NR.newfstatat, HERE, Memory.string(path), stat, 0);
  return mapResult(resultOf(returned), () => Number(stat.bytes.readBigUInt64LE(8))); // st_ino
}

/** The names in a directory, without `.` and `..`. */
export async function namesIn(process: KernelProcess, path: string): Promise<Result<string[]>> {
  const entries = Memory.measured(1 << 15);
  const fd = new ResultOf(0);
  const returned = await process.calls([
    openCall(path, OPEN_FLAG.readOnly | OPEN_FLAG.directory),
    { number: NR.getdents64, arguments: [fd, entries, entries.size] },
    closeCall(fd),
  ]);
  const read = resultOf(returned[1] ?? returned[0]!);
  return mapResult(read, () => entryNames(entries.bytes));
}

/** Of `struct linux_dirent64`: inode and offset, u16 length, type, name. */
function entryNames(entries: Buffer): string[] {
  const names: string[] = [];
  for (let at = 0; at < entries.length; at += entries.readUInt16LE(at + 16)) {
    const name = entries.toString('utf8', at + 19, entries.indexOf(0, at + 19));
    if (name !== '.' && name !== '..') names.push(name);
  }
  return names;
}
