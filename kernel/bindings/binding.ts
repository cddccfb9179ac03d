/**
 * How the operations of a model are made on a running kernel. Each mechanism has a file of its own here: what call each of its
 * operations is, what the state of its hooks should look like, and how that is looked at.
 */
import type { KernelState } from '../../model/kernel/model.js';
import type { KernelProcess } from '../channel/process.js';
import type { LiveCall, LiveOutcome } from '../conform/system.js';
import type { Look } from './look.js';
import type { RunningLinux } from './running-linux.js';

/** Makes one call on the running kernel. */
export type MakeCall = (linux: RunningLinux, call: LiveCall<KernelState>) => Promise<LiveOutcome>;

/** Lines of a view: what it is about, and what is there. Nothing is said of what is empty. */
export type ViewLine = readonly [what: string, is: string];

/** Something that can be looked at, in the model and on the running kernel. Both must say it in the same words. */
export interface Aspect {
  /** What the state is expected to look like; `nameOf` gives the kernel's name of an object (`prog 31`). */
  readonly expected: (state: KernelState, nameOf: (object: number) => string) => readonly ViewLine[];
  readonly observed: (look: Look) => Promise<readonly ViewLine[]>;
}

export interface Binding {
  /** By the name of the operation. */
  readonly calls: Readonly<Record<string, MakeCall>>;
  /** What a kernel must be able to do for an operation, by its name: names of features that are probed (`probe/features.ts`). */
  readonly needs?: Readonly<Record<string, readonly string[]>>;
  readonly aspects?: readonly Aspect[];
  /** What its hooks need once, when the sandbox has been opened. */
  readonly prepare?: (linux: RunningLinux) => Promise<void>;
  /** What a process of the model needs when it has been started: before its descriptors are limited to the model's number. */
  readonly started?: (linux: RunningLinux, process: KernelProcess) => Promise<void>;
}
