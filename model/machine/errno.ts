/** The error numbers an operation can be refused with, by name. Meanings: errno(3), and `bpf(2)` for its own uses. */
export const ERRNOS = [
  'EPERM',
  'ENOENT',
  'ESRCH',
  'E2BIG',
  'EBADF',
  'EAGAIN',
  'ENOMEM',
  'EACCES',
  'EBUSY',
  'EEXIST',
  'EXDEV',
  'ENODEV',
  'EINVAL',
  'EMFILE',
  'ENOSPC',
  'EPIPE',
  'ERANGE',
  'ELOOP',
  'ENOLINK',
  'EOPNOTSUPP',
  'ENOTEMPTY',
  'ESTALE',
  'ENOTSUPP',
] as const;

export type Errno = (typeof ERRNOS)[number];
