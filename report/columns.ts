/** Text in aligned columns, without lines around them. */
import { createRequire } from 'node:module';
import type Table from 'cli-table3';

export interface ColumnsOptions {
  /** How each column is aligned; left where nothing is said. */
  readonly align?: readonly ('left' | 'right')[];
  /** Where short cells stand in a row of several lines; at the top if it is not given. */
  readonly rowAlign?: 'top' | 'bottom';
  /** How wide each column is: longer lines are broken between words. As wide as its cells if it is not given. */
  readonly widths?: readonly number[];
}

/** Spaces between two columns. */
export const GAP = 2;

const NO_BORDERS = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
  ].map((name) => [name, '']),
);

const require = createRequire(import.meta.url);

/** What draws tables. It takes a while to load: the first table does it, or whoever has time before. */
export function loadTables(): typeof Table {
  return require('cli-table3') as typeof Table;
}

/** The lines of a table. A cell may hold several lines, and escape codes. */
export function columns(
  rows: readonly (readonly string[])[],
  { align = [], rowAlign = 'top', widths }: ColumnsOptions = {},
): string[] {
  if (rows.length === 0) return [];
  const count = Math.max(...rows.map((row) => row.length));
  const AlignedTable = loadTables();
  const table = new AlignedTable({
    chars: { ...NO_BORDERS, middle: ' '.repeat(GAP) },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: Array.from({ length: count }, (_, i) => align[i] ?? 'left'),
    ...(widths === undefined ? {} : { colWidths: [...widths], wordWrap: true }),
  });
  for (const row of rows) {
    table.push(Array.from({ length: count }, (_, i) => ({ content: row[i] ?? '', vAlign: rowAlign })));
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}
