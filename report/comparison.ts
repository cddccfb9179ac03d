/** What a comparison of designs found out, before it is written in any format. */
import type { RunComparison, Scenario, ScenarioRun } from '../scenario/index.js';
import type { CheckedProposal } from './report.js';

/** A scenario, and how it goes in each design. */
export interface PlayedScenario extends RunComparison {
  readonly name: string;
  readonly scenario: Scenario;
  /** In the order of the designs. */
  readonly runs: readonly ScenarioRun[];
}

export interface Comparison {
  /** Of Holdfast. */
  readonly version: string;
  /** What each design makes of each claim; none where only scenarios are compared. */
  readonly proposals: readonly CheckedProposal[];
  readonly scenarios: readonly PlayedScenario[];
}
