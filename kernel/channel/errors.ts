/** What keeps the running kernel from being driven, as a user reads it. */

/** What kind of obstacle: commands map it to an exit code. */
export type Obstacle =
  /** Not Linux, or a processor whose system call numbers are not known here. */
  | 'wrong machine'
  /** No C compiler, qemu, kernel image or module where one is needed. */
  | 'missing tool'
  /** The user may not do what a run needs. */
  | 'no rights'
  /** The kernel lacks what every run needs. */
  | 'no kernel support'
  /** A name or number a run needs is in use. */
  | 'taken'
  /** A disk, or a limit of the kernel, is full. */
  | 'no space'
  /** The helper or the guest ended, or does not answer. */
  | 'gone';

/** A run on a kernel cannot begin or go on. The message says what is wrong, where, and what would help. */
export class KernelRunError extends Error {
  override readonly name = 'KernelRunError';

  constructor(
    readonly obstacle: Obstacle,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A process that was to make a call is not there (any more): it was never started, was killed, or died in the call. */
export class ProcessGoneError extends Error {
  override readonly name = 'ProcessGoneError';

  constructor(
    /** The number it has in its run; 0 is the server itself. */
    readonly process: number,
    readonly reason: 'not running' | 'died in the call' | 'killed because it did not answer',
  ) {
    super(`process ${process}: ${reason}`);
  }
}
