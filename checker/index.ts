/**
 * Checking: properties, searches, verdicts, smaller counterexamples. Not sequences for fast-check (`sequences.ts`): no command draws
 * them, and it takes long to load.
 */
export * from './property.js';
export type * from './verdict.js';
export { traceBehind } from './verdict.js';
export {
  isResult,
  Recorder,
  runTrace,
  type Argument,
  type ResultReference,
  type Trace,
  type TraceCall,
} from './trace.js';
export { judgeTrace, type TraceJudgement } from './judge.js';
export { ExhaustiveSearch, searchExhaustively, type ExhaustiveLimits } from './exhaustive.js';
export { help } from './team-helper.js';
export { leave, MOST_THREADS, type Seat } from './team-memory.js';
export type { Helper, Threads } from './team.js';
export type { StoreView } from './state-store.js';
export { BitstateSearch, type BitstateLimits } from './bitstate.js';
export type { Shard } from './shard.js';
export { CheckpointError, type Checkpoint, type CheckpointAccount } from './checkpoint.js';
export { RandomSearch, type RandomLimits } from './random.js';
export type { Progress, Search } from './search.js';
export type { GeneratorOptions } from './generator.js';
export { minimise, minimiseAll, type FoundTrace, type MinimiseOptions } from './minimise.js';
export {
  callText,
  namedObjects,
  outcomeText,
  play,
  type PlayedOutcome,
  type PlayedStep,
  type Playback,
} from './playback.js';
export { shareCauses } from './causes.js';
export { combine } from './combine.js';
export { possibleCalls, type PossibleCall } from './possible-calls.js';
export { NextBreachSearch, type NextBreach } from './next-breach.js';
export { Session, type Branch, type SessionCall } from './session.js';
export { viewState, type NumberTable, type StateView } from './state-view.js';
export { AsymmetryFault, ImpureModelFault, ModelFault, PropertyFault } from './faults.js';
export {
  mutationsOf,
  MutationTest,
  toTheEnd,
  type Drive,
  type Mutation,
  type MutationLimits,
  type MutationResult,
} from './mutations.js';
export {
  NeedsSearch,
  whyNeeded,
  type ClaimNeeds,
  type LetThrough,
  type NeedsLimits,
  type NeedsProgress,
  type NeedsQuestion,
  type NeedsResult,
  type SufficientSet,
} from './needs.js';
export { type RestrictionSet } from './restriction-sets.js';
export {
  countStates,
  stateGraph,
  type GraphCall,
  type GraphEdge,
  type GraphLimits,
  type GraphMark,
  type GraphState,
  type StateGraph,
} from './state-graph.js';
export {
  align,
  UnknownOperationError,
  type Alignment,
  type SameOperations,
  type Sides,
} from './alignment.js';
export type { Aspect } from './comparison.js';
export {
  distinguish,
  DistinguishSearch,
  type DistinguishOptions,
  type DistinguishResult,
} from './distinguish.js';
export type { ContrastFound, Distinction, Refusal } from './distinction.js';
export { interfaceDifferences, type OnlyThere } from './interface.js';
