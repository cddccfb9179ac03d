/** Which proposal keeps which claim: a table with a row for each claim and a column for each proposal. */
import { claimRows, type ClaimRow } from './claims.js';
import { columns, GAP } from './columns.js';
import type { Look, Paint } from './look.js';
import type { Marks } from './marks.js';
import type { Finding, Report } from './report.js';
import { statusOf } from './status.js';
import { halveName, wrapName, wrapWords } from './wrap.js';

/** Names of claims get at least this much room, if they need it, before the proposals are spread over several tables. */
const NAME_WIDTH = 22;

/** A part of the table: its first column's heading, the rows' names, and what was found. */
interface Part {
  readonly heading: string;
  readonly rows: readonly ClaimRow[];
}

/** The table in lines, witnesses in a part of their own, and the legend of what it shows. */
export function showClaimTable(report: Report, look: Look): string[] {
  const rows = claimRows(report);
  const claims = rows.filter(({ kind }) => kind !== 'witness');
  const witnesses = rows.filter(({ kind }) => kind === 'witness');
  const parts: Part[] = [
    { heading: 'Claims', rows: claims },
    { heading: 'Must be reachable', rows: witnesses },
  ].filter((part) => part.rows.length > 0);
  if (parts.length === 0) return [];
  const names = report.proposals.map(({ name }) => name);
  const tables = chunks(names, rows, look).map((chosen) => showColumns(names, chosen, parts, look));
  return [...tables.flatMap((table) => [...table, '']), ...showLegend(rows, look)];
}

/** Which proposals (by their place in the report) stand in one table: in as few tables as are not wider than asked for. */
function chunks(names: readonly string[], rows: readonly ClaimRow[], look: Look): number[][] {
  const room = look.width - nameRoom(rows);
  const widths = names.map((name, i) => GAP + columnWidth(name, i, rows, look));
  const fits = (chunk: readonly number[]): boolean => chunk.reduce((sum, i) => sum + widths[i]!, 0) <= room;
  for (let tables = 1; tables < names.length; tables++) {
    const found = evenly(names.length, tables);
    if (found.every(fits)) return found;
  }
  return evenly(names.length, names.length);
}

/** The numbers from 0 below `count`, in order, in so many lists that are about as long. */
function evenly(count: number, lists: number): number[][] {
  const start = (list: number): number => Math.ceil((list * count) / lists);
  return Array.from({ length: lists }, (_, list) => {
    return Array.from({ length: start(list + 1) - start(list) }, (_, i) => start(list) + i);
  });
}

function nameRoom(rows: readonly ClaimRow[]): number {
  return Math.min(NAME_WIDTH, widest(rows.map(({ property }) => property)));
}

function columnWidth(name: string, proposal: number, rows: readonly ClaimRow[], { marks }: Look): number {
  return widest([...halveName(name), ...rows.map(({ findings }) => cellText(findings[proposal], marks))]);
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => text.length));
}

function showColumns(
  names: readonly string[],
  chosen: readonly number[],
  parts: readonly Part[],
  look: Look,
): string[] {
  const { paint, marks } = look;
  const all = parts.flatMap(({ rows }) => rows);
  const taken = chosen.reduce((sum, i) => sum + GAP + columnWidth(names[i]!, i, all, look), 0);
  const room = Math.max(nameRoom(all), look.width - taken);
  const title = (text: string): string => wrapWords(text, room).map(paint.bold).join('\n');
  const table = parts.flatMap(({ heading, rows }, part) => [
    part === 0
      ? [title(heading), ...chosen.map((i) => halveName(names[i]!).map(paint.bold).join('\n'))]
      : [`\n${title(heading)}`],
    ...rows.map(({ property, findings }) => [
      wrapName(property, room - 2).join('\n  '),
      ...chosen.map((i) => paintOf(findings[i], paint)(cellText(findings[i], marks))),
    ]),
  ]);
  return columns(table, { rowAlign: 'bottom' });
}

/** A finding in a few characters. */
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

function paintOf(finding: Finding | undefined, paint: Paint): (text: string) => string {
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

/** What the marks mean, of those only that the table shows. */
function showLegend(rows: readonly ClaimRow[], { paint, marks }: Look): string[] {
  const findings = rows.flatMap((row) => row.findings);
  const shows = (kind: Finding['verdict']['kind']): boolean => findings.some((f) => f?.verdict.kind === kind);
  const legend: [boolean, string, string][] = [
    [shows('holds'), 'holds', 'kept in all states and calls within the bounds'],
    [shows('violated'), `${marks.broken} 4`, 'broken; the shortest sequence that breaks it has 4 calls'],
    [shows('holds-up-to'), `${marks.upTo} bound`, 'not broken as far as was looked; how far is said below'],
    [shows('vacuous'), 'vacuous', 'the situation that the claim speaks about never arises'],
    [shows('witnessed'), 'in 5', 'reached; the shortest sequence that gets there has 5 calls'],
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
