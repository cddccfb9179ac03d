/**
 * Numbers of the system calls used here.
 * Sources: arch/x86/entry/syscalls/syscall_64.tbl; include/uapi/asm-generic/unistd.h for arm64. From 424 on they are the same
 * everywhere.
 */
import { KernelRunError } from './errors.js';

const everywhere = { pidfd_open: 434, pidfd_getfd: 438 };

const x64 = {
  ...everywhere,
  read: 0,
  write: 1,
  close: 3,
  ioctl: 16,
  dup: 32,
  getpid: 39,
  socket: 41,
  connect: 42,
  sendto: 44,
  recvfrom: 45,
  sendmsg: 46,
  recvmsg: 47,
  bind: 49,
  setsockopt: 54,
  kill: 62,
  dup3: 292,
  fcntl: 72,
  flock: 73,
  ftruncate: 77,
  getdents64: 217,
  prlimit64: 302,
  capset: 126,
  prctl: 157,
  mount: 165,
  umount2: 166,
  setgroups: 116,
  setresuid: 117,
  setresgid: 119,
  openat: 257,
  mkdirat: 258,
  unlinkat: 263,
  linkat: 265,
  readlinkat: 267,
  unshare: 272,
  pwrite64: 18,
  pread64: 17,
  setns: 308,
  renameat2: 316,
  bpf: 321,
  newfstatat: 262,
};

const arm64: typeof x64 = {
  ...everywhere,
  read: 63,
  write: 64,
  close: 57,
  ioctl: 29,
  dup: 23,
  getpid: 172,
  socket: 198,
  connect: 203,
  sendto: 206,
  recvfrom: 207,
  sendmsg: 211,
  recvmsg: 212,
  bind: 200,
  setsockopt: 208,
  kill: 129,
  dup3: 24,
  fcntl: 25,
  flock: 32,
  ftruncate: 46,
  getdents64: 61,
  prlimit64: 261,
  capset: 91,
  prctl: 167,
  mount: 40,
  umount2: 39,
  setgroups: 159,
  setresuid: 147,
  setresgid: 149,
  openat: 56,
  mkdirat: 34,
  unlinkat: 35,
  linkat: 37,
  readlinkat: 78,
  unshare: 97,
  pwrite64: 68,
  pread64: 67,
  setns: 268,
  renameat2: 276,
  bpf: 280,
  newfstatat: 79,
};

export type SystemCallNumbers = typeof x64;

/**
 * The numbers for a processor, by Node's name for it. The arm64 column has not been run.
 *
 * @throws KernelRunError for a processor that is not in the table.
 */
export function systemCallNumbers(processor: string): SystemCallNumbers {
  if (processor === 'x64') return x64;
  if (processor === 'arm64') return arm64;
  throw new KernelRunError(
    'wrong machine',
    `The running kernel can be driven on x86-64 and arm64; this is ${processor}.`,
  );
}

/** The numbers for this machine. A guest runs the same processor. */
export const NR: SystemCallNumbers = systemCallNumbers(process.arch === 'arm64' ? 'arm64' : 'x64');
