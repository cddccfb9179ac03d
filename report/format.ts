/** The formats a report can be written in. */
import { formatItf } from './itf.js';
import { formatJson } from './json.js';
import { formatJunit } from './junit.js';
import { formatKtap } from './ktap.js';
import { createLook, createPaint, type LookOptions } from './look.js';
import { formatMermaid } from './mermaid.js';
import type { Report } from './report.js';
import { selectCounterexamples, type Selection } from './selection.js';
import { formatText, type ShownInFull } from './text.js';

export const FORMATS = ['text', 'json', 'ktap', 'junit', 'itf', 'mermaid'] as const;

export type Format = (typeof FORMATS)[number];

export interface FormatOptions extends LookOptions {
  /** Of text: which counterexamples are shown in full; `unexpected` if it is not given. */
  readonly inFull?: ShownInFull;
  /** Of itf and mermaid: which counterexamples are written; all if it is not given. */
  readonly selection?: Selection;
}

/** A report in a format, ready to be written to a file or a terminal. The same report and options give the same text. */
export function formatReport(report: Report, format: Format, options: FormatOptions = {}): string {
  const look = createLook(options);
  const colourless = { ...look, paint: createPaint(false) };
  switch (format) {
    case 'text':
      return formatText(report, look, options.inFull);
    case 'json':
      return formatJson(report);
    case 'ktap':
      return formatKtap(report, colourless);
    case 'junit':
      return formatJunit(report, colourless);
    case 'itf':
      return formatItf(selectCounterexamples(report, options.selection)[0]);
    case 'mermaid':
      return formatMermaid(selectCounterexamples(report, options.selection));
  }
}
