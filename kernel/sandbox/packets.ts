/** Real packets. */
import { Memory, ResultOf } from '../channel/memory.js';
import { NR } from '../channel/numbers.js';
import type { KernelProcess } from '../channel/process.js';
import { resultOf, type Result } from '../channel/result.js';

const AF_PACKET = 17;
const SOCK_RAW = 3;

/**
 * Sends an Ethernet frame of 64 bytes out of a device: what is received by the other end of a veth pair, and what passes the
 * device's own egress hooks. The receiving end has run its programs by the time the next call is made, or shortly after.
 */
export async function sendFrame(process: KernelProcess, device: number): Promise<Result> {
  const broadcast = Buffer.alloc(6, 0xff);
  const frame = Buffer.alloc(64);
  broadcast.copy(frame);
  frame.writeUInt16BE(0x88b5, 12); // for local experiments: IEEE 802
  const address = Memory.structure(20).u32(4, device); // struct sockaddr_ll
  address.u16(0, AF_PACKET);
  const returned = await process.calls([
    { number: NR.socket, arguments: [AF_PACKET, SOCK_RAW, 0] },
    { number: NR.sendto, arguments: [new ResultOf(0), Memory.of(frame), frame.length, 0, address, 20] },
    { number: NR.close, arguments: [new ResultOf(0)] },
  ]);
  return resultOf(returned[1] ?? returned[0]!);
}
