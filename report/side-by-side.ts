/** Several columns that tell the same thing row by row, with the first row in which they differ marked. */
import { stripVTControlCharacters } from 'node:util';
import { inFewestBlocks } from './blocks.js';
import { columns, GAP } from './columns.js';
import type { Look } from './look.js';
import { halveName, wrapWords } from './wrap.js';

export interface SideBySide {
  /** What the rows are called. */
  readonly label: Column;
  readonly columns: readonly Column[];
  /** The first row in which the columns differ; undefined if they never do. */
  readonly firstDivergence?: number | undefined;
}

export interface Column {
  /** Shown in bold, in two lines if it is long and has a hyphen. */
  readonly title: string;
  /** One text a row, of one line or several, with escape codes if they are wanted. Indented lines must be short. */
  readonly cells: readonly string[];
}

/** The label takes no more than this before its lines are broken, unless a word is longer. */
const MOST_LABEL = 34;

/** The same for the other columns: the first of these that gets by with as few blocks as the last does. */
const MOST_COLUMN = [26, 22, 18, 14];

/**
 * The columns in lines no wider than the look, as far as words allow it. Those that do not fit beside each other stand in
 * further blocks, below an empty line, each with the label again.
 */
export function showSideBySide(table: SideBySide, look: Look): string[] {
  const before = [...markerColumn(table, look), laidOut(table.label, MOST_LABEL, look)];
  const layouts = MOST_COLUMN.map((most) => inBlocks(table.columns, most, before, look));
  const fewest = Math.min(...layouts.map((blocks) => blocks.length));
  const chosen = layouts.find((blocks) => blocks.length === fewest)!;
  return chosen.flatMap((block, i) => {
    const lines = showBlock(table, [...before, ...block], look);
    return i === 0 ? lines : ['', ...lines];
  });
}

function inBlocks(
  columns: readonly Column[],
  most: number,
  before: readonly LaidOut[],
  look: Look,
): LaidOut[][] {
  const all = columns.map((column) => laidOut(column, most, look));
  const chosen = (block: readonly number[]): LaidOut[] => block.map((i) => all[i]!);
  const fits = (block: readonly number[]): boolean =>
    [...before, ...chosen(block)].reduce((sum, { width }) => sum + width + GAP, -GAP) <= look.width;
  return inFewestBlocks(all.length, fits).map(chosen);
}

interface LaidOut extends Column {
  readonly width: number;
}

/** Empty but for the mark; there is none where nothing diverges. */
function markerColumn({ firstDivergence }: SideBySide, { marks }: Look): LaidOut[] {
  if (firstDivergence === undefined) return [];
  const cells = [...Array.from({ length: firstDivergence }, () => ''), marks.diverges];
  return [{ title: '', cells, width: marks.diverges.length }];
}

function laidOut({ title, cells }: Column, most: number, { paint }: Look): LaidOut {
  const lines = cells.flatMap((cell) => stripVTControlCharacters(cell).split('\n'));
  const words = [...halveName(title), ...lines.flatMap((line) => line.split(/\s+/))];
  const room = Math.max(longest(words), most);
  const titleLines = title.length <= room ? [title] : halveName(title);
  const broken = lines.flatMap((line) => (line.length <= room ? [line] : wrapWords(line, room)));
  const width = longest([...titleLines, ...broken]);
  return { title: titleLines.map(paint.bold).join('\n'), cells, width };
}

function longest(texts: readonly string[]): number {
  return Math.max(1, ...texts.map((text) => text.length));
}

function showBlock(
  { label, firstDivergence }: SideBySide,
  block: readonly LaidOut[],
  { paint }: Look,
): string[] {
  const rows = label.cells.map((_, row) => {
    const cells = block.map(({ cells }) => cells[row] ?? '');
    return row === firstDivergence ? cells.map(paint.yellow) : cells;
  });
  const titles = block.map(({ title }) => title);
  return columns([titles, ...rows], { widths: block.map(({ width }) => width) });
}
