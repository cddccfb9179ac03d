/** The results that are kept in docs/, and what is written from them. */
import { readFile, writeFile } from 'node:fs/promises';
import { formatted, pageWith } from './page.js';
import { plotOf } from './plot.js';
import { merged, type AllResults } from './results.js';

const DATA = new URL('../docs/performance.json', import.meta.url);
const PAGE = new URL('../docs/performance.md', import.meta.url);
const PLOT = new URL('../docs/performance.svg', import.meta.url);

/** The three files, by where they lie, as they are with these results in the place of older ones of the same groups. */
export async function filesWith(newer: AllResults): Promise<(readonly [URL, string])[]> {
  const all = merged(JSON.parse(await readFile(DATA, 'utf8')) as AllResults, newer);
  const points = Object.values(all).flatMap(({ results }) => results);
  return [
    [DATA, await formatted(JSON.stringify(all, null, 2), 'docs/performance.json')],
    [PAGE, await pageWith(await readFile(PAGE, 'utf8'), all)],
    [PLOT, await plotOf(points)],
  ];
}

export async function keep(newer: AllResults): Promise<void> {
  for (const [file, text] of await filesWith(newer)) await writeFile(file, text);
}
