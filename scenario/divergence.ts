/** Where designs begin to differ in a scenario. */
import { gist } from './outcome.js';
import type { ScenarioRun } from './run.js';

export interface RunComparison {
  /** The designs that have no call for some step, in the order of the runs. */
  readonly unsaid: readonly Unsaid[];
  /** The first step that does not come to the same in all the others; undefined if there is none. */
  readonly divergence: Divergence | undefined;
}

export interface Unsaid {
  readonly proposal: string;
  readonly why: string;
}

export interface Divergence {
  /** Index of the step. */
  readonly step: number;
  /** What the step comes to, and in which designs; what most agree on first. */
  readonly groups: readonly Group[];
}

export interface Group {
  /** `done`, `refused`, or the programs that a packet met: errnos and reasons make no difference. */
  readonly gist: string;
  readonly proposals: readonly string[];
}

export function compareRuns(runs: readonly ScenarioRun[]): RunComparison {
  const unsaid = runs.flatMap(({ proposal, steps }) => {
    const last = steps.at(-1)?.outcome;
    return last?.kind === 'cannot-be-said' ? [{ proposal, why: last.why }] : [];
  });
  const said = runs.filter(({ proposal }) => !unsaid.some((other) => other.proposal === proposal));
  return { unsaid, divergence: firstDivergence(said) };
}

function firstDivergence(runs: readonly ScenarioRun[]): Divergence | undefined {
  const steps = runs[0]?.steps.length ?? 0;
  for (let step = 0; step < steps; step++) {
    const groups = groupsAt(runs, step);
    if (groups.length > 1) return { step, groups };
  }
  return undefined;
}

function groupsAt(runs: readonly ScenarioRun[], step: number): Group[] {
  const gists = runs.map(({ steps }) => gist(steps[step]!.outcome));
  return [...new Set(gists)]
    .map((wanted) => ({
      gist: wanted,
      proposals: runs.filter((_, i) => gists[i] === wanted).map(({ proposal }) => proposal),
    }))
    .sort((a, b) => b.proposals.length - a.proposals.length);
}
