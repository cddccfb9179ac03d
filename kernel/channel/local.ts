import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { helperProgram } from '../helper/compile.js';
import { Channel } from './channel.js';
import { KernelRunError } from './errors.js';
import { systemCallNumbers } from './numbers.js';
import { KernelServer } from './process.js';

/**
 * Starts a server of system calls on this machine. It ends with this process, however this ends.
 *
 * @throws KernelRunError if this is not Linux on a processor whose system calls are known, or the helper cannot be had.
 */
export async function startLocalServer(): Promise<KernelServer> {
  if (process.platform !== 'linux') {
    throw new KernelRunError(
      'wrong machine',
      `Only Linux can be driven as a running kernel; this is ${process.platform}.`,
    );
  }
  systemCallNumbers(process.arch);
  const child = spawn(helperProgram(), [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  ended.catch(() => undefined); // reported by what is awaited
  try {
    await once(child, 'spawn');
  } catch (cause) {
    throw new KernelRunError(
      'missing tool',
      `The helper that makes the system calls cannot be started (${String(cause)}). If its directory forbids programs, ` +
        'name another one in the environment variable XDG_CACHE_HOME.',
      { cause },
    );
  }
  const channel = new Channel(child.stdin, child.stdout, 'The helper that makes the system calls');
  return new KernelServer(channel, child.pid ?? 0, async () => {
    await ended;
  });
}
