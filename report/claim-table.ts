/** Which proposal keeps which claim: a table with a row for each claim and a column for each proposal. */
import { inFewestBlocks } from './blocks.js';
import { claimRows, type ClaimRow } from './claims.js';
import { columns, GAP } from './columns.js';
import type { Look } from './look.js';
import type { Report } from './report.js';
import { cellText, paintOf, showLegend } from './verdict-cell.js';
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
  const findings = rows.flatMap((row) => row.findings);
  return [...tables.flatMap((table) => [...table, '']), ...showLegend(findings, look)];
}

/** Which proposals (by their place in the report) stand in one table: in as few tables as are not wider than asked for. */
function chunks(names: readonly string[], rows: readonly ClaimRow[], look: Look): number[][] {
  const room = look.width - nameRoom(rows);
  const widths = names.map((name, i) => GAP + columnWidth(name, i, rows, look));
  const fits = (chunk: readonly number[]): boolean => chunk.reduce((sum, i) => sum + widths[i]!, 0) <= room;
  return inFewestBlocks(names.length, fits);
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
      nameCell(property, room),
      ...chosen.map((i) => paintOf(findings[i], paint)(cellText(findings[i], marks))),
    ]),
  ]);
  return columns(table, { rowAlign: 'bottom' });
}

function nameCell(name: string, room: number): string {
  return name.length <= room ? name : wrapName(name, room - 2).join('\n  ');
}
