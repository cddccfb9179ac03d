/** How a property is shown able to fail: designs with something wrong with them, and one in which it is kept. */
import type { Bounds, KernelState } from '../../model/kernel/model.js';
import type { Machine } from '../../model/machine/index.js';
import { machineOf, type Proposal } from '../../model/proposals/index.js';

export interface Mutant {
  /** What is wrong with it. */
  readonly wrong: string;
  readonly machine: () => Machine<KernelState>;
  /** The calls of a shortest counterexample. */
  readonly calls: number;
}

export interface Shown {
  readonly broken: readonly Mutant[];
  readonly sound: () => Machine<KernelState>;
}

/** A design as it is, or with some rules switched off: the calls to the breach are said in words. */
export function breaks(
  proposal: Proposal,
  without: readonly string[],
  calls: number,
  wrong: string,
  bounds: Partial<Bounds> = {},
): Mutant {
  return { wrong, calls, machine: () => machineOf(proposal, bounds, { without }) };
}

export const sound =
  (proposal: Proposal, bounds: Partial<Bounds> = {}) =>
  (): Machine<KernelState> =>
    machineOf(proposal, bounds);
