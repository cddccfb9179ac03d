/** Talking to the kernel's routing netlink from a process that has a socket for it. */
import { Memory } from '../channel/memory.js';
import { NR } from '../channel/numbers.js';
import type { KernelProcess } from '../channel/process.js';
import { failure, mapResult, resultOf, success, type Result } from '../channel/result.js';
import { socketCalls } from '../channel/sockets.js';
import { NLM_F, messageBytes, messagesIn, type Message } from './message.js';

/** Where a process has its netlink socket: far above the descriptors that a model numbers from 3. */
export const NETLINK_FD = 1000;

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOL_NETLINK = 270;
const NETLINK_CAP_ACK = 10;

/**
 * An answer is there before the request's sendto(2) returns, and the next piece of a dump when the last one has been read
 * (netlink_unicast_kernel and netlink_dump in net/netlink/af_netlink.c): there is nothing to wait for.
 */
const MSG_DONTWAIT = 0x40;

/** NLMSG_ERROR, also for success with errno 0; NLMSG_DONE ends a dump. */
const ERROR = 2;
const DONE = 3;

/** Longer than any answer about one thing; and dumps come in pieces that fit what was read into last (netlink_dump). */
const DATAGRAM = 16384;

/** Enough for the dumps that are asked for here: of the few devices and filters of a run. */
const MOST_DATAGRAMS = 8;

/**
 * Gives a process its socket. The socket belongs to the network namespace that the process is in now, and stays there.
 */
export async function openNetlink(process: KernelProcess): Promise<Result> {
  const calls = await process.calls([
    ...socketCalls(AF_NETLINK, SOCK_RAW, 0, NETLINK_FD),
    // A refusal need not repeat the request.
    {
      number: NR.setsockopt,
      arguments: [NETLINK_FD, SOL_NETLINK, NETLINK_CAP_ACK, Memory.structure(4).u32(0, 1), 4],
    },
  ]);
  return resultOf(calls.at(-1)!);
}

let sequence = 0;

/** What a request says: message type, NLM_F_* and what follows the header. */
export interface Request {
  readonly type: number;
  readonly flags: number;
  readonly body: Buffer;
}

/** A request that the kernel only acknowledges. */
export async function change(process: KernelProcess, request: Request): Promise<Result> {
  const answer = await exchange(process, { ...request, flags: request.flags | NLM_F.ack }, 1);
  return mapResult(answer, () => 0);
}

/** A request for one thing: the body of the answer. */
export async function ask(process: KernelProcess, request: Request): Promise<Result<Buffer>> {
  const answer = await exchange(process, request, 1);
  return mapResult(answer, ([message]) => message!.body);
}

/** A request for all of a kind: the bodies of the answers. */
export async function dump(process: KernelProcess, request: Request): Promise<Result<Buffer[]>> {
  const whole = { ...request, flags: request.flags | NLM_F.dump };
  const answer = await exchange(process, whole, MOST_DATAGRAMS);
  return mapResult(answer, (messages) => {
    if (messages.at(-1)?.type !== DONE) throw new Error('the answer of netlink is too long');
    return messages.slice(0, -1).map(({ body }) => body);
  });
}

/**
 * Sends, and reads what there is, up to that many datagrams, all in one request: so conversations do not mix, and nothing is left
 * over for the next. A negative acknowledgement is a failure.
 */
async function exchange(
  process: KernelProcess,
  { type, flags, body }: Request,
  datagrams: number,
): Promise<Result<Message[]>> {
  sequence = (sequence + 1) >>> 0;
  const message = messageBytes({ type, flags: flags | NLM_F.request, sequence, body });
  const rooms = Array.from({ length: datagrams }, () => Memory.measured(DATAGRAM));
  const [sent, ...received] = await process.calls([
    { number: NR.sendto, arguments: [NETLINK_FD, Memory.of(message), message.length, 0, 0, 0] },
    ...rooms.map((room) => ({
      number: NR.recvfrom,
      arguments: [NETLINK_FD, room, DATAGRAM, MSG_DONTWAIT, 0, 0],
    })),
  ]);
  if (sent?.errno !== 0) return failure(sent!.errno);
  const messages = received.flatMap(({ errno }, i) => (errno === 0 ? messagesIn(rooms[i]!.bytes) : []));
  if (messages.length === 0) return failure(received[0]!.errno);
  const refusal = messages.find((answer) => answer.type === ERROR && answer.body.readInt32LE(0) !== 0);
  return refusal ? failure(-refusal.body.readInt32LE(0)) : success(messages);
}
