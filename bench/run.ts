/**
 * Measures, and prints a table for each group: `npm run bench -- exhaustive random`, or without a name everything but what takes
 * minutes. `--rounds=5` says how often each variant is run; the rounds are interleaved, so that a busy moment of the machine meets
 * all variants alike, and the tables show the median with the least and the most.
 *
 * With `--write`, the results go into docs/performance.json, with the machine and the date, and docs/performance.md and
 * docs/performance.svg are written anew from all that is kept there. A group that was not measured now keeps its older results.
 */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import { keep } from './kept.js';
import { profileShares } from './profile.js';
import {
  occasionText,
  ratiosOf,
  resultOf,
  tableOf,
  type AllResults,
  type GroupResults,
  type Occasion,
} from './results.js';
import { variants, type Measurement } from './variants.js';

const GROUPS = ['exhaustive', 'attach-mini', 'linux', 'random', 'peers', 'start-up'] as const;
/** Asked for by name only. */
const LONG_GROUPS = ['exhaustive-large', 'attach-mini-large', 'sizes', 'commands', 'profile'] as const;
const MEASURE = fileURLToPath(new URL('measure.ts', import.meta.url));
const PROFILED = 'rootlet, medium, all properties';

function measured(index: number): Measurement {
  const loader = ['--import=./test/register-typescript.js'];
  const output = execFileSync(process.execPath, [...loader, MEASURE, String(index)], { encoding: 'utf8' });
  return JSON.parse(output) as Measurement;
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8' }).trim();
}

function occasionOf(rounds: number): Occasion {
  const isChanged = git('status', '--porcelain', '--', '.', ':!docs') !== '';
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: cpus().length,
    node: process.version,
    commit: git('rev-parse', '--short=10', 'HEAD') + (isChanged ? ' with changes' : ''),
    rounds,
  };
}

function measureGroups(groups: readonly string[], rounds: number): AllResults {
  const occasion = occasionOf(rounds);
  const chosen = variants.filter(({ group }) => groups.includes(group));
  const measurements = chosen.map((): Measurement[] => []);
  for (let round = 0; round < rounds; round++) {
    chosen.forEach((variant, i) => {
      process.stderr.write(`round ${round + 1} of ${rounds}: ${variant.group}, ${variant.name}\n`);
      measurements[i]!.push(measured(variants.indexOf(variant)));
    });
  }
  const resultsOf = (group: string): GroupResults => ({
    occasion,
    results: chosen.flatMap((variant, i) =>
      variant.group === group ? [resultOf(variant, measurements[i]!)] : [],
    ),
  });
  return Object.fromEntries(chosen.map(({ group }) => [group, resultsOf(group)]));
}

function print(all: AllResults): void {
  for (const [group, results] of Object.entries(all)) {
    const { head, rows } = tableOf(results);
    const table = new Table({ head: [...head], style: { head: [], border: [] } });
    table.push(...rows.map((row) => [...row]));
    console.log(`${group}: ${occasionText(results.occasion)}\n${table.toString()}`);
    ratiosOf(results).forEach((ratio) => console.log(ratio));
  }
}

function printProfile(): void {
  console.log(`Where the time goes: ${PROFILED}`);
  for (const [group, share] of profileShares(PROFILED)) {
    console.log(`${(share * 100).toFixed(0).padStart(4)} %  ${group}`);
  }
}

async function main(args: readonly string[]): Promise<void> {
  const rounds = Number(args.find((arg) => arg.startsWith('--rounds='))?.slice('--rounds='.length) ?? 5);
  const names = args.filter((arg) => !/^--rounds=|^--write$/.test(arg));
  const known: readonly string[] = [...GROUPS, ...LONG_GROUPS];
  if (names.some((name) => !known.includes(name)) || !(rounds >= 1)) {
    console.error(`Usage: npm run bench -- [${known.join('] [')}] [--rounds=5] [--write]`);
    process.exitCode = 2;
    return;
  }
  const groups: readonly string[] = names.length === 0 ? GROUPS : names;
  const results = measureGroups(groups, rounds);
  print(results);
  if (groups.includes('profile')) printProfile();
  if (args.includes('--write')) await keep(results);
}

await main(process.argv.slice(2));
