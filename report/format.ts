/** The formats a report can be written in. */
import { accountOf, type Account } from './account.js';
import { formatItf } from './itf.js';
import { formatJson } from './json.js';
import { formatJunit } from './junit.js';
import { formatKtap } from './ktap.js';
import { formatLibbpf } from './libbpf/format.js';
import { createLook, createPaint, type LookOptions } from './look.js';
import { formatMail } from './mail.js';
import { formatMermaid } from './mermaid.js';
import type { Report } from './report.js';
import { selectCounterexamples, type Selection } from './selection.js';
import { formatText, type ShownInFull, type ShownStatistics } from './text.js';

/** Those that are about one sequence of calls, or a few one after the other. */
export const ACCOUNT_FORMATS = ['mail', 'mermaid', 'itf', 'c'] as const;

export type AccountFormat = (typeof ACCOUNT_FORMATS)[number];

export const FORMATS = ['text', 'json', 'ktap', 'junit', ...ACCOUNT_FORMATS] as const;

export type Format = (typeof FORMATS)[number];

export interface FormatOptions extends LookOptions {
  /** Of text: which counterexamples are shown in full; `unexpected` if it is not given. */
  readonly inFull?: ShownInFull;
  /** Of text: whether the statistics are shown; `left-out` if it is not given. */
  readonly statistics?: ShownStatistics;
  /** Of mail, mermaid, itf and c: which counterexamples are written; all if it is not given. */
  readonly selection?: Selection;
}

/**
 * A report in a format, ready to be written to a file or a terminal. The same report and options give the same text. Throws a
 * {@link NotOnLinuxError} for `c` if Linux does not have the calls.
 */
export function formatReport(report: Report, format: Format, options: FormatOptions = {}): string {
  const look = createLook(options);
  const colourless = { ...look, paint: createPaint(false) };
  switch (format) {
    case 'text':
      return formatText(report, look, options.inFull, options.statistics);
    case 'json':
      return formatJson(report);
    case 'ktap':
      return formatKtap(report, colourless);
    case 'junit':
      return formatJunit(report, colourless);
    case 'mail':
    case 'mermaid':
    case 'itf':
    case 'c':
      return formatAccounts(selectCounterexamples(report, options.selection).map(accountOf), format);
  }
}

/** A stored case, or any account of a sequence, in a format. */
export function formatAccount(account: Account, format: AccountFormat): string {
  return formatAccounts([account], format);
}

function formatAccounts(accounts: readonly Account[], format: AccountFormat): string {
  switch (format) {
    case 'mail':
      return formatMail(accounts);
    case 'mermaid':
      return formatMermaid(accounts);
    case 'itf':
      return formatItf(accounts[0]);
    case 'c':
      return formatLibbpf(accounts[0]);
  }
}
