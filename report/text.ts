/** A report as a person reads it in a terminal. */
import { showClaimTable } from './claim-table.js';
import type { Look } from './look.js';
import type { CaseOutcome, CheckedProposal, Finding, Report } from './report.js';
import { showSearches } from './search-lines.js';
import { counted, findingText, verdictText } from './sentences.js';
import { showFinding } from './show-finding.js';
import { statusOf, tallyOf, type Status } from './status.js';
import { cut } from './wrap.js';

/** Which counterexamples are shown in full; the others get a line each. */
export type ShownInFull = 'unexpected' | 'all';

export function formatText(report: Report, look: Look, inFull: ShownInFull = 'unexpected'): string {
  const found = report.proposals.flatMap((proposal) =>
    proposal.findings.map((finding) => ({ proposal, finding })),
  );
  const ofStatus = (status: Status): Found[] => found.filter(({ finding }) => statusOf(finding) === status);
  const sections = [
    showCases(report.cases, look),
    showClaimTable(report, look),
    showSearches(report.proposals, look),
    showExpected(ofStatus('expected'), look, inFull),
    showUndecided(ofStatus('undecided'), look),
    showFailures(ofStatus('failed'), look),
    showResult(report, look),
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

function showCases(cases: readonly CaseOutcome[], { paint, marks }: Look): string[] {
  const others = cases.filter(({ status }) => status !== 'as-expected');
  const count = counted(cases.length, 'stored case');
  if (others.length === 0) {
    return [cases.length === 0 ? 'No stored cases replayed.' : `${count} replayed: all as expected.`];
  }
  return [
    `${count} replayed: ${cases.length - others.length} as expected, ${paint.red(`${others.length} not`)}.`,
    ...others.map(({ file, title, status, message }) => {
      return `${paint.red(marks.broken)} ${status}: ${file} (${title}): ${message}`;
    }),
  ];
}

function showExpected(found: readonly Found[], look: Look, inFull: ShownInFull): string[] {
  if (found.length === 0) return [];
  const { paint, width, marks } = look;
  if (inFull === 'all') {
    const shown = found.flatMap((item) => ['', ...showInFull(item, look, paint.yellow)]);
    return [paint.bold('Broken, as expected:'), ...shown];
  }
  return [
    paint.bold('Broken, as expected; each command shows how:'),
    ...found.map((item) => {
      const command = commandOf(item);
      const reason = cut(item.finding.expectedReason ?? '', width - command.length - 6, marks.ellipsis);
      return `  ${command}  ${paint.dim(`# ${reason}`)}`;
    }),
  ];
}

/** What shows more of a finding; for one without a counterexample there is no more, and only its name is said. */
function commandOf({ proposal, finding }: Found): string {
  return finding.counterexample?.reproduce ?? `# ${proposal.name} ${finding.property}`;
}

function showUndecided(found: readonly Found[], { paint, marks }: Look): string[] {
  if (found.length === 0) return [];
  return [
    paint.bold('Undecided:'),
    ...found.map(({ proposal, finding }) => {
      return `${paint.magenta(marks.undecided)} ${proposal.name} ${finding.property}: ${findingText(finding)}`;
    }),
  ];
}

function showFailures(found: readonly Found[], look: Look): string[] {
  if (found.length === 0) return [];
  const shown = found.flatMap((item) => ['', ...showInFull(item, look, look.paint.red)]);
  return [look.paint.bold('Not as expected:'), ...shown];
}

function showInFull({ proposal, finding }: Found, look: Look, colour: (text: string) => string): string[] {
  const { paint, marks } = look;
  const name = paint.bold(`${proposal.name} ${finding.property}`);
  // The clause and what was expected stand under the calls.
  const found = finding.counterexample ? verdictText(finding) : findingText(finding);
  return [`${colour(marks.broken)} ${name}: ${found}`, '', ...showFinding(finding, look)];
}

function showResult({ proposals }: Report, { paint }: Look): string[] {
  const findings = proposals.flatMap((proposal) => proposal.findings);
  const tally = tallyOf(findings);
  const limited = findings.filter((f) => f.verdict.kind === 'holds-up-to' && statusOf(f) === 'passed').length;
  const counts = [
    paint.green(`${tally.passed} kept${limited > 0 ? ` (${limited} as far as was looked)` : ''}`),
    ...(tally.expected > 0 ? [paint.yellow(`${tally.expected} broken as expected`)] : []),
    ...(tally.failed > 0 ? [paint.red(`${tally.failed} not as expected`)] : []),
    ...(tally.undecided > 0 ? [paint.magenta(`${tally.undecided} undecided`)] : []),
  ];
  const checked = `${counted(findings.length, 'claim')} checked on ${counted(proposals.length, 'proposal')}`;
  return [`${checked}: ${counts.join(', ')}.`];
}
