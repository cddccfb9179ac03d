/** What the arguments of a command ask for: one proposal, some properties. */
import type { Property } from '../checker/index.js';
import type { KernelState } from '../model/kernel/model.js';
import type { Proposal } from '../model/proposals/index.js';
import { itemsIn } from '../project/items.js';
import { isFile, selectProperties, selectProposals, type Catalogue } from './catalogue.js';
import { UsageError } from './errors.js';

/** The one proposal that an argument names. Throws a UsageError if there is none, or a file has several. */
export async function oneProposal(catalogue: Catalogue, argument: string): Promise<Proposal> {
  const [first, ...others] = await selectProposals(catalogue, [argument]);
  if (first && others.length === 0) return first;
  const names = [first, ...others].map((proposal) => proposal?.name).join(', ');
  throw new UsageError(`${argument} has several proposals (${names}): give each a file of its own.`);
}

/** The properties that arguments name, those of a file for a file; all there are if there are no arguments. */
export async function askedProperties(
  catalogue: Catalogue,
  args: readonly string[],
): Promise<readonly Property<KernelState>[]> {
  const names = await Promise.all(
    args.map(async (argument) =>
      isFile(argument) ? (await itemsIn(argument)).properties.map(({ name }) => name) : [argument],
    ),
  );
  return selectProperties(catalogue, names.flat());
}
