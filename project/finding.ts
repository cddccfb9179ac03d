/** What a search found out about a property, in full: made minimal, played, and beside what is expected of the proposal. */
import {
  judgeTrace,
  minimiseAll,
  namedObjects,
  play,
  traceBehind,
  type FoundTrace,
  type MinimiseOptions,
  type Property,
  type PropertyResult,
  type Trace,
} from '../checker/index.js';
import type { KernelState } from '../model/kernel/index.js';
import type { Machine } from '../model/machine/index.js';
import type { Proposal } from '../model/proposals/index.js';
import type { Finding } from '../report/index.js';

/** A result of a search. */
export interface Found {
  readonly property: Property<KernelState>;
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
export function findingOf(proposal: Proposal, found: Found): Finding {
  return findingsFrom(proposal, [found])[0]!;
}

/** As {@link findingOf}, of several results: what was found on one machine is made minimal together. */
export function findingsFrom(proposal: Proposal, found: readonly Found[]): Finding[] {
  const traces = minimalTraces(proposal, found);
  return found.map((one) => shownFinding(proposal, one, traces.get(one)));
}

/** The minimal form of the trace of each result that has one. */
function minimalTraces(proposal: Proposal, found: readonly Found[]): ReadonlyMap<Found, Trace> {
  const minimal = new Map<Found, Trace>();
  for (const isShortest of [true, false]) {
    const alike = found.filter((one) => one.isShortest === isShortest && traceBehind(one.result.verdict));
    for (const machine of new Set(alike.map((one) => one.machine))) {
      const together = alike.filter((one) => one.machine === machine);
      const traces = together.map(({ property, result }): FoundTrace<KernelState> => {
        return { property, trace: traceBehind(result.verdict)! };
      });
      minimiseAll(machine, traces, minimisingEffort(proposal, isShortest)).forEach((trace, i) => {
        minimal.set(together[i]!, trace);
      });
    }
  }
  return minimal;
}

function shownFinding(
  proposal: Proposal,
  { property, machine, result }: Found,
  trace: Trace | undefined,
): Finding {
  const { name, claim, source, kind } = property;
  const expectedReason = proposal.expected?.[name];
  const expected = expectedReason === undefined ? {} : { expectedReason };
  const base = { property: name, claim, source, kind, spoke: result.spoke, ...expected };
  const { verdict } = result;
  if (!trace) return { ...base, verdict };
  const playback = play(machine, trace);
  if (verdict.kind !== 'violated')
    return { ...base, verdict: { kind: 'witnessed', example: trace }, example: playback };
  // The clause as it reads on the minimal trace, where processes may have other names.
  const { clause, objects } = judgeTrace(machine, property, trace).broken ?? verdict.counterexample;
  return {
    ...base,
    verdict: { kind: 'violated', counterexample: { trace, clause, objects } },
    counterexample: { playback, clause, objects: namedObjects(playback, objects), reproduce: '' },
  };
}
