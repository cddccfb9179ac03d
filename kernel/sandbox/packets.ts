/** Real packets. */
import { Memory, ResultOf } from '../channel/memory.js';
import { NR } from '../channel/numbers.js';
import type { KernelProcess } from '../channel/process.js';
import { needed, resultOf, type Result } from '../channel/result.js';

const AF_INET = 2;
const AF_PACKET = 17;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const SOCK_RAW = 3;
const SOL_SOCKET = 1;
const SO_RCVTIMEO = 20;
const SOL_PACKET = 263;
const PACKET_QDISC_BYPASS = 20;

/** For local experiments: IEEE 802. */
const ETHER_TYPE = 0x88b5;

/** The discard service, where nobody listens. */
const PORT = 9;

/** How long a frame may take through a veth pair, in seconds: microseconds, on a machine that is not busy. */
const FRAME_PATIENCE = 2;

/**
 * Sends an Ethernet frame of 64 bytes out of a device: what is received by the other end of a veth pair, and what passes the
 * device's own egress hooks. The receiving end has run its programs by the time the next call is made, or shortly after.
 */
export async function sendFrame(process: KernelProcess, device: number): Promise<Result> {
  const broadcast = Buffer.alloc(6, 0xff);
  const frame = Buffer.alloc(64);
  broadcast.copy(frame);
  frame.writeUInt16BE(ETHER_TYPE, 12);
  const socket = new ResultOf(0);
  const one = Memory.structure(4).u32(0, 1);
  const address = linkAddress(device, 0);
  const returned = await process.calls([
    { number: NR.socket, arguments: [AF_PACKET, SOCK_RAW, 0] },
    // The queue of a device that has just been set up is not there yet.
    { number: NR.setsockopt, arguments: [socket, SOL_PACKET, PACKET_QDISC_BYPASS, one, 4] },
    { number: NR.sendto, arguments: [socket, Memory.of(frame), frame.length, 0, address, 20] },
    { number: NR.close, arguments: [socket] },
  ]);
  return resultOf(returned[2] ?? returned.at(-1)!);
}

/**
 * Sends a frame out of one device and waits until it has come in at another and passed all hooks there: the kernel hands it to the
 * sockets of its protocol behind them. EAGAIN if it does not come, because a program has kept it for one.
 */
export async function sendThrough(
  sender: KernelProcess,
  from: number,
  receiver: KernelProcess,
  to: number,
): Promise<Result> {
  const socket = new ResultOf(0);
  const protocol = swapped(ETHER_TYPE);
  const patience = Memory.structure(16).u64(0, FRAME_PATIENCE); // struct timeval
  const opened = await receiver.calls([
    { number: NR.socket, arguments: [AF_PACKET, SOCK_RAW, protocol] },
    { number: NR.bind, arguments: [socket, linkAddress(to, protocol), 20] },
    { number: NR.setsockopt, arguments: [socket, SOL_SOCKET, SO_RCVTIMEO, patience, 16] },
  ]);
  const failed = opened.map(resultOf).find(({ ok }) => !ok);
  if (failed) return failed;
  const fd = opened[0]!.value;
  const sent = await sendFrame(sender, from);
  if (!sent.ok) return sent;
  const received = await receiver.call(NR.recvfrom, fd, Memory.room(64), 64, 0, 0, 0);
  await receiver.call(NR.close, fd);
  return resultOf(received);
}

/** A TCP connection to a port of the loopback device where nobody listens: ECONNREFUSED, behind one lookup of a socket. */
export function connectToNobody(process: KernelProcess): Promise<Result> {
  return toNobody(process, SOCK_STREAM);
}

/** A UDP datagram to a port of the loopback device where nobody listens, from a socket in the process's control group. */
export function sendToNobody(process: KernelProcess): Promise<Result> {
  return toNobody(process, SOCK_DGRAM);
}

async function toNobody(process: KernelProcess, kind: number): Promise<Result> {
  const address = Memory.structure(16).u16(0, AF_INET); // struct sockaddr_in
  address.bytes.writeUInt16BE(PORT, 2);
  address.bytes.writeUInt32BE(0x7f000001, 4);
  const socket = needed('Opening a socket', resultOf(await process.call(NR.socket, AF_INET, kind, 0)));
  const returned =
    kind === SOCK_STREAM
      ? await process.call(NR.connect, socket, address, 16)
      : await process.call(NR.sendto, socket, Memory.structure(1), 1, 0, address, 16);
  await process.call(NR.close, socket);
  return resultOf(returned);
}

/** `struct sockaddr_ll`. */
function linkAddress(device: number, protocol: number): Memory {
  return Memory.structure(20).u16(0, AF_PACKET).u16(2, protocol).u32(4, device);
}

/** In the byte order of the network. */
function swapped(value: number): number {
  return ((value & 0xff) << 8) | (value >> 8);
}
