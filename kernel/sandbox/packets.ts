/** Real packets. */
import { Memory } from '../channel/memory.js';
import { NR } from '../channel/numbers.js';
import type { KernelProcess } from '../channel/process.js';
import { mapResult, needed, resultOf, type Result } from '../channel/result.js';
import { SOL_SOCKET, socketCalls } from '../channel/sockets.js';

const AF_INET = 2;
const AF_PACKET = 17;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const SOCK_RAW = 3;
const SO_RCVTIMEO = 20;
const SOL_PACKET = 263;
const PACKET_QDISC_BYPASS = 20;

/** For local experiments: IEEE 802. Of the second kind nobody receives any, so that none waits to be read. */
const ETHER_TYPE = { received: 0x88b5, dropped: 0x88b6 } as const;

/** Bytes of a frame, and where in it its number stands. */
const FRAME = 64;
const NUMBER_AT = 16;

/** Where a process has its socket for frames: far above the descriptors that a model numbers from 3. */
const FRAMES_FD = 1006;

/** The discard service, where nobody listens. */
const PORT = 9;

/** How long a frame may take through a veth pair, in seconds: microseconds, on a machine that is not busy. */
const FRAME_PATIENCE = 2;

/**
 * Lets a process send frames, and receive those of this protocol on all devices of its network namespace. It is opened once: closing
 * such a socket waits for a grace period (packet_release in net/packet/af_packet.c).
 */
export async function openFrames(process: KernelProcess): Promise<Result> {
  const patience = Memory.structure(16).u64(0, FRAME_PATIENCE); // struct timeval
  const one = Memory.structure(4).u32(0, 1);
  const returned = await process.calls([
    ...socketCalls(AF_PACKET, SOCK_RAW, swapped(ETHER_TYPE.received), FRAMES_FD),
    { number: NR.setsockopt, arguments: [FRAMES_FD, SOL_SOCKET, SO_RCVTIMEO, patience, 16] },
    // The queue of a device that has just been set up is not there yet.
    { number: NR.setsockopt, arguments: [FRAMES_FD, SOL_PACKET, PACKET_QDISC_BYPASS, one, 4] },
  ]);
  return resultOf(returned.at(-1)!);
}

let frames = 0;

/**
 * Sends an Ethernet frame of 64 bytes out of a device: what is received by the other end of a veth pair, and what passes the
 * device's own egress hooks. The receiving end has run its programs by the time the next call is made, or shortly after. Gives the
 * number that the frame carries.
 */
export async function sendFrame(
  process: KernelProcess,
  device: number,
  end: keyof typeof ETHER_TYPE = 'dropped',
): Promise<Result> {
  const broadcast = Buffer.alloc(6, 0xff);
  const frame = Buffer.alloc(FRAME);
  broadcast.copy(frame);
  frame.writeUInt16BE(ETHER_TYPE[end], 12);
  frames = (frames + 1) >>> 0;
  const number = frames;
  frame.writeUInt32LE(number, NUMBER_AT);
  const address = Memory.structure(20).u16(0, AF_PACKET).u32(4, device); // struct sockaddr_ll
  const sent = await process.call(NR.sendto, FRAMES_FD, Memory.of(frame), FRAME, 0, address, 20);
  return mapResult(resultOf(sent), () => number);
}

/**
 * Sends a frame out of one device and waits until the receiver has it, behind all hooks of the device that it comes in at: there the
 * kernel hands it to the sockets of its protocol. EAGAIN if it does not come, because a program has kept it for one.
 */
export async function sendThrough(
  sender: KernelProcess,
  device: number,
  receiver: KernelProcess,
): Promise<Result> {
  const sent = await sendFrame(sender, device, 'received');
  if (!sent.ok) return sent;
  for (;;) {
    const frame = Memory.measured(FRAME);
    const received = resultOf(await receiver.call(NR.recvfrom, FRAMES_FD, frame, FRAME, 0, 0, 0));
    // One that came in too late for the call before is still there.
    if (!received.ok || frame.bytes.readUInt32LE(NUMBER_AT) === sent.value) return received;
  }
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

/** In the byte order of the network. */
function swapped(value: number): number {
  return ((value & 0xff) << 8) | (value >> 8);
}
