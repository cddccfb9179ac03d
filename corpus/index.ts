/** Cases as text: reading, writing, replaying and keeping them. */
export { acceptCase, type Acceptance } from './accept.js';
export { bindCase, bindNext, isReserved, type BoundCase } from './bind.js';
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
  type Script,
} from './case.js';
export {
  builtFor,
  checkName,
  claimSettingOf,
  replayFrom,
  settingOf,
  type Catalogue,
  type ClaimSetting,
  type Setting,
} from './catalogue.js';
export { explainVerdict } from './explain.js';
export { findingOf, type Finding } from './finding.js';
export { fingerprint } from './fingerprint.js';
export { caseOf, withOutcomes, withoutNeedlessBounds, type CaseAbout, type NamedTrace } from './make.js';
export { whyImpossible } from './impossible.js';
export { callsInMail, isMail, type MailText } from './mail.js';
export { parseCase } from './parse.js';
export { parseScript, parseTyped } from './parse-script.js';
export { fillScript } from './fill-script.js';
export {
  ASKED,
  isAsExpected,
  tryScript,
  type ScriptBreach,
  type TriedCall,
  type TriedExpectation,
  type TriedScript,
} from './try-script.js';
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
  readText,
  writeCase,
  writeNewFile,
  type CorpusEntry,
} from './store.js';
export { shellWord } from './shell-word.js';
export { CaseSyntaxError } from './syntax-error.js';
export { remedyFor } from './nearest.js';
