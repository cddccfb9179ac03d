/** File descriptors: what a process has open, and what that opens for a call. */
import { NONE, indexOf, tableOf } from '../state/index.js';
import { put } from './lifetime.js';
import { ATTACHMENTS, MAPS, PROGRAMS, type KernelState } from './model.js';

/** The object behind a process's descriptor, or NONE. */
export function objectBehind(s: KernelState, process: number, fd: number): number {
  return s.processes[process]!.fds.get(fd);
}

export function isOpen(s: KernelState, process: number, fd: number): boolean {
  return s.processes[process]!.fds.get(fd) !== NONE;
}

/** The program behind a descriptor; NONE if it is closed or something else. */
export function programBehind(s: KernelState, process: number, fd: number): number {
  return behind(s, process, fd, PROGRAMS);
}

/** The attachment (the link) behind a descriptor; NONE if it is closed or something else. */
export function linkBehind(s: KernelState, process: number, fd: number): number {
  return behind(s, process, fd, ATTACHMENTS);
}

/** The map behind a descriptor; NONE if it is closed or something else. */
export function mapBehind(s: KernelState, process: number, fd: number): number {
  return behind(s, process, fd, MAPS);
}

function behind(s: KernelState, process: number, fd: number, kind: number): number {
  const object = s.processes[process]!.fds.get(fd);
  return tableOf(object) === kind ? indexOf(object) : NONE;
}

/** The lowest free descriptor of a process, or NONE. Source: POSIX open(), "the lowest file descriptor". */
export function freeFd(s: KernelState, process: number): number {
  return s.processes[process]!.fds.indexOf(NONE);
}

export function hasFreeFd(s: KernelState, process: number): boolean {
  return s.processes[process]!.fds.includes(NONE);
}

/** Gives a process a descriptor of an object, and returns its number. There must be a free one. */
export function openFd(s: KernelState, process: number, object: number): number {
  const fd = freeFd(s, process);
  s.processes[process]!.fds.set(fd, object);
  return fd;
}

export function closeFd(s: KernelState, process: number, fd: number): void {
  const { fds } = s.processes[process]!;
  const object = fds.get(fd);
  fds.set(fd, NONE);
  put(s, object);
}

export function hasFd(s: KernelState, process: number, object: number): boolean {
  return s.processes[process]!.fds.includes(object);
}
