/**
 * The Kernel Test Anything Protocol, version 1: https://docs.kernel.org/dev-tools/ktap.html
 *
 * The stored cases are one test, and each proposal is one, with a subtest for each property that any proposal was checked
 * for. What is expected to be broken and is passes, with the directive XFAIL; what is undecided, and what does not speak
 * about the proposal, is skipped.
 */
import { claimRows } from './claims.js';
import type { Look } from './look.js';
import type { CaseOutcome, Finding, Report } from './report.js';
import { findingText } from './sentences.js';
import { showFinding } from './show-finding.js';
import { statusOf } from './status.js';
import { oneLine } from './wrap.js';

/** A test that has been run: what was found is known. */
interface Test {
  readonly name: string;
  readonly ok: boolean;
  /** A word and why: `SKIP not decided`. */
  readonly directive?: string;
  readonly diagnostics: readonly string[];
}

export function formatKtap(report: Report, look: Look): string {
  const tests: Group[] = [
    ...(report.cases.length > 0 ? [{ name: 'stored cases', tests: report.cases.map(caseTest) }] : []),
    ...report.proposals.map((proposal, i) => ({
      name: proposal.name,
      tests: claimRows(report).map(({ property, findings }) => findingTest(property, findings[i], look)),
    })),
  ];
  const lines = ['KTAP version 1', `1..${tests.length}`, ...tests.flatMap(groupLines)];
  return lines.map((line) => `${line}\n`).join('');
}

interface Group {
  readonly name: string;
  readonly tests: readonly Test[];
}

function groupLines({ name, tests }: Group, index: number): string[] {
  const ok = tests.every((test) => test.ok);
  const isSkipped = tests.every(({ directive }) => directive?.startsWith('SKIP'));
  const inner = [
    'KTAP version 1',
    `# Subtest: ${plain(name)}`,
    `1..${tests.length}`,
    ...tests.flatMap((test, i) => testLines(test, i)),
  ];
  const result: Test = {
    name,
    ok,
    diagnostics: [],
    ...(isSkipped ? { directive: 'SKIP nothing was decided' } : {}),
  };
  return [...inner.map((line) => `  ${line}`), ...testLines(result, index)];
}

function testLines({ name, ok, directive, diagnostics }: Test, index: number): string[] {
  const result = `${ok ? 'ok' : 'not ok'} ${index + 1} ${plain(name)}`;
  return [
    ...diagnostics.map((line) => `# ${line}`.trimEnd()),
    directive === undefined ? result : `${result} # ${oneLine(directive)}`,
  ];
}

function caseTest({ file, title, status, message }: CaseOutcome): Test {
  if (status === 'as-expected') return { name: file, ok: true, diagnostics: [] };
  return {
    name: file,
    ok: false,
    diagnostics: [oneLine(`${file}: ${title}`), oneLine(`${status}: ${message}`)],
  };
}

function findingTest(name: string, finding: Finding | undefined, look: Look): Test {
  if (!finding)
    return { name, ok: true, directive: 'SKIP does not speak about this proposal', diagnostics: [] };
  const text = oneLine(findingText(finding));
  switch (statusOf(finding)) {
    case 'passed':
      return {
        name,
        ok: true,
        diagnostics: finding.verdict.kind === 'holds-up-to' ? [`${name}: ${text}`] : [],
      };
    case 'expected':
      return { name, ok: true, directive: `XFAIL ${text}`, diagnostics: [] };
    case 'undecided':
      return { name, ok: true, directive: `SKIP ${text}`, diagnostics: [] };
    case 'failed':
      return {
        name,
        ok: false,
        diagnostics: [`${name}: ${text}`, ...showFinding(finding, look).map(oneLine)],
      };
  }
}

/** A description must not contain a hash sign, which begins a directive. */
function plain(name: string): string {
  return oneLine(name).replaceAll('#', '');
}
