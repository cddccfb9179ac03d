/** Scenarios: reading them, and playing them in the calls of each design. */
export { firstDivergence, whyNotSaid, type Divergence, type Group } from './divergence.js';
export type { Outcome } from './outcome.js';
export { parseScenario } from './parse.js';
export { runScenario, type RunStep, type ScenarioRun } from './run.js';
export { FORMS, type Deed, type Scenario, type Step, type Verb } from './scenario.js';
