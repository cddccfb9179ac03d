/** A model held against running kernels, as a person reads it. */
import { grouped } from '../checker/grouped.js';
import { columns } from './columns.js';
import {
  neverConfirmed,
  neverShown,
  type ConformReport,
  type KernelRun,
  type ToldMismatch,
} from './conform.js';
import type { Look } from './look.js';
import { counted } from './sentences.js';
import { hangingWords } from './wrap.js';

const INDENT = '  ';

/** What is shown of the coverage: what is missing only, or every ending with how often it was met. */
export type CoverageShown = 'missing' | 'all';

export function formatConformText(report: ConformReport, look: Look, shown: CoverageShown): string {
  const { proposal, title, runs } = report;
  return [
    look.paint.bold(`${proposal}: ${title}`),
    '',
    ...runs.flatMap((run) => [...showRun(run, look), '']),
    ...showEndings(runs, look, shown),
    ...runs.flatMap((run) => showMissing(run, runs.length > 1, look)),
    ...runs.flatMap(({ mismatches }) =>
      mismatches.flatMap((mismatch) => ['', ...showMismatch(mismatch, look)]),
    ),
    '',
  ].join('\n');
}

function showRun(run: KernelRun, { paint, marks }: Look): string[] {
  const { system, sequences, calls, late, milliseconds, mismatches, stoppedBy } = run;
  const perMinute = Math.round((sequences * 60_000) / Math.max(1, milliseconds));
  const seconds = (milliseconds / 1000).toFixed(1);
  const verdict =
    mismatches.length === 0
      ? paint.green(`${marks.kept} no mismatch`)
      : paint.red(`${marks.broken} ${countedMismatches(mismatches.length)}`);
  const stopped = stoppedBy === undefined ? '' : stoppedBy === 'time' ? ' (time was up)' : ' (interrupted)';
  return [
    `${system}: ${verdict}`,
    `${INDENT}${counted(sequences, 'sequence')}, ${counted(calls, 'call')} compared in ${seconds} s${stopped}: ` +
      `${grouped(perMinute)} sequences a minute`,
    ...(late === 0 ? [] : [`${INDENT}${counted(late, 'call')} looked right only after a while`]),
  ];
}

function countedMismatches(count: number): string {
  return count === 1 ? '1 mismatch' : `${count} mismatches`;
}

/** A row for each operation, a column for each kernel: how often each ending was confirmed. */
function showEndings(runs: readonly KernelRun[], { paint }: Look, shown: CoverageShown): string[] {
  if (shown === 'missing') return [];
  const [first] = runs;
  const rows = first!.endings.map(({ operation, name, errno }) => [
    operation,
    errno === undefined ? name : `${name} ${errno}`,
    ...runs.map(({ endings }) => timesText(endings, operation, name)),
  ]);
  const head = ['operation', 'came to', ...runs.map(({ system }) => system)].map(paint.bold);
  return [...columns([head, ...rows], { align: ['left', 'left', ...runs.map(() => 'right' as const)] }), ''];
}

function timesText(endings: KernelRun['endings'], operation: string, name: string): string {
  const found = endings.find((ending) => ending.operation === operation && ending.name === name);
  return grouped(found?.times ?? 0);
}

function showMissing(run: KernelRun, isOneOfSeveral: boolean, look: Look): string[] {
  const { system, endings, unsupported } = run;
  const where = isOneOfSeveral ? ` on ${system}` : '';
  const never = neverConfirmed(run).map(({ operation, name }) => `${operation}/${name}`);
  const confirmed = endings.filter(({ times }) => times > 0).length;
  const choices = neverShown(run).map(
    ({ operation, outcome, allowed }) => `${operation} ${outcome} (allowed ${counted(allowed, 'time')})`,
  );
  return [
    ...sentence(
      `Confirmed${where}: ${confirmed} of ${endings.length} endings of calls`,
      never,
      'never met',
      look,
    ),
    ...sentence(`Allowed beside others${where}, and never shown`, choices, '', look),
    ...[...unsupported].flatMap(([operation, why]) =>
      hangingWords(`Left out${where}: ${operation}: ${why}`, look.width),
    ),
  ];
}

function sentence(head: string, items: readonly string[], what: string, look: Look): string[] {
  if (items.length === 0) return what === '' ? [] : [`${head}.`];
  const list = `${what === '' ? '' : `; ${what}`}: ${items.join(', ')}`;
  return hangingWords(`${head}${list}`, look.width);
}

/** The call, what was observed, what alone was allowed; then a case with the calls, as the kernel answered them. */
function showMismatch(mismatch: ToldMismatch, { paint, marks, width }: Look): string[] {
  const { kind, what, observed, allowed, text, times, sequence } = mismatch;
  const allowedText = allowed.length === 1 ? `only ${allowed[0]!}` : `only one of: ${allowed.join(', ')}`;
  const headline =
    kind === 'outcome'
      ? `${what} came to ${observed}; the model allows ${allowedText}`
      : `${what} is ${observed}; the model allows ${allowedText}`;
  return [
    ...hangingWords(`${marks.broken} ${headline}`, width).map(paint.red),
    `${INDENT}met in ${counted(times, 'sequence')}, first in number ${sequence}`,
    '',
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => `${INDENT}${INDENT}${line}`.trimEnd()),
  ];
}
