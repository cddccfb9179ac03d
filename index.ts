/**
 * Holdfast as a library: the proposals, the properties, the checkers, the corpus reader, and what it takes to write a proposal
 * or a property of one's own.
 */
export * from './model/state/index.js';
export * from './model/machine/index.js';
export * from './model/kernel/index.js';
export * from './model/mechanisms/index.js';
export * from './model/proposals/index.js';
export * from './checker/index.js';
export { obeys, PropertyViolation, Sequence, sequences } from './checker/sequences.js';
export { properties } from './properties/index.js';
export {
  caseOf,
  CaseSyntaxError,
  parseCase,
  printCase,
  readCorpus,
  replayCase,
  type Case,
} from './corpus/index.js';
export { defineConfig, type HoldfastConfig } from './project/config.js';
export {
  assertCase,
  assertCases,
  assertClaims,
  assertProject,
  HoldfastAssertionError,
  type ClaimOptions,
  type ProjectOptions,
} from './project/assertions.js';
export {
  compareRuns,
  parseScenario,
  readScenarios,
  runScenario,
  type Outcome,
  type RunComparison,
  type Scenario,
  type ScenarioRun,
} from './scenario/index.js';
