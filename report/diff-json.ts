/** What tells two designs apart, for programs; the fields are described in `docs/diff.md`. */
import { differenceText, stepsOf } from './diff-sentences.js';
import { verdictText } from './diff-text.js';
import type { DiffReport, ShownDistinction } from './diff.js';
import { stepObject } from './json.js';

/** Raised when a field goes away or means something else; new fields do not raise it. */
const SCHEMA = 1;

export function formatDiffJson(report: DiffReport): string {
  const { version, designs, bounds, differences, closed, stoppedBy, statistics, milliseconds } = report;
  const { states, calls, depth, bytes, boundsMet } = statistics;
  const object = {
    schema: SCHEMA,
    holdfast: version,
    designs: designs.map(({ title, without }) => ({ title, without })),
    bounds,
    verdict: verdictText(report),
    toldApart: differences.length > 0,
    interface: report.interface.map(({ side, what, operation, text }) => ({
      only: side,
      what,
      operation,
      text,
    })),
    differences: differences.map((difference) => differenceObject(difference, report)),
    search: { closed, stoppedBy, milliseconds, states, calls, depth, bytes, boundsMet },
  };
  return `${JSON.stringify(object, undefined, 2)}\n`;
}

function differenceObject(difference: ShownDistinction, { designs }: DiffReport) {
  const { operation, how, refusals, contrasts, calls, length } = difference;
  return {
    operation,
    how,
    sentence: differenceText(difference, [designs[0].title, designs[1].title]),
    refusals: refusals.map((refusal) => refusal ?? null),
    contrasts: contrasts.map(({ kind, name, contrast }) => ({ kind, name, contrast })),
    calls: length,
    steps: calls.map((_, i) => stepsOf(difference, i).map((step) => (step ? stepObject(step) : null))),
  };
}
