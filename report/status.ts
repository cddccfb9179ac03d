/** Whether a result is what was expected: of one finding, and of a whole report. */
import type { Finding, Report } from './report.js';

/**
 * `passed`: the claim is kept as far as was looked. `expected`: it is not, and that is known of the design. `failed`: it
 * is not, and nobody expected it, or it is kept although that was not expected. `undecided`: nothing can be said.
 */
export type Status = 'passed' | 'expected' | 'failed' | 'undecided';

export function statusOf({ verdict, expectedReason }: Finding): Status {
  const expected = expectedReason !== undefined;
  switch (verdict.kind) {
    case 'violated':
    case 'vacuous':
    case 'witness-missing':
      return expected ? 'expected' : 'failed';
    case 'holds':
    case 'witnessed':
      return expected ? 'failed' : 'passed';
    case 'holds-up-to':
      // The expected violation may lie behind the bound.
      return expected ? 'undecided' : 'passed';
    case 'undecided':
      return 'undecided';
  }
}

/** How many findings have each status. */
export type Tally = Readonly<Record<Status, number>>;

export function tallyOf(findings: readonly Finding[]): Tally {
  const tally = { passed: 0, expected: 0, failed: 0, undecided: 0 };
  for (const finding of findings) tally[statusOf(finding)]++;
  return tally;
}

export interface ExitOptions {
  /** Undecided is not good enough. */
  readonly strict: boolean;
}

/**
 * What a process that made this report exits with. 0: all as expected. 1: a finding failed, or a case is not as expected.
 * 2: none of these, but a finding is undecided, and that was asked to matter.
 */
export function exitCode(report: Report, { strict }: ExitOptions): 0 | 1 | 2 {
  const { failed, undecided } = tallyOf(report.proposals.flatMap(({ findings }) => findings));
  if (failed > 0 || report.cases.some(({ status }) => status !== 'as-expected')) return 1;
  return strict && undecided > 0 ? 2 : 0;
}
