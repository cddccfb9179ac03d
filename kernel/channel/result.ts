import { constants } from 'node:os';
import { KernelRunError } from './errors.js';
import type { Returned } from './frames.js';

/** What a call gave: a value (a descriptor, or what was read), or the name of the error number. */
export type Result<T = number> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errno: string };

const names = new Map<number, string>(
  Object.entries(constants.errno).map(([name, number]) => [number, name] as const),
);
// Two names, one number, on Linux: the one that the kernel's own sources use.
names.set(constants.errno.EAGAIN, 'EAGAIN');
names.set(constants.errno.EOPNOTSUPP, 'EOPNOTSUPP');
// The kernel's own, not in libc's table: include/linux/errno.h. bpf(2) shows it to users.
names.set(524, 'ENOTSUPP');

/** The name of an error number, as in errno(3); `errno 999` if it has none. */
export function errnoName(number: number): string {
  return names.get(number) ?? `errno ${number}`;
}

export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failure(errno: number): Result<never> {
  return { ok: false, errno: errnoName(errno) };
}

/** A call's value, or its errno. */
export function resultOf({ value, errno }: Returned): Result {
  return errno === 0 ? success(value) : failure(errno);
}

/** The same outcome, with something else for the value. */
export function mapResult<T, U>(result: Result<T>, change: (value: T) => U): Result<U> {
  return result.ok ? success(change(result.value)) : result;
}

/**
 * The value of a call that a run needs.
 *
 * @throws KernelRunError if it failed, with a sentence that begins with `what` was tried.
 */
export function needed<T>(what: string, result: Result<T>): T {
  if (result.ok) return result.value;
  const { errno } = result;
  switch (errno) {
    case 'EPERM':
    case 'EACCES':
      throw new KernelRunError('no rights', `${what} is not allowed (${errno}): run as root.`);
    case 'ENOSPC':
    case 'ENOMEM':
    case 'EMFILE':
    case 'ENFILE':
    case 'EDQUOT':
      throw new KernelRunError('no space', `${what} failed for want of room (${errno}).`);
    case 'EEXIST':
      throw new KernelRunError('taken', `${what} failed: the name or number is in use (${errno}).`);
    default:
      throw new KernelRunError('no kernel support', `${what} failed: ${errno}.`);
  }
}
