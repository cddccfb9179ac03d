import { KernelRunError, ProcessGoneError } from '../channel/errors.js';
import type { KernelProcess } from '../channel/process.js';
import type { Result } from '../channel/result.js';
import type { Sandbox } from '../sandbox/sandbox.js';

/** Something a kernel can do, or cannot here and now. */
export type Feature =
  | { readonly name: string; readonly available: true }
  | {
      readonly name: string;
      readonly available: false;
      /** Which step failed, and how: `PROG_LOAD of an EXT program: EPERM`. */
      readonly reason: string;
    };

/** What a trial is done with: a process of its own, on an otherwise empty sandbox. */
export interface Trial {
  readonly sandbox: Sandbox;
  readonly process: KernelProcess;
  /** The interface index of a veth. */
  readonly veth: number;
}

/** A feature is tried by doing it once, whatever version the kernel says it has. */
export interface Trying {
  readonly name: string;
  readonly try: (trial: Trial) => Promise<void>;
}

/** A step of a trial did not work. */
export class StepFailedError extends Error {
  override readonly name = 'StepFailedError';
}

/** The value of a step that must work. */
export function step<T>(what: string, result: Result<T>): T {
  if (result.ok) return result.value;
  throw new StepFailedError(`${what}: ${result.errno}`);
}

/** A step that must give this. Kernels accept some fields without looking at them. */
export function expected<T>(what: string, found: T, wanted: T): void {
  if (found !== wanted) {
    throw new StepFailedError(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
  }
}

/** Tries features one after the other on a sandbox whose first device is a veth. Resets it in between. */
export async function probe(sandbox: Sandbox, features: readonly Trying[]): Promise<Feature[]> {
  const found: Feature[] = [];
  for (const feature of features) {
    const reason = await reasonAgainst(sandbox, feature);
    found.push(
      reason === undefined
        ? { name: feature.name, available: true }
        : { name: feature.name, available: false, reason },
    );
  }
  return found;
}

async function reasonAgainst(sandbox: Sandbox, feature: Trying): Promise<string | undefined> {
  const process = await sandbox.start();
  try {
    await feature.try({ sandbox, process, veth: sandbox.devices.index(0) });
    return undefined;
  } catch (error) {
    if (error instanceof StepFailedError || error instanceof ProcessGoneError) return error.message;
    if (error instanceof KernelRunError && error.obstacle !== 'gone') return error.message;
    throw error;
  } finally {
    await sandbox.reset();
  }
}
