/** Scenarios: reading them, and playing them in the calls of each design. */
export { compareRuns, type Divergence, type Group, type RunComparison, type Unsaid } from './divergence.js';
export type { Outcome } from './outcome.js';
export { parseScenario } from './parse.js';
export { machineFor, runScenario, type RunStep, type ScenarioRun } from './run.js';
export { FORMS, type Deed, type Scenario, type Step, type Verb } from './scenario.js';
export { readScenario, readScenarios, SCENARIO_SUFFIX, type StoredScenario } from './store.js';
