/**
 * Writes type information (BTF) for programs with functions that can be replaced.
 * Source of the layout: Documentation/bpf/btf.rst, include/uapi/linux/btf.h.
 */

/** BTF_KIND_* */
const KIND = { int: 1, pointer: 2, struct: 4, function: 12, prototype: 13 } as const;

export interface Parameter {
  readonly name: string;
  readonly type: number;
}

/** A growing set of types. Each method gives the new type's id, from 1. */
export class BtfWriter {
  private readonly types: Buffer[] = [];
  private strings = '\0';

  /** A signed integer. */
  int(name: string, bytes: number): number {
    const signed = 1 << 24;
    return this.add(this.text(name), KIND.int << 24, bytes, signed | (bytes * 8));
  }

  /** A structure without fields: only its name is compared. */
  struct(name: string): number {
    return this.add(this.text(name), KIND.struct << 24, 0);
  }

  pointer(to: number): number {
    return this.add(0, KIND.pointer << 24, to);
  }

  prototype(returned: number, parameters: readonly Parameter[]): number {
    const words = parameters.flatMap(({ name, type }) => [this.text(name), type]);
    return this.add(0, (KIND.prototype << 24) | parameters.length, returned, ...words);
  }

  function(name: string, prototype: number, linkage: 'static' | 'global'): number {
    return this.add(this.text(name), (KIND.function << 24) | (linkage === 'global' ? 1 : 0), prototype);
  }

  /** All of it, as BTF_LOAD takes it. */
  bytes(): Buffer {
    const types = Buffer.concat(this.types);
    const strings = Buffer.from(this.strings, 'latin1');
    const header = Buffer.alloc(24);
    header.writeUInt16LE(0xeb9f, 0);
    header[2] = 1;
    header.writeUInt32LE(header.length, 4);
    header.writeUInt32LE(types.length, 12);
    header.writeUInt32LE(types.length, 16);
    header.writeUInt32LE(strings.length, 20);
    return Buffer.concat([header, types, strings]);
  }

  private add(...words: number[]): number {
    const bytes = Buffer.alloc(4 * words.length);
    words.forEach((word, i) => bytes.writeUInt32LE(word >>> 0, 4 * i));
    return this.types.push(bytes);
  }

  private text(text: string): number {
    const at = this.strings.length;
    this.strings += `${text}\0`;
    return at;
  }
}
