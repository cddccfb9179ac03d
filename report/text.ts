/** A report as a person reads it in a terminal. */
import { showClaimTable } from './claim-table.js';
import { columns, GAP } from './columns.js';
import type { Look } from './look.js';
import type { CaseOutcome, CheckedProposal, Finding, Report } from './report.js';
import { showSearches } from './search-lines.js';
import { counted, findingText } from './sentences.js';
import { showHeaded } from './show-finding.js';
import { showStatistics } from './statistics-text.js';
import { statusOf, tallyOf, type Status } from './status.js';
import { cellText } from './verdict-cell.js';
import { hangingWords, wrapWords } from './wrap.js';

const INDENT = '  ';

/** Characters a reason gets at least, however narrow the terminal. */
const LEAST_REASON = 30;

/** Which counterexamples are shown in full; the others get a line each. */
export type ShownInFull = 'unexpected' | 'all';

/** What is shown besides: how often each operation was tried and refused, and how the witnesses were reached, or nearly. */
export type ShownStatistics = 'left-out' | 'shown';

export function formatText(
  report: Report,
  look: Look,
  inFull: ShownInFull = 'unexpected',
  statistics: ShownStatistics = 'left-out',
): string {
  const found = report.proposals.flatMap((proposal) =>
    proposal.findings.map((finding) => ({ proposal, finding })),
  );
  const ofStatus = (status: Status): Found[] => found.filter(({ finding }) => statusOf(finding) === status);
  const sections = [
    showCases(report.cases, look),
    showClaimTable(report, look),
    showSearches(report.proposals, look),
    statistics === 'shown' ? showStatistics(report.proposals, look) : [],
    showExpected(ofStatus('expected'), look, inFull),
    showUndecided(ofStatus('undecided'), look),
    showFailures(ofStatus('failed'), look),
    [...showResult(report, look), ...(statistics === 'shown' ? [] : showHint(found, look))],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

interface Found {
  readonly proposal: CheckedProposal;
  readonly finding: Finding;
}

function showCases(cases: readonly CaseOutcome[], { paint, marks, width }: Look): string[] {
  const others = cases.filter(({ status }) => status !== 'as-expected');
  const count = counted(cases.length, 'stored case');
  if (others.length === 0) {
    return [cases.length === 0 ? 'No stored cases replayed.' : `${count} replayed: all as expected.`];
  }
  return [
    `${count} replayed: ${cases.length - others.length} as expected, ${others.length} not.`,
    ...others.flatMap(({ file, title, status, message }) =>
      hangingWords(`${marks.broken} ${status}: ${file} (${title}): ${message}`, width).map(paint.red),
    ),
  ];
}

function showExpected(found: readonly Found[], look: Look, inFull: ShownInFull): string[] {
  if (found.length === 0) return [];
  const { paint, width } = look;
  if (inFull === 'all') {
    const shown = found.flatMap((item) => [
      '',
      ...showHeaded(item.proposal.name, item.finding, look, paint.yellow),
    ]);
    return [paint.bold('Broken, as expected:'), ...shown];
  }
  const proposals = [...new Set(found.map(({ proposal }) => proposal))];
  const example = found.find(({ finding }) => finding.counterexample) ?? found[0]!;
  const command = `npx holdfast check ${example.proposal.name} --property ${example.finding.property} --all`;
  return [
    paint.bold('Broken, as expected, and why:'),
    ...hangingWords(`(the calls are shown by: ${command})`, width).map(paint.dim),
    ...proposals.flatMap((proposal) => {
      const ofProposal = found.filter((item) => item.proposal === proposal);
      return ['', proposal.name, ...showReasons(ofProposal, look).map((line) => INDENT + line)];
    }),
  ];
}

/** Names in one column, the lengths of the shortest sequences in the next, and the reasons in what is left. */
function showReasons(found: readonly Found[], { paint, marks, width }: Look): string[] {
  const names = Math.max(...found.map(({ finding }) => finding.property.length));
  const cells = Math.max(...found.map(({ finding }) => cellText(finding, marks).length));
  const room = Math.max(LEAST_REASON, width - INDENT.length - names - cells - 2 * GAP);
  const rows = found.map(({ finding }) => [
    finding.property,
    paint.yellow(cellText(finding, marks)),
    wrapWords(finding.expectedReason ?? '', room).join('\n'),
  ]);
  return columns(rows);
}

function showUndecided(found: readonly Found[], { paint, marks, width }: Look): string[] {
  if (found.length === 0) return [];
  const lines = found.flatMap(({ proposal, finding }) => {
    const why = finding.verdict.kind === 'undecided' ? finding.verdict.why : findingText(finding);
    return hangingWords(`${marks.undecided} ${proposal.name} ${finding.property}: ${why}`, width);
  });
  return [paint.bold('Undecided:'), ...lines.map(paint.magenta)];
}

function showFailures(found: readonly Found[], look: Look): string[] {
  if (found.length === 0) return [];
  const shown = found.flatMap((item) => [
    '',
    ...showHeaded(item.proposal.name, item.finding, look, look.paint.red),
  ]);
  return [look.paint.bold('Not as expected:'), ...shown];
}

/** Where something was never reached, how to see what was. */
function showHint(found: readonly Found[], { paint, width }: Look): string[] {
  const unreached = found.find(({ finding }) =>
    ['vacuous', 'witness-missing'].includes(finding.verdict.kind),
  );
  if (!unreached) return [];
  const { proposal, finding } = unreached;
  const command = `npx holdfast check ${proposal.name} --property ${finding.property} --statistics`;
  return hangingWords(`(what was tried, and how near it came: ${command})`, width).map(paint.dim);
}

function showResult({ proposals }: Report, { paint, width }: Look): string[] {
  const findings = proposals.flatMap((proposal) => proposal.findings);
  const tally = tallyOf(findings);
  const limited = findings.filter((f) => f.verdict.kind === 'holds-up-to' && statusOf(f) === 'passed').length;
  const counts = [
    `${tally.passed} kept${limited > 0 ? ` (${limited} as far as was looked)` : ''}`,
    ...(tally.expected > 0 ? [`${tally.expected} broken as expected`] : []),
    ...(tally.failed > 0 ? [`${tally.failed} not as expected`] : []),
    ...(tally.undecided > 0 ? [`${tally.undecided} undecided`] : []),
  ];
  const checked = `${counted(findings.length, 'claim')} checked on ${counted(proposals.length, 'proposal')}`;
  const colour = tally.failed > 0 ? paint.red : tally.undecided > 0 ? paint.magenta : paint.green;
  return hangingWords(`${checked}: ${counts.join(', ')}.`, width).map(colour);
}
