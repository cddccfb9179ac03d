/**
 * Three ways of drawing sequences beside each other: plain, swarm, targeted. `npm run bench:drawing -- --seeds=5 link-fd` prints for
 * each proposal how many calls and how much time each takes to find what breaks when a guard or a reference is switched off, and
 * how many outcomes of calls and situations of claims each has met after the same time. Without names: all built-in proposals,
 * which takes about half an hour.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import { ModelFault, PropertyFault, RandomSearch, type Property } from '../checker/index.js';
import { widerBounds } from '../cli/wider-bounds.js';
import type { KernelState } from '../model/kernel/model.js';
import { machineOf, proposals, type Proposal } from '../model/proposals/index.js';
import { claimsOf, plantedFaults, type PlantedFault } from './planted-faults.js';

const WAYS = {
  plain: { swarm: false },
  swarm: {},
  targeted: { targeted: true },
} as const;

type Way = keyof typeof WAYS;

const WAY_NAMES = Object.keys(WAYS) as Way[];

/** The most sequences that are drawn for one fault, as many as a check draws. What is not found counts as found by that many. */
const MOST_SEQUENCES = 20_000;

/** What is found sooner on all ways tells nothing apart. */
const EASY_CALLS = 500;

/** Milliseconds of the processor after which it is counted what was met. */
const MOMENTS = [30, 300];

/** Effort until something was found. */
interface Effort {
  readonly calls: number;
  readonly milliseconds: number;
}

/** What one proposal came to. */
interface Result {
  readonly breaches: number;
  /** Geometric means, over the breaches that are not easy, of the medians over the seeds. */
  readonly efforts: Readonly<Record<Way, Effort>>;
  /** For each moment, what was met: the median over the seeds. */
  readonly met: Readonly<Record<Way, readonly number[]>>;
}

function processorMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** What each of the claims took to be found broken. */
function effortsOf(
  proposal: Proposal,
  off: string,
  claims: readonly Property<KernelState>[],
  way: Way,
  seed: number,
): Map<string, Effort> {
  const machine = machineOf(proposal, widerBounds(proposal.bounds, {}), { without: [off] });
  const search = new RandomSearch(machine, claims, { runs: MOST_SEQUENCES, seed, ...WAYS[way] });
  const found = new Map<string, Effort>();
  const start = processorMilliseconds();
  const note = (claim: string): void => {
    if (!found.has(claim))
      found.set(claim, {
        calls: search.progress().transitions,
        milliseconds: processorMilliseconds() - start,
      });
  };
  try {
    while (found.size < claims.length && search.advance(1)) search.progress().violated.forEach(note);
  } catch (error) {
    if (!(error instanceof ModelFault || error instanceof PropertyFault)) throw error;
    // Without it the rules fail: that is a way of being found.
  }
  claims.forEach(({ name }) => {
    note(name);
  });
  return found;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(Math.max(1e-3, value)), 0) / values.length);
}

function forEachWay<T>(of: (way: Way) => T): Record<Way, T> {
  return Object.fromEntries(WAY_NAMES.map((way) => [way, of(way)])) as Record<Way, T>;
}

/** For each breach, the median efforts of each way. Claims about refusals are judged at the end of a search, and left out. */
function breachesOf(proposal: Proposal, { off, broken }: PlantedFault, seeds: number): Record<Way, Effort>[] {
  const claims = claimsOf(proposal).filter(
    ({ name, kind }) => kind !== 'refusals' && broken.some(({ claim }) => claim === name),
  );
  const efforts = forEachWay((): Map<string, Effort>[] => []);
  for (let seed = 1; seed <= seeds; seed++)
    for (const way of WAY_NAMES) efforts[way].push(effortsOf(proposal, off, claims, way, seed));
  return claims.map(({ name }) =>
    forEachWay((way) => ({
      calls: median(efforts[way].map((found) => found.get(name)!.calls)),
      milliseconds: median(efforts[way].map((found) => found.get(name)!.milliseconds)),
    })),
  );
}

/** How many outcomes of calls, and situations of claims, were met at each moment. */
function metBy(proposal: Proposal, way: Way, seed: number): number[] {
  const machine = machineOf(proposal, widerBounds(proposal.bounds, {}));
  const search = new RandomSearch(machine, claimsOf(proposal), { runs: 1e9, seed, ...WAYS[way] });
  const start = processorMilliseconds();
  return MOMENTS.map((moment) => {
    while (processorMilliseconds() - start < moment) search.advance(10);
    const { statistics, results } = search.result();
    const outcomes = statistics.operations.flatMap(({ done, refused, refusedLate }) => [
      done,
      ...Object.values(refused),
      ...Object.values(refusedLate),
    ]);
    const isMet = (count: number): boolean => count > 0;
    return outcomes.filter(isMet).length + results.map(({ spoke }) => spoke).filter(isMet).length;
  });
}

function measured(proposal: Proposal, seeds: number): Result {
  const breaches = plantedFaults(proposal).flatMap((fault) => breachesOf(proposal, fault, seeds));
  const hard = breaches.filter((of) => WAY_NAMES.some((way) => of[way].calls > EASY_CALLS));
  const met = forEachWay((way) => Array.from({ length: seeds }, (_, i) => metBy(proposal, way, i + 1)));
  return {
    breaches: hard.length,
    efforts: forEachWay((way) => ({
      calls: geometricMean(hard.map((of) => of[way].calls)),
      milliseconds: geometricMean(hard.map((of) => of[way].milliseconds)),
    })),
    met: forEachWay((way) => MOMENTS.map((_, i) => median(met[way].map((counts) => counts[i]!)))),
  };
}

/** Each proposal in a process of its own: several machines in one make the compiler generalise the code they share. */
function inProcess(name: string, seeds: number): Result {
  const loader = '--import=./test/register-typescript.js';
  const args = [loader, fileURLToPath(import.meta.url), `--seeds=${seeds}`, '--measure', name];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Result;
}

function printTable(names: readonly string[], seeds: number): void {
  const table = new Table({
    head: ['proposal', 'breaches', 'drawn', 'calls', 'ms', ...MOMENTS.map((ms) => `met in ${ms} ms`)],
    style: { head: [], border: [] },
  });
  for (const name of names) {
    const { breaches, efforts, met } = inProcess(name, seeds);
    const lines = (textOf: (way: Way) => string): string => WAY_NAMES.map(textOf).join('\n');
    table.push([
      name,
      breaches,
      WAY_NAMES.join('\n'),
      lines((way) => (breaches === 0 ? '' : Math.round(efforts[way].calls).toLocaleString('en'))),
      lines((way) => (breaches === 0 ? '' : efforts[way].milliseconds.toPrecision(3))),
      ...MOMENTS.map((_, i) => lines((way) => String(met[way][i]!))),
    ]);
  }
  console.log(table.toString());
}

function main(args: readonly string[]): void {
  const seeds = Number(
    /^--seeds=(\d+)$/.exec(args.find((arg) => arg.startsWith('--seeds=')) ?? '')?.[1] ?? 5,
  );
  const asked = args.filter((arg) => !arg.startsWith('--'));
  const chosen = asked.length === 0 ? proposals : proposals.filter(({ name }) => asked.includes(name));
  if (chosen.length === 0) throw new Error(`there is no proposal ${asked.join(', ')}`);
  if (args.includes('--measure')) console.log(JSON.stringify(measured(chosen[0]!, seeds)));
  else
    printTable(
      chosen.map(({ name }) => name),
      seeds,
    );
}

main(process.argv.slice(2));
