/**
 * What two designs are compared in besides what packets meet and which objects are alive: how somebody who only uses the
 * system could tell them apart.
 */
import type { KernelState } from './model.js';

export const aspects = [
  {
    name: 'which processes are alive',
    reads: ['processes'],
    of: 'values',
    read: (s: KernelState): number[] => s.processes.map(({ live }) => (live ? 1 : 0)),
  },
  {
    name: 'what is pinned',
    reads: ['pins'],
    of: 'objects',
    read: (s: KernelState): number[] => Array.from({ length: s.pins.length }, (_, path) => s.pins.get(path)),
  },
] as const;
