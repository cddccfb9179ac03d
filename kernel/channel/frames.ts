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
  writer.begin(what, process);
  return writer.end();
}

/** A request for calls, to be made one after the other up to the first that fails. */
export function callRequest(what: number, process: number, calls: readonly Call[]): Buffer {
  writer.begin(what, process);
  writer.u16(calls.length);
  for (const call of calls) writeCall(call);
  return writer.end();
}

/** The frame that is being written: every look at a kernel is some twenty of them, so nothing is made for their parts. */
class FrameWriter {
  private bytes = Buffer.alloc(1 << 12);
  private view = new DataView(this.bytes.buffer);
  private at = 0;

  begin(what: number, process: number): void {
    this.at = 4;
    this.u8(what);
    this.u8(0);
    this.u16(process);
  }

  /** The frame, with its length in front. */
  end(): Buffer {
    this.view.setUint32(0, this.at - 4, true);
    return Buffer.from(this.bytes.subarray(0, this.at));
  }

  u8(value: number): void {
    this.view.setUint8(this.claim(1), value);
  }

  u16(value: number): void {
    this.view.setUint16(this.claim(2), value, true);
  }

  u32(value: number): void {
    this.view.setUint32(this.claim(4), value, true);
  }

  /** A whole number; of a bigint the low 64 bits. */
  i64(value: number | bigint): void {
    const at = this.claim(8);
    if (typeof value === 'bigint') {
      this.view.setBigUint64(at, BigInt.asUintN(64, value), true);
    } else {
      this.view.setInt32(at, value, true);
      this.view.setInt32(at + 4, Math.floor(value / 2 ** 32), true);
    }
  }

  copy(from: Buffer): void {
    const at = this.claim(from.length);
    from.copy(this.bytes, at);
  }

  /** Makes room for so many bytes, and gives the place of the first. */
  private claim(length: number): number {
    const { at } = this;
    this.at += length;
    if (this.at > this.bytes.length) {
      const before = this.bytes;
      this.bytes = Buffer.alloc(2 * this.at);
      this.view = new DataView(this.bytes.buffer);
      before.copy(this.bytes, 0, 0, at);
    }
    return at;
  }
}

const writer = new FrameWriter();

/** The blocks a call refers to, directly or through another block, each once. */
function blocksOf(call: Call): Memory[] {
  const blocks: Memory[] = [];
  for (const argument of call.arguments) addBlocks(argument, blocks);
  return blocks;
}

function addBlocks(value: unknown, blocks: Memory[]): void {
  if (!(value instanceof Memory) || blocks.includes(value)) return;
  blocks.push(value);
  for (const patch of value.patches) addBlocks(patch.value, blocks);
}

function writeCall(call: Call): void {
  const blocks = blocksOf(call);
  writer.u16(call.number);
  writer.u8(call.arguments.length);
  writer.u8(blocks.length);
  for (const argument of call.arguments) {
    writer.u8(kindOf(argument));
    writer.i64(valueOf(argument, blocks));
  }
  for (const block of blocks) writeBlock(block, blocks);
}

function writeBlock(block: Memory, blocks: readonly Memory[]): void {
  writer.u32(block.size);
  writer.u32(block.blank ? 0 : block.size);
  writer.u8(block.returned ? 1 : 0);
  writer.u8(block.patches.length);
  if (!block.blank) writer.copy(block.bytes);
  for (const { offset, value } of block.patches) {
    writer.u8(kindOf(value));
    writer.u32(offset);
    writer.u32(Number(valueOf(value, blocks)));
  }
}

function kindOf(argument: Argument): number {
  if (argument instanceof Memory) return KIND.address;
  return argument instanceof ResultOf ? KIND.result : KIND.value;
}

function valueOf(argument: Argument, blocks: readonly Memory[]): number | bigint {
  if (argument instanceof Memory) return blocks.indexOf(argument);
  return argument instanceof ResultOf ? argument.call : argument;
}

/** What follows the status byte of a reply to a request for calls. Fills in the blocks that are sent back. */
export function readReturned(reply: Buffer, calls: readonly Call[]): Returned[] {
  const made = reply.readUInt16LE(1);
  const all: Returned[] = [];
  let at = 3;
  for (let i = 0; i < made && i < calls.length; i++) {
    const value = reply.readInt32LE(at + 4) * 2 ** 32 + reply.readUInt32LE(at);
    const errno = reply.readInt32LE(at + 8);
    at += 12;
    for (const block of blocksOf(calls[i]!)) {
      if (!block.returned) continue;
      const length = reply.readUInt32LE(at);
      block.left(value, reply.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    all.push({ value, errno });
  }
  return all;
}
