/** Ctrl-C as a flag that workers can look at, so that what is known is still printed. */

/** Raised once the user has asked to stop; shared with workers. */
export interface StopFlag {
  /** One number, not 0 once it is raised. */
  readonly stop: SharedArrayBuffer;
}

export function isRaised(stop: SharedArrayBuffer): boolean {
  return Atomics.load(new Int32Array(stop), 0) !== 0;
}

/** Runs something that looks at the flag now and then; a Ctrl-C meanwhile raises it. */
export async function interruptibly<T>(run: (stop: SharedArrayBuffer) => Promise<T>): Promise<T> {
  const stop = new SharedArrayBuffer(4);
  const raise = (): void => {
    Atomics.store(new Int32Array(stop), 0, 1);
  };
  process.on('SIGINT', raise);
  try {
    return await run(stop);
  } finally {
    process.off('SIGINT', raise);
  }
}
