/** Messages of netlink, as bytes. Source: include/uapi/linux/netlink.h; `man 7 netlink`. */

/** Lengths are rounded up to this: NLMSG_ALIGNTO, NLA_ALIGNTO. */
const ALIGNMENT = 4;
const aligned = (length: number): number => (length + ALIGNMENT - 1) & ~(ALIGNMENT - 1);

const NESTED = 0x8000; // NLA_F_NESTED
const TYPE_MASK = 0x3fff; // NLA_TYPE_MASK

/** NLM_F_* */
export const NLM_F = {
  request: 1,
  ack: 4,
  dump: 0x300,
  replace: 0x100,
  excl: 0x200,
  create: 0x400,
} as const;

export function attribute(type: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(aligned(4 + value.length));
  bytes.writeUInt16LE(4 + value.length, 0);
  bytes.writeUInt16LE(type, 2);
  value.copy(bytes, 4);
  return bytes;
}

export function nested(type: number, ...attributes: readonly Buffer[]): Buffer {
  return attribute(type | NESTED, Buffer.concat(attributes));
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

export function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

const EMPTY = Buffer.alloc(0);

/** Attributes by type, of a message's or another attribute's bytes. */
export function attributesIn(bytes: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = bytes.readUInt16LE(at);
    if (length < 4) break;
    found.set(bytes.readUInt16LE(at + 2) & TYPE_MASK, bytes.subarray(at + 4, at + length));
    at += aligned(length);
  }
  return found;
}

/** The first attribute of a type, of many; empty if there is none. */
export function attributeIn(bytes: Buffer, type: number): Buffer {
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = bytes.readUInt16LE(at);
    if (length < 4) break;
    if ((bytes.readUInt16LE(at + 2) & TYPE_MASK) === type) return bytes.subarray(at + 4, at + length);
    at += aligned(length);
  }
  return EMPTY;
}

const HEADER = 16; // sizeof(struct nlmsghdr)

export interface Message {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly body: Buffer;
}

export function messageBytes({ type, flags, sequence, body }: Message): Buffer {
  const header = Buffer.alloc(HEADER);
  header.writeUInt32LE(HEADER + body.length, 0);
  header.writeUInt16LE(type, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt32LE(sequence, 8);
  return Buffer.concat([header, body]);
}

/** The messages of one datagram. */
export function messagesIn(datagram: Buffer): Message[] {
  const messages: Message[] = [];
  for (let at = 0; at + HEADER <= datagram.length;) {
    const length = datagram.readUInt32LE(at);
    if (length < HEADER) break;
    messages.push({
      type: datagram.readUInt16LE(at + 4),
      flags: datagram.readUInt16LE(at + 6),
      sequence: datagram.readUInt32LE(at + 8),
      body: datagram.subarray(at + HEADER, at + length),
    });
    at += aligned(length);
  }
  return messages;
}
