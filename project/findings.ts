/** One proposal checked by exhaustive search, in this thread, for assertions. */
import { searchExhaustively, speaksAbout, type Property } from '../checker/index.js';
import type { Bounds, KernelState } from '../model/kernel/index.js';
import { machineOf, type Proposal } from '../model/proposals/index.js';
import type { Finding } from '../report/index.js';
import { findingsFrom } from './finding.js';

export interface SearchScope {
  /** How many of each object; what is not given is the proposal's own. */
  readonly bounds?: Partial<Bounds>;
  /**
   * Calls of the longest sequence looked at. Without it, the whole space within the bounds is looked at; with it, claims may stay
   * undecided, which is no failure.
   */
  readonly depth?: number;
  /** Operations, guards and references (`hold:…`) that are switched off. */
  readonly without?: readonly string[];
}

/** Bytes of the search's tables, so that a test does not take all the machine's memory. */
const MOST_MEMORY = 1e9;

/**
 * What is found out about the properties that speak about the proposal. Throws a RangeError if none does, or if the space is too
 * large to be looked at; and what the rules of the proposal, or a property, throw.
 */
export function findingsOf(
  proposal: Proposal,
  properties: readonly Property<KernelState>[],
  { bounds = {}, depth, without = [] }: SearchScope,
): Finding[] {
  const machine = machineOf(proposal, bounds, { without });
  const spoken = properties.filter((property) => speaksAbout(property, machine.definition.tags ?? []));
  if (spoken.length === 0) {
    const names = properties.map(({ name }) => `'${name}'`).join(', ');
    throw new RangeError(
      `no claim that is asked for speaks about '${proposal.name}': ${names || 'none is given'}`,
    );
  }
  const limits = { maxBytes: MOST_MEMORY, ...(depth === undefined ? {} : { depth }) };
  const { results, stoppedBy } = searchExhaustively(machine, spoken, limits);
  if (stoppedBy === 'memory') {
    throw new RangeError(
      `'${proposal.name}' is too large to be looked at whole: give smaller bounds, or a depth`,
    );
  }
  return findingsFrom(
    proposal,
    spoken.map((property, i) => ({ property, machine, result: results[i]!, isShortest: true })),
  );
}
