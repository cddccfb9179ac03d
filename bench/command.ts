/** A command run as a user would, and what it takes. */
import { spawnSync } from 'node:child_process';

/** Runs Node with these arguments. Throws if it does not end well. */
export function runCommand(args: readonly string[]): {
  readonly milliseconds: number;
  readonly processorMilliseconds: number;
} {
  // The shell's own clock, because Node does not tell the processor time of a child.
  const timed = `TIMEFORMAT='%R %U %S'; time "$@" >/dev/null 2>&1`;
  const { status, stderr } = spawnSync('bash', ['-c', timed, 'bash', process.execPath, ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status ?? 'a signal'}`);
  const [clock, user, system] = stderr.trim().split(' ').map(Number);
  return { milliseconds: clock! * 1000, processorMilliseconds: (user! + system!) * 1000 };
}
