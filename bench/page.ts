/**
 * docs/performance.md, whose tables lie between `<!-- results: GROUP -->` and `<!-- /results -->`. What is outside of these is written
 * by hand.
 */
import { format, resolveConfig } from 'prettier';
import { occasionText, ratiosOf, tableOf, type AllResults, type GroupResults } from './results.js';

const PLACE = /(?<=<!-- results: ([\w-]+) -->\n)[^]*?(?=<!-- \/results -->)/g;

/** The page with the tables of these results. Throws if it has no place for a group. */
export async function pageWith(page: string, all: AllResults): Promise<string> {
  const places = new Set<string>();
  const written = page.replace(PLACE, (_, group: string) => {
    places.add(group);
    const results = all[group];
    return `\n${results ? textOf(results) : `Not measured yet.`}\n\n`;
  });
  const lost = Object.keys(all).find((group) => !places.has(group));
  if (lost !== undefined)
    throw new Error(`docs/performance.md has no place for it: <!-- results: ${lost} --><!-- /results -->`);
  return formatted(written, 'docs/performance.md');
}

/** As the formatter has it. */
export async function formatted(text: string, file: string): Promise<string> {
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

function textOf(results: GroupResults): string {
  const { head, rows } = tableOf(results);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const isNumber = (column: number): boolean => rows.every((row) => /^[\d,]*( \(.*\))?$/.test(row[column]!));
  const rule = line(head.map((_, column) => (isNumber(column) ? '--:' : '---')));
  const ratios = ratiosOf(results).map((ratio) => `- ${ratio}`);
  return [
    `Measured on ${occasionText(results.occasion)}.`,
    [line(head), rule, ...rows.map(line)].join('\n'),
    ...(ratios.length > 0 ? [ratios.join('\n')] : []),
  ].join('\n\n');
}
