/** A finding in a table: a few characters, a colour, and the legend that explains them. */
import { columns } from './columns.js';
import type { Look, Paint } from './look.js';
import type { Marks } from './marks.js';
import type { Finding } from './report.js';
import { statusOf } from './status.js';

/** A finding in a few characters; undefined is a claim that does not speak about the proposal. */
export function cellText(finding: Finding | undefined, marks: Marks): string {
  if (!finding) return marks.silent;
  const text = verdictMark(finding, marks);
  return statusOf(finding) === 'failed' ? `${text} ${marks.unexpected}` : text;
}

function verdictMark({ verdict }: Finding, marks: Marks): string {
  switch (verdict.kind) {
    case 'holds':
      return 'holds';
    case 'holds-up-to':
      return `${marks.upTo} bound`;
    case 'violated':
      return `${marks.broken} ${verdict.counterexample.trace.length}`;
    case 'vacuous':
      return 'vacuous';
    case 'witnessed':
      return `in ${verdict.example.length}`;
    case 'witness-missing':
      return 'missing';
    case 'undecided':
      return marks.undecided;
  }
}

/** The colour of a cell: green for kept, yellow for broken as expected, red for what needs a look. */
export function paintOf(finding: Finding | undefined, paint: Paint): (text: string) => string {
  if (!finding) return paint.dim;
  switch (statusOf(finding)) {
    case 'passed':
      return finding.verdict.kind === 'holds-up-to' ? paint.cyan : paint.green;
    case 'expected':
      return paint.yellow;
    case 'failed':
      return (text) => paint.bold(paint.red(text));
    case 'undecided':
      return paint.magenta;
  }
}

/** What the cells mean, of those only that are there. */
export function showLegend(findings: readonly (Finding | undefined)[], { paint, marks }: Look): string[] {
  const shows = (kind: Finding['verdict']['kind']): boolean => findings.some((f) => f?.verdict.kind === kind);
  const legend: [boolean, string, string][] = [
    [shows('holds'), 'holds', 'kept in all states and calls within the bounds'],
    [shows('violated'), `${marks.broken} 4`, 'broken; the shortest sequence found has 4 calls'],
    [shows('holds-up-to'), `${marks.upTo} bound`, 'not broken as far as was looked; how far is said below'],
    [shows('vacuous'), 'vacuous', 'the situation that the claim speaks about never arises'],
    [shows('witnessed'), 'in 5', 'reached; the shortest sequence found has 5 calls'],
    [shows('witness-missing'), 'missing', 'no sequence of calls gets there'],
    [shows('undecided'), marks.undecided, 'undecided: the search ended too early'],
    [findings.includes(undefined), marks.silent, 'the claim does not speak about this proposal'],
    [
      findings.some((f) => f && statusOf(f) === 'failed'),
      marks.unexpected,
      'not what is expected of the proposal',
    ],
  ];
  return columns(legend.filter(([shown]) => shown).map(([, mark, meaning]) => [mark, paint.dim(meaning)]));
}
