/**
 * What was measured, as it is kept in docs/performance.json, and as rows of a table. A group that is measured again takes the
 * place of its older results; the others stay, each with its own machine and date.
 */
import type { Measurement, Variant } from './variants.js';

/** Over the rounds. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** What one variant came to. */
export interface Result {
  readonly name: string;
  readonly series?: string;
  readonly work?: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly stoppedAt?: string;
  readonly milliseconds: Spread;
  readonly processorMilliseconds: Spread;
  readonly compileMilliseconds?: Spread;
  readonly tableBytes?: number;
  readonly grownBytes?: Spread;
}

/** Where and when a group was measured. */
export interface Occasion {
  /** As in 2026-11-26. */
  readonly date: string;
  readonly machine: string;
  readonly cores: number;
  readonly node: string;
  /** Of the code that was measured. */
  readonly commit: string;
  readonly rounds: number;
}

export interface GroupResults {
  readonly occasion: Occasion;
  readonly results: readonly Result[];
}

/** By the names of the groups. */
export type AllResults = Readonly<Record<string, GroupResults>>;

export interface TextTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = values.map(Math.round).sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1]!, least: sorted[0]!, most: sorted.at(-1)! };
}

/** What a variant came to in its rounds, which differ in time and in what the process grew by. */
export function resultOf({ name, series, work }: Variant, rounds: readonly Measurement[]): Result {
  const { counts, stoppedAt, tableBytes } = rounds[0]!;
  const over = (key: 'compileMilliseconds' | 'grownBytes') => {
    const values = rounds.flatMap((round) => round[key] ?? []);
    return values.length === 0 ? {} : { [key]: spreadOf(values) };
  };
  return {
    name,
    ...(series === undefined ? {} : { series }),
    ...(work === undefined ? {} : { work }),
    counts,
    ...(stoppedAt === undefined ? {} : { stoppedAt }),
    milliseconds: spreadOf(rounds.map(({ milliseconds }) => milliseconds)),
    processorMilliseconds: spreadOf(rounds.map(({ processorMilliseconds }) => processorMilliseconds)),
    ...over('compileMilliseconds'),
    ...(tableBytes === undefined ? {} : { tableBytes }),
    ...over('grownBytes'),
  };
}

/** The older results with the newer ones in their place, in the order of the groups' names. */
export function merged(older: AllResults, newer: AllResults): AllResults {
  return Object.fromEntries(Object.entries({ ...older, ...newer }).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** How often a second something was done, by the median of the time. */
export function rateOf({ counts, milliseconds }: Result, name: string): number {
  return (counts[name]! / milliseconds.median) * 1000;
}

/** Bytes a state: of the search's own tables, and of the process. */
export function bytesAState({ counts, tableBytes, grownBytes }: Result): {
  readonly tables?: number;
  readonly process?: number;
} {
  return {
    ...(tableBytes === undefined ? {} : { tables: tableBytes / counts.states! }),
    ...(grownBytes === undefined ? {} : { process: grownBytes.median / counts.states! }),
  };
}

function whole(value: number | undefined): string {
  return value === undefined ? '' : Math.round(value).toLocaleString('en');
}

/** Three digits are more than two runs have in common. */
function rounded(value: number): string {
  return whole(Number(value.toPrecision(3)));
}

/** The median, and in brackets the least and the most. */
function spreadText(spread: Spread | undefined): string {
  if (spread === undefined) return '';
  const { median, least, most } = spread;
  return least === most ? whole(median) : `${whole(median)} (${whole(least)} – ${whole(most)})`;
}

/** One row a result; what no result of the group has is no column. */
export function tableOf({ results }: GroupResults): TextTable {
  const counted = [...new Set(results.flatMap(({ counts }) => Object.keys(counts)))];
  const columns: (readonly [string, (result: Result) => string])[] = [
    ['what', ({ name }) => name],
    ...counted.map((name) => [name, ({ counts }: Result) => whole(counts[name])] as const),
    ['stopped at', ({ stoppedAt }) => stoppedAt ?? ''],
    ...counted.map(
      (name) =>
        [
          `${name}/s`,
          (of: Result) => (of.counts[name] === undefined ? '' : rounded(rateOf(of, name))),
        ] as const,
    ),
    ['ms', ({ milliseconds }) => spreadText(milliseconds)],
    ['ms of processor', ({ processorMilliseconds }) => spreadText(processorMilliseconds)],
    ['ms to compile', ({ compileMilliseconds }) => spreadText(compileMilliseconds)],
    ['bytes a state in tables', (result) => whole(bytesAState(result).tables)],
    ['in the process', (result) => whole(bytesAState(result).process)],
  ];
  const filled = columns.filter(([, textOf]) => results.some((result) => textOf(result) !== ''));
  return {
    head: filled.map(([head]) => head),
    rows: results.map((result) => filled.map(([, textOf]) => textOf(result))),
  };
}

/** For each work that several variants do, how many times as long as the first of them the others take, by their medians. */
export function ratiosOf({ results }: GroupResults): string[] {
  const works = [...new Set(results.flatMap(({ work }) => work ?? []))];
  return works.flatMap((work) => {
    const [first, ...others] = results.filter((result) => result.work === work);
    if (others.length === 0) return [];
    const how = ({ name }: Result): string => name.replace(`${work}, `, '');
    const times = others.map((other) => {
      const clock = other.milliseconds.median / first!.milliseconds.median;
      const processor = other.processorMilliseconds.median / first!.processorMilliseconds.median;
      return `${how(other)} ${clock.toFixed(2)} (${processor.toFixed(2)})`;
    });
    return [`${work}, time (of processor): ${[`${how(first!)} 1`, ...times].join(' : ')}`];
  });
}

/** As in "26 November 2026, AMD EPYC, 2 cores, Node v20.20.2, commit 0123456789, 5 rounds". */
export function occasionText({ date, machine, cores, node, commit, rounds }: Occasion): string {
  const day = new Date(date).toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
  const often = rounds === 1 ? 'one round' : `${rounds} rounds`;
  return [day, machine, `${cores} cores`, `Node ${node}`, `commit ${commit}`, often].join(', ');
}
