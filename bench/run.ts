/**
 * Measures, and prints one table: `npm run bench -- exhaustive random`, or without a name everything but what takes minutes.
 * `--rounds=5` says how often each variant is run; the rounds are interleaved, so that a busy moment of the machine meets all
 * variants alike, and the table shows the median with the fastest and slowest round.
 */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import { profileShares } from './profile.js';
import { variants, type Measurement, type Variant } from './variants.js';

const GROUPS = ['exhaustive', 'attach-mini', 'random', 'peers'] as const;
/** Asked for by name only. */
const LONG_GROUPS = ['exhaustive-large', 'attach-mini-large', 'profile'] as const;
const MEASURE = fileURLToPath(new URL('measure.ts', import.meta.url));
const PROFILED = 'rootlet, medium, all properties';

function measured(index: number): Measurement {
  const loader = ['--import=./test/register-typescript.js'];
  const output = execFileSync(process.execPath, [...loader, MEASURE, String(index)], { encoding: 'utf8' });
  return JSON.parse(output) as Measurement;
}

function middle(sorted: readonly number[]): number {
  return sorted[sorted.length >> 1]!;
}

/** The median, and in brackets the smallest and largest. */
function spread(values: readonly number[], digits = 0): string {
  const sorted = [...values].sort((a, b) => a - b);
  const text = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: digits });
  if (sorted.length === 1) return text(sorted[0]!);
  return `${text(middle(sorted))} (${text(sorted[0]!)} – ${text(sorted[sorted.length - 1]!)})`;
}

function rates(rounds: readonly Measurement[]): string {
  const names = Object.keys(rounds[0]!.counts);
  return names
    .map((name) => `${name}/s ${spread(rounds.map((r) => (r.counts[name]! / r.milliseconds) * 1000))}`)
    .join('\n');
}

function bytesAState({ counts, tableBytes, grownBytes }: Measurement): string {
  if (tableBytes === undefined || grownBytes === undefined) return '';
  const each = (bytes: number): string => (bytes / counts.states!).toFixed(0);
  return `tables ${each(tableBytes)}\nprocess ${each(grownBytes)}`;
}

function totals({ counts }: Measurement): string {
  const text = Object.entries(counts).map(([name, n]) => `${n.toLocaleString('en')} ${name}`);
  const { drawn, calls } = counts;
  if (drawn !== undefined && calls !== undefined) text.push(`${((calls / drawn) * 100).toFixed(0)} % made`);
  return text.join('\n');
}

function printTable(chosen: readonly Variant[], rounds: number): void {
  const results = chosen.map((): Measurement[] => []);
  for (let round = 0; round < rounds; round++) {
    chosen.forEach((variant, i) => {
      process.stderr.write(`round ${round + 1} of ${rounds}: ${variant.group}, ${variant.name}\n`);
      results[i]!.push(measured(variants.indexOf(variant)));
    });
  }
  const table = new Table({
    head: ['npm run bench --', 'what', 'in all', 'ms', 'rate', 'bytes a state'],
    style: { head: [], border: [] },
  });
  chosen.forEach(({ group, name }, i) => {
    const of = results[i]!;
    const clock = spread(of.map((r) => r.milliseconds));
    const processor = spread(of.map((r) => r.processorMilliseconds));
    const compiled = of.flatMap(({ compileMilliseconds = [] }) => compileMilliseconds);
    const times = `${clock}\nof processor:\n${processor}${compiled.length > 0 ? `\ncompiled in:\n${spread(compiled)}` : ''}`;
    table.push([group, name, totals(of[0]!), times, rates(of), bytesAState(of[0]!)]);
  });
  console.log(table.toString());
  printRatios(chosen, results);
}

/** How many times as long as the first variant the others that do the same work take, by their medians. */
function printRatios(chosen: readonly Variant[], results: readonly (readonly Measurement[])[]): void {
  const median = (i: number, time: 'milliseconds' | 'processorMilliseconds'): number =>
    middle(results[i]!.map((measurement) => measurement[time]).sort((a, b) => a - b));
  chosen.forEach(({ name, work }, i) => {
    const first = chosen.findIndex((other) => other.work === work);
    if (work === undefined || first === i) return;
    const [clock, processor] = (['milliseconds', 'processorMilliseconds'] as const).map((time) =>
      (median(i, time) / median(first, time)).toFixed(2),
    );
    console.log(`${name}: ${clock} times the time of the first (of processor: ${processor})`);
  });
}

function printProfile(): void {
  console.log(`Where the time goes: ${PROFILED}`);
  for (const [group, share] of profileShares(PROFILED)) {
    console.log(`${(share * 100).toFixed(0).padStart(4)} %  ${group}`);
  }
}

function main(args: readonly string[]): void {
  const roundsGiven = args.find((arg) => arg.startsWith('--rounds='));
  const rounds = roundsGiven === undefined ? 5 : Number(roundsGiven.slice('--rounds='.length));
  const names = args.filter((arg) => arg !== roundsGiven);
  const known: readonly string[] = [...GROUPS, ...LONG_GROUPS];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined || !(rounds >= 1)) {
    console.error(`Usage: npm run bench -- [${known.join('] [')}] [--rounds=5]`);
    process.exitCode = 2;
    return;
  }
  console.log(
    `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}`,
  );
  const groups: readonly string[] = names.length === 0 ? GROUPS : names;
  const chosen = variants.filter((variant) => groups.includes(variant.group));
  if (chosen.length > 0) printTable(chosen, rounds);
  if (groups.includes('profile')) printProfile();
}

main(process.argv.slice(2));
