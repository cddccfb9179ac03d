/** What a finding came to, in one sentence without a full stop. */
import { grouped } from '../checker/grouped.js';
import type { Finding } from './report.js';
import { statusOf } from './status.js';

/** `1 call`, `2 calls`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** How long a trace is: `by 4 calls`; a trace without calls is `in the first state`. */
export function lengthText(calls: number): string {
  return calls === 0 ? 'in the first state' : `by ${counted(calls, 'call')}`;
}

/** What was found, in the fewest words. */
export function verdictText({ verdict }: Finding): string {
  switch (verdict.kind) {
    case 'holds':
      return 'holds';
    case 'holds-up-to':
      return `holds for ${verdict.bound}`;
    case 'violated':
      return `broken ${lengthText(verdict.counterexample.trace.length)}`;
    case 'vacuous':
      return 'vacuous: the situation that the claim speaks about never arises';
    case 'witnessed':
      return `reached ${lengthText(verdict.example.length)}`;
    case 'witness-missing':
      return 'missing: no sequence of calls gets there';
    case 'undecided':
      return `undecided: ${verdict.why}`;
  }
}

/** What was found, which clause is broken, and what was expected instead. */
export function findingText(finding: Finding): string {
  const { verdict, expectedReason } = finding;
  const clause = verdict.kind === 'violated' ? `: ${verdict.counterexample.clause}` : '';
  const found = verdictText(finding) + clause;
  if (expectedReason === undefined) return found;
  if (statusOf(finding) === 'expected') return `${found} (expected: ${expectedReason})`;
  return `${found}, but was expected to be broken (${expectedReason})`;
}
