/** Descriptors sent from one process to another. */
import { Memory } from '../channel/memory.js';
import { NR } from '../channel/numbers.js';
import type { KernelProcess } from '../channel/process.js';
import { failure, resultOf, success, type Result } from '../channel/result.js';
import { SOL_SOCKET, socketCalls } from '../channel/sockets.js';

/** Where a process has the socket at which it receives: far above the descriptors that a model numbers from 3. */
const MAILBOX_FD = 1001;

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SCM_RIGHTS = 1;
const MSG_DONTWAIT = 0x40;
const MSG_CMSG_CLOEXEC = 0x40000000;

/**
 * `struct sockaddr_un` with an abstract name: no file, known only in the network namespace, and free again as soon as the process
 * is gone.
 */
function mailboxAddress(process: KernelProcess): Memory {
  const name = Buffer.from(`holdfast-${process.pid}`);
  const address = Memory.structure(3 + name.length).u16(0, AF_UNIX);
  name.copy(address.bytes, 3);
  return address;
}

/** Lets a process receive descriptors. */
export async function openMailbox(process: KernelProcess): Promise<Result> {
  const address = mailboxAddress(process);
  const returned = await process.calls([
    ...socketCalls(AF_UNIX, SOCK_DGRAM, 0, MAILBOX_FD),
    { number: NR.bind, arguments: [MAILBOX_FD, address, address.size] },
  ]);
  return resultOf(returned.at(-1)!);
}

/** A message with one byte of data, and room for one descriptor beside it. */
function message(rights: Memory, address: Memory | undefined): Memory {
  const data = Memory.structure(1);
  const vector = Memory.structure(16).pointer(0, data).u64(8, 1); // struct iovec
  const header = Memory.exchanged(56) // struct msghdr
    .pointer(16, vector)
    .u64(24, 1)
    .pointer(32, rights)
    .u64(40, rights.size);
  return address ? header.pointer(0, address).u32(8, address.size) : header;
}

/** sendmsg(2) with SCM_RIGHTS: the message waits in the other's mailbox, and holds what it carries. */
export async function post(sender: KernelProcess, fd: number, receiver: KernelProcess): Promise<Result> {
  const rights = Memory.structure(24).u64(0, 20).u32(8, SOL_SOCKET).u32(12, SCM_RIGHTS).u32(16, fd); // struct cmsghdr, an int
  const sent = message(rights, mailboxAddress(receiver));
  return resultOf(await sender.call(NR.sendmsg, MAILBOX_FD, sent, MSG_DONTWAIT));
}

/** recvmsg(2). Gives the lowest free descriptor; EAGAIN if the mailbox is empty. */
export async function collect(receiver: KernelProcess): Promise<Result> {
  const rights = Memory.room(24);
  const received = message(rights, undefined);
  const flags = MSG_DONTWAIT | MSG_CMSG_CLOEXEC;
  const result = resultOf(await receiver.call(NR.recvmsg, MAILBOX_FD, received, flags));
  if (!result.ok) return result;
  // No descriptor came with it: there was none free (MSG_CTRUNC; scm_detach_fds in net/core/scm.c).
  const carried = rights.bytes.readBigUInt64LE(0) === 20n;
  return carried ? success(rights.bytes.readInt32LE(16)) : failure(24);
}

/** Sends a descriptor and receives it. Gives the receiver's descriptor. */
export async function sendFd(sender: KernelProcess, fd: number, receiver: KernelProcess): Promise<Result> {
  const posted = await post(sender, fd, receiver);
  return posted.ok ? collect(receiver) : posted;
}
