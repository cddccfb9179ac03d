/** Faults planted in the built-in proposals by switching a guard or a reference off, where a claim is known to fall by that. */
import { MutationTest, speaksAbout, type Property } from '../checker/index.js';
import type { KernelState } from '../model/kernel/model.js';
import { machineOf, type Proposal } from '../model/proposals/index.js';
import { properties } from '../properties/index.js';

export interface PlantedFault {
  readonly proposal: string;
  /** What is switched off. */
  readonly off: string;
  /** Claims that an exhaustive search finds broken then, and that hold as the proposal is; with the calls of the shortest sequence. */
  readonly broken: readonly { readonly claim: string; readonly calls: number }[];
}

export function claimsOf(proposal: Proposal): Property<KernelState>[] {
  const { tags = [] } = machineOf(proposal).definition;
  return properties.filter((property) => speaksAbout(property, tags));
}

export function plantedFaults(proposal: Proposal): PlantedFault[] {
  const test = new MutationTest(machineOf(proposal), claimsOf(proposal));
  return test.mutations.flatMap((mutation) => {
    const result = test.resultOf(mutation);
    if (result.kind !== 'falls') return [];
    const broken = result.fallen.flatMap(({ property, verdict }) =>
      verdict.kind === 'violated' ? [{ claim: property, calls: verdict.counterexample.trace.length }] : [],
    );
    return broken.length === 0 ? [] : [{ proposal: proposal.name, off: mutation.name, broken }];
  });
}
