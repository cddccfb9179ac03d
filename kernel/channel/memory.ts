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
  /** After the call, what it left there, if the block is `returned`. */
  bytes: Buffer;
  readonly patches: Patch[] = [];

  private constructor(
    bytes: Buffer,
    /** Whether the block is sent back after the call. */
    readonly returned: boolean,
    /** Whether all of it is zero when it is sent, so that its length says everything. */
    readonly blank: boolean,
  ) {
    this.bytes = bytes;
  }

  /** A block that the call only reads. */
  static of(bytes: Buffer): Memory {
    return new Memory(bytes, false, false);
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
    return new Memory(Buffer.alloc(size), true, false);
  }

  /** Room for what the call writes. */
  static room(size: number): Memory {
    return new Memory(Buffer.alloc(size), true, true);
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
    this.bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)), offset);
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
