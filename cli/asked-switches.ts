/** Which guards and references of a proposal names mean. */
import { mutationsOf, type Mutation } from '../checker/index.js';
import { remedyFor } from '../corpus/index.js';
import type { KernelState } from '../model/kernel/model.js';
import type { Machine } from '../model/machine/index.js';
import type { Proposal } from '../model/proposals/index.js';
import { FaultyInputError, UsageError } from './errors.js';

/**
 * The guards and references to be switched off in turn: those named, all if none is. Throws a UsageError for a name that the proposal
 * does not have, a FaultyInputError if it explains something that it does not have.
 */
export function askedSwitches(
  { name: proposal, unneeded = {} }: Proposal,
  machine: Machine<KernelState>,
  only: readonly string[],
): readonly Mutation[] {
  const all = mutationsOf(machine);
  for (const name of Object.keys(unneeded)) {
    if (meantBy(name, all).length > 0) continue;
    throw new FaultyInputError(
      `The proposal '${proposal}' explains in 'unneeded' why it has '${name}', and has no such guard or reference: ` +
        remedyFor(name, namesOf(all)),
    );
  }
  if (only.length === 0) return all;
  for (const name of only) {
    if (meantBy(name, all).length > 0) continue;
    throw new UsageError(
      `'${proposal}' has no guard or reference '${name}': ${remedyFor(name, namesOf(all))}`,
    );
  }
  const meant = new Set(only.flatMap((name) => meantBy(name, all)));
  return all.filter((mutation) => meant.has(mutation));
}

/** Those that a name means: one, or a guard of all operations that have it. */
function meantBy(name: string, mutations: readonly Mutation[]): Mutation[] {
  return mutations.filter((mutation) => mutation.name === name || mutation.guard?.guard === name);
}

function namesOf(mutations: readonly Mutation[]): string[] {
  return [...new Set(mutations.flatMap(({ name, guard }) => (guard ? [name, guard.guard] : [name])))];
}
