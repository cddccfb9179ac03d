/** What a search found out about a property, in full: made minimal, played, and beside what is expected of the proposal. */
import {
  judgeTrace,
  minimise,
  namedObjects,
  play,
  type MinimiseOptions,
  type Property,
  type PropertyResult,
} from '../checker/index.js';
import type { KernelState } from '../model/kernel/index.js';
import type { Machine } from '../model/machine/index.js';
import type { Proposal } from '../model/proposals/index.js';
import type { Finding } from '../report/index.js';

/** A result of a search. */
export interface Found {
  /** On which its traces mean something. */
  readonly machine: Machine<KernelState>;
  readonly result: PropertyResult;
  /** Nothing shorter can be found: an exhaustive search found it. */
  readonly isShortest: boolean;
}

/** Where a proposal's space is too large to be closed, little of it is searched for something shorter. */
function minimisingEffort({ reach }: Proposal, isShortest: boolean): MinimiseOptions {
  if (isShortest) return { searchStates: 0 };
  return reach === undefined ? {} : { searchStates: Math.ceil(reach / 10) };
}

/** A counterexample has no command that reproduces it yet: that depends on who asked. */
export function findingOf(
  proposal: Proposal,
  property: Property<KernelState>,
  { machine, result, isShortest }: Found,
): Finding {
  const { name, claim, source, kind } = property;
  const expectedReason = proposal.expected?.[name];
  const expected = expectedReason === undefined ? {} : { expectedReason };
  const base = { property: name, claim, source, kind, spoke: result.spoke, ...expected };
  const { verdict } = result;
  const searched = minimisingEffort(proposal, isShortest);
  if (verdict.kind === 'witnessed') {
    const example = minimise(machine, property, verdict.example, searched);
    return { ...base, verdict: { kind: 'witnessed', example }, example: play(machine, example) };
  }
  if (verdict.kind !== 'violated') return { ...base, verdict };
  const trace = minimise(machine, property, verdict.counterexample.trace, searched);
  const playback = play(machine, trace);
  // The clause as it reads on the minimal trace, where processes may have other names.
  const { clause, objects } = judgeTrace(machine, property, trace).broken ?? verdict.counterexample;
  return {
    ...base,
    verdict: { kind: 'violated', counterexample: { trace, clause, objects } },
    counterexample: { playback, clause, objects: namedObjects(playback, objects), reproduce: '' },
  };
}
