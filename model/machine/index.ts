export * from './errno.js';
export * from './operation.js';
export {
  Machine,
  UnknownSwitchError,
  switchNames,
  type MachineDefinition,
  type Switches,
} from './machine.js';
export {
  callsOf,
  decidingArguments,
  domainSize,
  emptyCounts,
  endsEarly,
  type CallCounts,
  type Counting,
  type Expansion,
  type StepObserver,
} from './compile.js';
export type { RememberingExpansion } from './remembering.js';
export {
  nobodyMay,
  restrictedMachine,
  type Forbidden,
  type Restriction,
  type StepTest,
} from './restriction.js';
