/**
 * Requests to the server of system calls, and its replies, as bytes. The layout is described at the top of
 * `kernel/helper/system-call-server.c`, which is the other end.
 */
import { Memory, ResultOf } from './memory.js';

export type Argument = number | bigint | Memory | ResultOf;

/** One system call: its number on this processor, and up to six arguments. */
export interface Call {
  readonly number: number;
  readonly arguments: readonly Argument[];
}

/** What a call gave: the value it returned, and 0 or the error number. */
export interface Returned {
  /** -1 if it failed. A descriptor, a length, or 0. */
  readonly value: number;
  /** 0 if it succeeded. */
  readonly errno: number;
}

export const WHAT = { run: 0, fork: 1, kill: 2, end: 3, keep: 4 } as const;
export const STATUS = {
  done: 0,
  noSuchProcess: 1,
  died: 2,
  stuck: 3,
  malformed: 4,
  slotTaken: 5,
  cannotFork: 6,
} as const;
const KIND = { value: 0, address: 1, result: 2 } as const;

/** A request other than for calls. */
export function bareRequest(what: number, process: number): Buffer {
  const frame = Buffer.alloc(8);
  frame.writeUInt32LE(4, 0);
  frame[4] = what;
  frame.writeUInt16LE(process, 6);
  return frame;
}

/** A request for calls, to be made one after the other up to the first that fails. */
export function callRequest(what: number, process: number, calls: readonly Call[]): Buffer {
  const head = bareRequest(what, process);
  const parts = [head, u16(calls.length)];
  for (const call of calls) addCall(parts, call);
  const frame = Buffer.concat(parts);
  frame.writeUInt32LE(frame.length - 4, 0);
  return frame;
}

/** The blocks a call refers to, directly or through another block, each once. */
function blocksOf(call: Call): Memory[] {
  const blocks: Memory[] = [];
  const add = (block: unknown): void => {
    if (!(block instanceof Memory) || blocks.includes(block)) return;
    blocks.push(block);
    for (const { value } of block.patches) add(value);
  };
  call.arguments.forEach(add);
  return blocks;
}

function addCall(parts: Buffer[], call: Call): void {
  const blocks = blocksOf(call);
  const count = call.arguments.length;
  const head = Buffer.alloc(4 + 9 * count);
  head.writeUInt16LE(call.number, 0);
  head[2] = count;
  head[3] = blocks.length;
  call.arguments.forEach((argument, i) => {
    const [kind, value] = reference(argument, blocks);
    head[4 + 9 * i] = kind;
    head.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)), 5 + 9 * i);
  });
  parts.push(head);
  for (const block of blocks) addBlock(parts, block, blocks);
}

function addBlock(parts: Buffer[], block: Memory, blocks: readonly Memory[]): void {
  const given = block.blank ? 0 : block.size;
  const head = Buffer.alloc(10);
  head.writeUInt32LE(block.size, 0);
  head.writeUInt32LE(given, 4);
  head[8] = block.returned ? 1 : 0;
  head[9] = block.patches.length;
  const patches = Buffer.alloc(9 * block.patches.length);
  block.patches.forEach((patch, i) => {
    const [kind, value] = reference(patch.value, blocks);
    patches[9 * i] = kind;
    patches.writeUInt32LE(patch.offset, 9 * i + 1);
    patches.writeUInt32LE(Number(value), 9 * i + 5);
  });
  parts.push(head);
  if (given > 0) parts.push(block.bytes);
  if (patches.length > 0) parts.push(patches);
}

function reference(argument: Argument, blocks: readonly Memory[]): [kind: number, value: number | bigint] {
  if (argument instanceof Memory) return [KIND.address, blocks.indexOf(argument)];
  if (argument instanceof ResultOf) return [KIND.result, argument.call];
  return [KIND.value, argument];
}

/** What follows the status byte of a reply to a request for calls. Fills in the blocks that are sent back. */
export function readReturned(reply: Buffer, calls: readonly Call[]): Returned[] {
  const made = reply.readUInt16LE(1);
  const all: Returned[] = [];
  let at = 3;
  for (const call of calls.slice(0, made)) {
    const value = Number(reply.readBigInt64LE(at));
    const errno = reply.readInt32LE(at + 8);
    at += 12;
    for (const block of blocksOf(call)) {
      if (!block.returned) continue;
      const length = reply.readUInt32LE(at);
      block.left(value, reply.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    all.push({ value, errno });
  }
  return all;
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value, 0);
  return bytes;
}
