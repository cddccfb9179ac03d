/** Several columns that tell the same thing row by row, with the first row in which they differ marked. */
import { stripVTControlCharacters } from 'node:util';
import { inFewestBlocks } from './blocks.js';
import { columns, GAP } from './columns.js';
import type { Look } from './look.js';
import { halveName } from './wrap.js';

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
  /** One text a row, of one line or several, with escape codes if they are wanted. */
  readonly cells: readonly string[];
}

/** A column takes no more than this before its lines are broken, unless a word is longer. */
const MOST = { label: 34, column: 26 };

/**
 * The columns in lines no wider than the look, as far as words allow it. Those that do not fit beside each other stand in
 * further blocks, below an empty line, each with the label again.
 */
export function showSideBySide(table: SideBySide, look: Look): string[] {
  const before = [...markerColumn(table, look), laidOut(table.label, MOST.label, look)];
  const others = table.columns.map((column) => laidOut(column, MOST.column, look));
  const shown = (block: readonly number[]): LaidOut[] => [...before, ...block.map((i) => others[i]!)];
  const fits = (block: readonly number[]): boolean =>
    shown(block).reduce((sum, { width }) => sum + width + GAP, -GAP) <= look.width;
  return inFewestBlocks(others.length, fits).flatMap((block, i) => {
    const lines = showBlock(table, shown(block), look);
    return i === 0 ? lines : ['', ...lines];
  });
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
  const width = Math.max(longest(words), Math.min(longest([title, ...lines]), most));
  const titleLines = title.length <= width ? [title] : halveName(title);
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
