export type * from './report.js';
export { exitCode, statusOf, tallyOf, type ExitOptions, type Status, type Tally } from './status.js';
export type { Account, AccountVerdict } from './account.js';
export {
  ACCOUNT_FORMATS,
  formatAccount,
  FORMATS,
  formatReport,
  type AccountFormat,
  type Format,
  type FormatOptions,
} from './format.js';
export { createLook, createPaint, type Look, type LookOptions, type Paint } from './look.js';
export { showPlayback } from './show-playback.js';
export { hasCounterexample, showFinding, showHeaded, type BrokenFinding } from './show-finding.js';
export { itfTrace, type ItfState, type ItfTrace, type ItfValue } from './itf.js';
export { formatDot, type DotOptions } from './dot.js';
export { svgOf } from './svg.js';
export { NotOnLinuxError } from './libbpf/not-on-linux.js';
export { libbpfProgram } from './libbpf/program.js';
export { sequenceDiagram } from './mermaid.js';
export { selectCounterexamples, type SelectedCounterexample, type Selection } from './selection.js';
export type { ShownInFull } from './text.js';
export { showClaims, type JudgedClaim } from './show-claims.js';
export { columns, loadTables } from './columns.js';
export { counted } from './sentences.js';
export { hangingWords, wrapWords } from './wrap.js';
export { showPossibleCalls, type NumberedCall } from './show-possible-calls.js';
export { showStep } from './show-step.js';
export { showState } from './show-state.js';
export { showTriedScript } from './show-tried-script.js';
export { triedScriptJson } from './tried-script-json.js';
export { showSideBySide, type Column, type SideBySide } from './side-by-side.js';
export type * from './needs.js';
export { onlyBroken } from './needs.js';
export { formatNeedsJson } from './needs-json.js';
export { formatNeedsClaims, formatNeedsTable, type SetsShown } from './needs-text.js';
export { isAccountedFor, standingOf, unprotected } from './guards.js';
export type * from './guards.js';
export { formatGuardsJson } from './guards-json.js';
export { formatGuardsText, type GuardsShown } from './guards-text.js';
export type * from './diff.js';
export { formatDiffJson } from './diff-json.js';
export { formatDiffText, type DiffShown } from './diff-text.js';
export type * from './comparison.js';
export { formatComparisonJson } from './comparison-json.js';
export { showComparison } from './comparison-text.js';
export { showScenario, type CellDetail } from './scenario-text.js';
export type * from './conform.js';
export { agrees } from './conform.js';
export { formatConformJson } from './conform-json.js';
export { formatConformText, type CoverageShown } from './conform-text.js';
