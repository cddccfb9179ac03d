/** The memory a system call works on, laid out here and copied into the process that makes the call. */

/** Stands for what an earlier call of the same request returned, such as the descriptor it opened. */
export class ResultOf {
  constructor(
    /** Which call of the request, from 0. */
    readonly call: number,
  ) {}
}

/** Something to be filled in where the call is made: an address (8 bytes) or an earlier result (4 bytes). */
export interface Patch {
  readonly offset: number;
  readonly value: Memory | ResultOf;
}

/**
 * A block of memory, passed by address. Fields are written in the order of the C structure: offsets in bytes,
 * little-endian.
 */
export class Memory {
  readonly patches: Patch[] = [];
  /** What a call left, without the zero bytes at its end. */
  private written: Buffer | undefined;
  /** How many bytes a call said it wrote. */
  private bytesWritten: number | undefined;

  private constructor(
    /** In bytes. */
    readonly size: number,
    private content: Buffer | undefined,
    /** Whether the block is sent back after the call. */
    readonly returned: boolean,
    /** Whether the call's result says how many bytes it wrote. */
    private readonly isMeasured = false,
  ) {}

  /** What is in the block; after the call, what it left there, if the block is `returned`. */
  get bytes(): Buffer {
    this.content ??= this.wholeOf(this.written);
    return this.content;
  }

  /** Whether all of it is zero, so that its length says everything. */
  get blank(): boolean {
    return this.content === undefined && this.written === undefined;
  }

  /** What the call left: its result, and the block up to the last byte that is not zero. Most blocks are never looked at. */
  left(result: number, written: Buffer): void {
    this.content = undefined;
    this.written = written;
    if (this.isMeasured) this.bytesWritten = Math.min(Math.max(result, 0), this.size);
  }

  private wholeOf(written: Buffer | undefined): Buffer {
    const whole = Buffer.alloc(this.bytesWritten ?? this.size);
    written?.copy(whole);
    return whole;
  }

  /** A block that the call only reads. */
  static of(bytes: Buffer): Memory {
    return new Memory(bytes.length, bytes, false);
  }

  /** A string with the zero byte that ends it in C. */
  static string(text: string): Memory {
    return Memory.of(Buffer.from(`${text}\0`));
  }

  /** A structure to fill in, which the call only reads. */
  static structure(size: number): Memory {
    return Memory.of(Buffer.alloc(size));
  }

  /** A structure to fill in, which the call reads and writes. */
  static exchanged(size: number): Memory {
    return new Memory(size, Buffer.alloc(size), true);
  }

  /** Room for what the call writes. */
  static room(size: number): Memory {
    return new Memory(size, undefined, true);
  }

  /** Room for what a call writes that says by its result how much that was: afterwards the block is only as long. */
  static measured(size: number): Memory {
    return new Memory(size, undefined, true, true);
  }

  u16(offset: number, value: number): this {
    this.bytes.writeUInt16LE(value, offset);
    return this;
  }

  u32(offset: number, value: number | ResultOf): this {
    if (value instanceof ResultOf) this.patches.push({ offset, value });
    else this.bytes.writeUInt32LE(value >>> 0, offset);
    return this;
  }

  u64(offset: number, value: number | bigint): this {
    if (typeof value === 'bigint') this.bytes.writeBigUInt64LE(BigInt.asUintN(64, value), offset);
    else this.u32(offset, value).u32(offset + 4, Math.floor(value / 2 ** 32));
    return this;
  }

  /** The address of another block. */
  pointer(offset: number, value: Memory): this {
    this.patches.push({ offset, value });
    return this;
  }

  /** Text in a field of `size` bytes, cut so that a zero byte ends it. */
  text(offset: number, text: string, size: number): this {
    this.bytes.write(text.slice(0, size - 1), offset, 'latin1');
    return this;
  }
}
