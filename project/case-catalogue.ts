/** What the corpus needs to replay cases: machines and properties by name. */
import { remedyFor, roomyBounds, type Case, type Catalogue } from '../corpus/index.js';
import type { KernelState } from '../model/kernel/index.js';
import type { Machine } from '../model/machine/index.js';
import { machineOf } from '../model/proposals/index.js';
import type { Items } from './items.js';

export function caseCatalogue({ proposals, properties }: Items): Catalogue<KernelState> {
  return {
    proposals: proposals.map(({ name }) => name),
    properties: properties.map(({ name }) => name),
    machineFor(read: Case) {
      const proposal = named('proposal', proposals, read.proposal);
      return machineOf(proposal, roomyBounds(read, proposal.bounds), { without: read.without });
    },
    propertyFor: (name) => named('property', properties, name),
  };
}

/**
 * The same, for cases that are replayed one after the other: those of one proposal within the same bounds share a machine, which takes
 * longer to make than the calls of a short case.
 */
export function replayCatalogue(items: Items): Catalogue<KernelState> {
  const known = caseCatalogue(items);
  const machines = new Map<string, Machine<KernelState>>();
  return {
    ...known,
    machineFor(read) {
      const { bounds } = named('proposal', items.proposals, read.proposal);
      const key = JSON.stringify([read.proposal, roomyBounds(read, bounds), read.without]);
      const machine = machines.get(key) ?? known.machineFor(read);
      machines.set(key, machine);
      return machine;
    },
  };
}

/** The item of that name. Throws a RangeError with the nearest name if there is none. */
export function named<T extends { readonly name: string }>(
  what: string,
  items: readonly T[],
  name: string,
): T {
  const found = items.find((item) => item.name === name);
  if (found) return found;
  throw new RangeError(
    `there is no ${what} '${name}'; ${remedyFor(
      name,
      items.map((item) => item.name),
    )}`,
  );
}
