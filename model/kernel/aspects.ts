/**
 * What two designs are compared in besides what packets meet and which objects are alive: how somebody who only uses the
 * system could tell them apart.
 */
import { NONE } from '../state/index.js';
import type { Errno } from '../machine/index.js';
import type { KernelState } from './model.js';

export const kernelAspects = [
  {
    name: 'which processes are alive',
    reads: ['processes'],
    of: 'values',
    count: (s: KernelState): number => s.processes.length,
    read: (s: KernelState, process: number): number => (s.processes[process]!.live ? 1 : NONE),
  },
  {
    name: 'what is pinned',
    reads: ['pins'],
    of: 'objects',
    count: (s: KernelState): number => s.pins.length,
    read: (s: KernelState, path: number): number => s.pins.get(path),
  },
] as const;

/** Refusals that say that a table is full: how large it is, is the model's matter. Source: errno(3), EMFILE. */
export const FULL_TABLE_ERRNOS: readonly Errno[] = ['EMFILE'];
