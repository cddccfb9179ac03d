/**
 * JUnit's XML as Jenkins and GitLab read it: a suite for the stored cases and one for each proposal, with a test for each
 * property that speaks about it. GitLab shows `classname` as the suite, so it is the proposal's name.
 */
import type { Look } from './look.js';
import type { CaseOutcome, CheckedProposal, Finding, Report } from './report.js';
import { findingText } from './sentences.js';
import { showFinding } from './show-finding.js';
import { statusOf } from './status.js';
import { formatXml, type Element } from './xml.js';

/** How a test ended; JUnit tells what was tested and is wrong (failure) from what could not be tested (error). */
type Ending = 'passed' | 'failure' | 'error' | 'skipped';

interface Test {
  readonly ending: Ending;
  readonly element: Element;
}

export function formatJunit(report: Report, look: Look): string {
  const suites = [
    ...(report.cases.length > 0 ? [caseSuite(report.cases)] : []),
    ...report.proposals.map((proposal) => proposalSuite(proposal, look)),
  ];
  const tests = suites.flatMap((suite) => suite.tests);
  return formatXml({
    name: 'testsuites',
    attributes: { name: 'holdfast', ...countsOf(tests) },
    children: suites.map(({ element }) => element),
  });
}

interface Suite {
  readonly tests: readonly Test[];
  readonly element: Element;
}

function caseSuite(cases: readonly CaseOutcome[]): Suite {
  return suite('stored cases', cases.map(caseTest));
}

function proposalSuite({ name, findings, searches }: CheckedProposal, look: Look): Suite {
  const milliseconds = searches.reduce((sum, search) => sum + search.milliseconds, 0);
  const tests = findings.map((finding) => findingTest(name, finding, look));
  return suite(name, tests, (milliseconds / 1000).toFixed(3));
}

function suite(name: string, tests: readonly Test[], time?: string): Suite {
  const attributes = { name, ...countsOf(tests), time };
  return { tests, element: { name: 'testsuite', attributes, children: tests.map(({ element }) => element) } };
}

function countsOf(tests: readonly Test[]): Record<string, number> {
  const count = (ending: Ending): number => tests.filter((test) => test.ending === ending).length;
  return {
    tests: tests.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  };
}

function caseTest({ file, title, status, message }: CaseOutcome): Test {
  const ending = status === 'as-expected' ? 'passed' : status === 'changed' ? 'failure' : 'error';
  const children =
    ending === 'passed' ? [] : [{ name: ending, attributes: { message, type: status }, text: title }];
  return {
    ending,
    element: { name: 'testcase', attributes: { classname: 'stored cases', name: file }, children },
  };
}

function findingTest(proposal: string, finding: Finding, look: Look): Test {
  const ending = endingOf(finding);
  const attributes = { classname: proposal, name: finding.property };
  return {
    ending,
    element: { name: 'testcase', attributes, children: endingElements(finding, ending, look) },
  };
}

function endingOf(finding: Finding): Ending {
  switch (statusOf(finding)) {
    case 'passed':
    case 'expected':
      return 'passed';
    case 'failed':
      return 'failure';
    case 'undecided':
      return 'skipped';
  }
}

function endingElements(finding: Finding, ending: Ending, look: Look): Element[] {
  const message = findingText(finding);
  switch (ending) {
    case 'passed':
      return finding.verdict.kind === 'holds' ? [] : [{ name: 'system-out', text: message }];
    case 'skipped':
      return [{ name: 'skipped', attributes: { message } }];
    case 'failure':
    case 'error':
      return [
        {
          name: 'failure',
          attributes: { message, type: finding.verdict.kind },
          text: `\n${showFinding(finding, look).join('\n')}\n`,
        },
      ];
  }
}
