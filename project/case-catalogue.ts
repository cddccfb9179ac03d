/** What the corpus needs to replay cases: machines and properties by name. */
import { remedyFor, roomyBounds, type Case, type Catalogue } from '../corpus/index.js';
import type { KernelState } from '../model/kernel/index.js';
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
