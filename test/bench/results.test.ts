import test from 'ava';
import { readFile } from 'node:fs/promises';
import { filesWith } from '../../bench/kept.js';
import { pageWith } from '../../bench/page.js';
import { plotOf } from '../../bench/plot.js';
import { merged, resultOf, type GroupResults, type Occasion, type Result } from '../../bench/results.js';
import type { Variant } from '../../bench/variants.js';

const MONDAY: Occasion = {
  date: '2026-11-23',
  machine: 'Some Processor',
  cores: 2,
  node: 'v20.20.2',
  commit: '0123456789',
  rounds: 3,
};

function variant(name: string, more: Partial<Variant> = {}): Variant {
  return {
    ...{ group: 'linux', name, ...more },
    measure() {
      throw new Error('not measured here');
    },
  };
}

/** Searched 1,000 states of 40 bytes by three rounds of 250, 200 and 800 milliseconds. */
function cutOff(): Result {
  return resultOf(
    variant('cut off'),
    [250, 200, 800].map((milliseconds) => ({
      ...{
        milliseconds,
        processorMilliseconds: 2 * milliseconds,
        counts: { states: 1000, transitions: 12_000 },
      },
      ...{ stoppedAt: '1,000 states', tableBytes: 40_000, grownBytes: 100_000 },
    })),
  );
}

function took(name: string, milliseconds: number, more: Partial<Variant> = {}): Result {
  return resultOf(variant(name, more), [
    { milliseconds, processorMilliseconds: 2 * milliseconds, counts: { states: 500 } },
  ]);
}

/** A page with a place for this group, written. */
async function written(group: GroupResults): Promise<string> {
  return pageWith('Before.\n\n<!-- results: linux -->\n<!-- /results -->\n\nAfter.\n', { linux: group });
}

test('a table has the median with the least and the most, rates, memory, and the bound that ended the search', async (t) => {
  const page = await written({ occasion: MONDAY, results: [cutOff(), took('closed', 100)] });

  const cells = page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const [head, , first, second] = cells.map((line) => line.slice(1, -1));
  t.deepEqual(head, [
    ...['what', 'states', 'transitions', 'stopped at', 'states/s', 'transitions/s'],
    ...['ms', 'ms of processor', 'bytes a state in tables', 'in the process'],
  ]);
  t.deepEqual(first, [
    ...['cut off', '1,000', '12,000', '1,000 states', '4,000', '48,000'],
    ...['250 (200 – 800)', '500 (400 – 1,600)', '40', '100'],
  ]);
  t.deepEqual(second, ['closed', '500', '', '', '5,000', '', '100', '200', '', '']);
});

test('a page says where and when a group was measured, and keeps what lies outside of the places', async (t) => {
  const page = await written({ occasion: MONDAY, results: [took('closed', 100)] });

  t.regex(page, /^Before\.\n\n<!-- results: linux -->\n/);
  t.regex(page, /\n<!-- \/results -->\n\nAfter\.\n$/);
  t.true(
    page.includes(
      'Measured on 23 November 2026, Some Processor, 2 cores, Node v20.20.2, commit 0123456789, 3 rounds.',
    ),
  );
});

test('what is written anew takes the place of what was written before', async (t) => {
  const older = await written({ occasion: MONDAY, results: [took('older', 100)] });
  const newer = { occasion: MONDAY, results: [took('newer', 100)] };

  t.is(await pageWith(older, { linux: newer }), await written(newer));
});

test('variants that do the same work are compared with the first of them', async (t) => {
  const results = [
    took('mini, in TypeScript', 200, { work: 'mini' }),
    took('mini, in C', 50, { work: 'mini' }),
    took('mini, in SPIN', 500, { work: 'mini' }),
  ];

  const page = await written({ occasion: MONDAY, results });

  t.true(
    page.includes('- mini, time (of processor): in TypeScript 1 : in C 0.25 (0.25) : in SPIN 2.50 (2.50)\n'),
  );
});

test('a page that has no place for a group is not written', async (t) => {
  const group = { occasion: MONDAY, results: [took('closed', 100)] };

  await t.throwsAsync(pageWith('No place.\n', { linux: group }), { message: /<!-- results: linux -->/ });
});

test('a group that is not measured again keeps its older results and their date', (t) => {
  const older = { occasion: MONDAY, results: [took('older', 100)] };
  const newer = { occasion: { ...MONDAY, date: '2026-11-26' }, results: [took('newer', 100)] };

  t.deepEqual(merged({ random: older, linux: older }, { linux: newer }), { linux: newer, random: older });
});

test('the plot names each series, and has a point for each of its results in each panel', async (t) => {
  const series = 'mini';
  const sizes = [took('small', 100, { series }), { ...cutOff(), series }, took('of no series', 25)];

  const plot = await plotOf(sizes);

  const points = [...plot.matchAll(/aria-label="(states: [^"]*)"/g)].map(([, label]) => label);
  t.deepEqual([...new Set(points)].sort(), [
    'states: 1k; bytes: 100; series: mini; memory of: process',
    'states: 1k; bytes: 40; series: mini; memory of: tables',
    'states: 1k; rate: 4k; series: mini',
    'states: 500; rate: 5k; series: mini',
  ]);
  t.true(plot.includes('>mini</text>'));
  t.is(await plotOf(sizes), plot);
});

test('the page, the plot and the data that are kept agree', async (t) => {
  for (const [file, text] of await filesWith({})) t.is(text, await readFile(file, 'utf8'), file.pathname);
});
