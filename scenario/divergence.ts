/** Where designs begin to differ. */
import { gist } from './outcome.js';
import type { ScenarioRun } from './run.js';

export interface Divergence {
  /** Index of the step. */
  readonly step: number;
  /** What the step comes to, without errnos and reasons, and in which designs; those that most agree on first. */
  readonly groups: readonly Group[];
}

export interface Group {
  readonly gist: string;
  readonly proposals: readonly string[];
}

/** Why a design cannot say a scenario to its end; undefined if it can. */
export function whyNotSaid({ steps }: ScenarioRun): string | undefined {
  const last = steps.at(-1)?.outcome;
  return last?.kind === 'cannot-be-said' ? last.why : undefined;
}

/**
 * The first step that does not come to the same in all designs that can say the scenario to its end; undefined if there is
 * none.
 */
export function firstDivergence(runs: readonly ScenarioRun[]): Divergence | undefined {
  const whole = runs.filter((run) => whyNotSaid(run) === undefined);
  const steps = whole[0]?.steps.length ?? 0;
  for (let step = 0; step < steps; step++) {
    const groups = groupsAt(whole, step);
    if (groups.length > 1) return { step, groups };
  }
  return undefined;
}

function groupsAt(runs: readonly ScenarioRun[], step: number): Group[] {
  const groups = new Map<string, string[]>();
  for (const { proposal, steps } of runs) {
    const key = gist(steps[step]!.outcome);
    const known = groups.get(key);
    if (known) known.push(proposal);
    else groups.set(key, [proposal]);
  }
  return [...groups]
    .map(([key, proposals]) => ({ gist: key, proposals }))
    .sort((a, b) => b.proposals.length - a.proposals.length);
}
