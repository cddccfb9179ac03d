/** Cases as text: reading, writing, replaying and keeping them. */
export { acceptCase, type Acceptance } from './accept.js';
export { bindCase, type BoundCase } from './bind.js';
export { roomyBounds } from './bounds.js';
export {
  EXPECTATIONS,
  HEADERS,
  textOf,
  type CallPositions,
  type CallText,
  type Case,
  type CaseLine,
  type CasePositions,
  type CaseText,
  type Expectation,
  type HeaderName,
  type Position,
} from './case.js';
export { replayFrom, settingOf, type Catalogue, type Setting } from './catalogue.js';
export { explainVerdict } from './explain.js';
export { findingOf, type Finding } from './finding.js';
export { fingerprint } from './fingerprint.js';
export { caseOf, withoutNeedlessBounds, type CaseAbout } from './make.js';
export { parseCase } from './parse.js';
export { caseFrom, printCall, printCase } from './print.js';
export { byPath, CASE_SUFFIX } from './path-order.js';
export { pruneDuplicates, type Duplicate } from './prune.js';
export { replayCase, type CaseVerdict, type OutcomeChange } from './replay.js';
export {
  addCase,
  CorpusReadError,
  CorpusWriteError,
  overwriteCase,
  readCaseFile,
  readCorpus,
  writeCase,
  type CorpusEntry,
} from './store.js';
export { CaseSyntaxError } from './syntax-error.js';
export { remedyFor } from './nearest.js';
