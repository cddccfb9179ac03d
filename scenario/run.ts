/** A scenario played in one design. */
import { play as playBack, type PlayedStep } from '../checker/playback.js';
import { roomyBounds } from '../corpus/bounds.js';
import {
  BOUND_LIMITS,
  PLACEHOLDER,
  type BoundName,
  type Bounds,
  type KernelState,
} from '../model/kernel/index.js';
import type { Machine } from '../model/machine/index.js';
import { machineOf, type Proposal } from '../model/proposals/proposal.js';
import { perform } from './lower.js';
import type { Outcome } from './outcome.js';
import { Play } from './play.js';
import type { Scenario } from './scenario.js';
import { Stage } from './stage.js';

export interface ScenarioRun {
  /** The name of the design. */
  readonly proposal: string;
  /** As many as the design can say: all of them, or those up to the one that it has no call for. */
  readonly steps: readonly RunStep[];
}

export interface RunStep {
  readonly outcome: Outcome;
  /** The calls that were made for it, the one that was refused included. */
  readonly calls: readonly PlayedStep[];
}

/** A machine in which a design can play a scenario: nothing fails for want of room. Throws what building it throws. */
export function machineFor(scenario: Scenario, proposal: Proposal): Machine<KernelState> {
  return machineOf(proposal, roomFor(scenario, proposal).bounds);
}

/**
 * Plays a scenario in a design, in a machine with room enough for all of it. Throws a ModelFault if a rule of the design throws,
 * and what building its machine throws.
 */
export function runScenario(scenario: Scenario, proposal: Proposal): ScenarioRun {
  const stage = new Stage(machineFor(scenario, proposal));
  const play = new Play(stage, proposal, roomFor(scenario, proposal).paths);
  const played: { readonly outcome: Outcome; readonly from: number; readonly to: number }[] = [];
  for (const step of scenario.steps) {
    const from = stage.trace.length;
    const outcome = perform(play, step);
    played.push({ outcome, from, to: stage.trace.length });
    if (outcome.kind === 'cannot-be-said') break;
  }
  const { steps: calls } = playBack(stage.machine, stage.trace, stage.names);
  const steps = played.map(({ outcome, from, to }) => {
    const seen = to > from ? stage.sights.get(from) : undefined;
    const shown = seen === undefined ? outcome : whatWasMet(calls[from]!, seen);
    return { outcome: shown, calls: calls.slice(from, to) };
  });
  return { proposal: proposal.name, steps };
}

/** The programs that a packet met, by name. */
function whatWasMet({ outcome }: PlayedStep, seen: readonly number[]): Outcome {
  const words = outcome.kind === 'saw' ? outcome.words : [];
  return { kind: 'met', programs: words.filter((_, i) => seen[i]! < PLACEHOLDER) };
}

/** Bounds in which nothing fails for want of room: a step is two calls at most that make something. */
function roomFor(
  scenario: Scenario,
  proposal: Proposal,
): { readonly bounds: Bounds; readonly paths: number } {
  const roomy = roomyBounds({ calls: scenario.steps.map(({ call }) => call), bounds: {} }, proposal.bounds);
  const names = Object.keys(roomy) as BoundName[];
  const doubled = names.map((name) => {
    const isDoubled = name !== 'processes' && name !== 'devices';
    return [name, Math.min(roomy[name] * (isDoubled ? 2 : 1), BOUND_LIMITS[name])] as const;
  });
  return { bounds: Object.fromEntries(doubled) as Record<BoundName, number>, paths: roomy.pins };
}
