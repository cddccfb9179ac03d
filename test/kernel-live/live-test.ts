/** Tests on the running kernel: run where the machine allows them, else skipped by name, with the reason. */
import test, { type ExecutionContext } from 'ava';
import { readFileSync } from 'node:fs';
import {
  KernelRunError,
  Sandbox,
  type KernelProcess,
  type Result,
  type SandboxOptions,
} from '../../kernel/index.js';

/** Why no kernel can be driven here; undefined if one can. */
export const reasonAgainst = await whyNot();

async function whyNot(): Promise<string | undefined> {
  try {
    await (await Sandbox.open()).close();
    return undefined;
  } catch (error) {
    if (error instanceof KernelRunError) return error.message;
    throw error;
  }
}

/** Whether this process has the capabilities that a run needs: then a kernel that cannot be driven is a failure. */
export function hasRights(): boolean {
  if (process.platform !== 'linux') return false;
  const effective = /^CapEff:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  const [netAdmin, sysAdmin] = [12n, 21n];
  return [netAdmin, sysAdmin].every((bit) => ((BigInt(`0x${effective}`) >> bit) & 1n) === 1n);
}

export interface Live {
  readonly t: ExecutionContext;
  readonly sandbox: Sandbox;
  readonly administrator: KernelProcess;
  /** A process of the model. */
  readonly process: KernelProcess;
}

/** A test in a sandbox of its own. */
export function liveTest(
  title: string,
  run: (live: Live) => Promise<void>,
  options: SandboxOptions = {},
): void {
  if (reasonAgainst !== undefined) {
    test.skip(`${title} (skipped: ${reasonAgainst})`, (t) => t.pass());
    return;
  }
  test(title, async (t) => {
    const sandbox = await Sandbox.open({ devices: ['veth'], groups: ['c0'], ...options });
    try {
      await run({ t, sandbox, administrator: sandbox.administrator, process: await sandbox.start() });
    } finally {
      await sandbox.close();
    }
  });
}

/** The value of a call that must work. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused with ${result.errno}`);
  return result.value;
}

/** The errno of a call that must be refused. */
export function errnoOf(result: Result<unknown>): string {
  return result.ok ? 'no errno' : result.errno;
}
