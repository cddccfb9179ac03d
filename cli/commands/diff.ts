/** `holdfast diff`: the shortest sequences after which two proposals behave differently. */
import path from 'node:path';
import type { Command } from 'commander';
import { grouped } from '../../checker/grouped.js';
import type { Progress, SameOperations, Sides } from '../../checker/index.js';
import { remedyFor } from '../../corpus/index.js';
import type { BoundName, Bounds } from '../../model/kernel/model.js';
import type { Proposal } from '../../model/proposals/index.js';
import { codeFile } from '../../package-place.js';
import { formatDiffJson, formatDiffText, type ComparedDesign, type DiffReport } from '../../report/index.js';
import { oneProposal } from '../asked.js';
import { allSwitches, loadCatalogue } from '../catalogue.js';
import { UsageError } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import { boundList, oneOf, repeated, seconds, wholeNumber } from '../option-values.js';
import { look, print } from '../output.js';
import { progressDisplay } from '../progress.js';
import { version } from '../version.js';
import type { DiffJob } from '../workers/diff-worker.js';
import { interruptibly, isRaised } from '../workers/interrupt.js';
import { memoryLimit, runJobs } from '../workers/pool.js';

interface DiffFlags {
  readonly without?: readonly string[];
  readonly withoutA?: readonly string[];
  readonly withoutB?: readonly string[];
  readonly same?: readonly SameOperations[];
  readonly bounds?: Partial<Bounds>;
  readonly depth?: number;
  readonly time?: number;
  readonly maxStates: number;
  readonly memory?: number;
  readonly all?: boolean;
  readonly kinds?: boolean;
  readonly format: (typeof FORMATS)[number];
  readonly progress: boolean;
}

const FORMATS = ['text', 'json'] as const;

export function addDiffCommand(program: Command): void {
  program
    .command('diff')
    .summary('find the shortest sequences that tell two proposals apart')
    .description(
      'Makes the same calls on two proposals, or on two versions of one, and finds the shortest sequences after which they ' +
        'behave differently for somebody: what a call comes to, what a packet meets, what is alive; one sequence for each kind ' +
        'of difference. Where there is none, it says how far was looked.',
    )
    .argument('<A>', 'the name of a proposal, or a file that exports one')
    .argument('<B>', 'another one')
    .option('--without <name>', 'switch an operation, a guard or a reference off in both', repeated)
    .option('--without-a <name>', 'switch one off in A; can be repeated', repeated)
    .option('--without-b <name>', 'switch one off in B; can be repeated', repeated)
    .option('--same <A=B>', 'an operation of A that is the same as one of B; can be repeated', samePairs)
    .option('--bounds <list>', 'how many of each object (default: the larger of the two)', boundList)
    .option('--depth <calls>', 'look at sequences of so many calls at most', wholeNumber('--depth', 0))
    .option('--time <seconds>', 'stop after so long', seconds('--time'))
    .option(
      '--max-states <number>',
      'stop at so many joint states',
      wholeNumber('--max-states', 1),
      1_000_000,
    )
    .option('--memory <megabytes>', 'stop at so much', wholeNumber('--memory', 1))
    .option('--all', 'show the calls of every difference, not of the first ones only')
    .option('--kinds', 'a line for each difference, without the calls')
    .option('--format <format>', FORMATS.join(', '), oneOf('--format', FORMATS), 'text')
    .option('--no-progress', 'nothing on stderr')
    .addHelpText(
      'after',
      `
Examples:
  holdfast diff link-fd btf-copy --depth 6                             # exits with 1: they are told apart
  holdfast diff netlink-xdp expected-fd --depth 5 --kinds              # a line for each difference; exits with 1
  holdfast diff link-fd link-fd --without-b device-is-free --depth 5   # what a check changes; exits with 1
  holdfast diff explicit-replace link-fd --same replace-subprogram=attach-extension --depth 4   # exits with 1
  holdfast diff link-fd ./my-proposal.ts --depth 5                     # one of your own; exits with 1

Exit codes: 0 they cannot be told apart, 1 they can, 64 usage, 65 faulty proposal, 70 internal error, 130 interrupted.`,
    )
    .action(async (first: string, second: string, flags: DiffFlags) => {
      process.exitCode = await diff([first, second], flags);
    });
}

async function diff(names: Sides<string>, flags: DiffFlags): Promise<number> {
  const catalogue = await loadCatalogue([]);
  const proposals = [await oneProposal(catalogue, names[0]), await oneProposal(catalogue, names[1])] as const;
  const without = withoutOf(proposals, flags);
  const designs = designsOf(proposals, names, without);
  if (names[0] === names[1] && String(without[0]) === String(without[1])) {
    await print(`${names.join(' and ')} are the same machine: nothing can tell them apart.`);
    return EXIT.ok;
  }
  const display = progressDisplay(process.stderr, flags.progress);
  const kind = {
    script: codeFile('cli/workers/diff-worker'),
    describe: () => `the comparison of ${designs[0].title} and ${designs[1].title}`,
    onProgress(_: DiffJob, progress: Progress) {
      display.tell(names.join(' '), progressLine(progress));
    },
  };
  const { found, interrupted } = await interruptibly(async (stop) => {
    const options = {
      designs,
      same: flags.same ?? [],
      bounds: { ...largerBounds(proposals), ...flags.bounds },
      depth: flags.depth,
      time: flags.time,
      maxStates: flags.maxStates,
      maxBytes: memoryLimit(1, flags.memory),
    };
    const jobs: DiffJob[] = [{ proposals: names, options, stop }];
    const [result] = await runJobs<DiffJob, Omit<DiffReport, 'version'>, Progress>(kind, jobs);
    return { found: result!, interrupted: isRaised(stop) };
  }).finally(() => {
    display.clear();
  });
  const report: DiffReport = { version: version(), ...found };
  const shown = flags.kinds ? 'none' : flags.all ? 'all' : 'first';
  await print(flags.format === 'json' ? formatDiffJson(report) : formatDiffText(report, look(), shown));
  if (interrupted) return EXIT.interrupted;
  return report.differences.length > 0 ? EXIT.violated : EXIT.ok;
}

/** `attach-extension=replace-subprogram`, added to what was given before. */
function samePairs(text: string, before: readonly SameOperations[] = []): SameOperations[] {
  const pairs = repeated(text).map((pair): SameOperations => {
    const [first = '', second = '', ...more] = pair.split('=').map((word) => word.trim());
    if (first !== '' && second !== '' && more.length === 0) return [first, second];
    throw new UsageError(`--same takes an operation of A, '=' and one of B, not '${pair}'.`);
  });
  const all = [...before, ...pairs];
  for (const side of [0, 1] as const) {
    const names = all.map((pair) => pair[side]);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined)
      throw new UsageError(`--same: '${twice}' can be the same as one operation only.`);
  }
  return all;
}

/** What is switched off in each. Throws a UsageError for a name that the proposal, or neither of both, knows. */
function withoutOf(proposals: Sides<Proposal>, flags: DiffFlags): Sides<readonly string[]> {
  const known = [allSwitches(proposals[0]), allSwitches(proposals[1])] as const;
  const check = (option: string, names: readonly string[], words: readonly string[]): void => {
    const unknown = names.find((name) => !words.includes(name));
    if (unknown !== undefined) {
      throw new UsageError(`${option}: nothing is called '${unknown}' there: ${remedyFor(unknown, words)}`);
    }
  };
  const { without = [], withoutA = [], withoutB = [] } = flags;
  check('--without', without, [...new Set(known.flat())]);
  check('--without-a', withoutA, known[0]);
  check('--without-b', withoutB, known[1]);
  const all = (side: 0 | 1, own: readonly string[]): string[] => [
    ...without.filter((name) => known[side].includes(name)),
    ...own,
  ];
  return [all(0, withoutA), all(1, withoutB)];
}

/** What tells them apart: their names, else their files, else what was switched off. */
function designsOf(
  proposals: Sides<Proposal>,
  names: Sides<string>,
  without: Sides<readonly string[]>,
): Sides<ComparedDesign> {
  const isSameFile = names[0] === names[1];
  const isSameName = proposals[0].name === proposals[1].name;
  const files = names.map((name) => path.basename(name));
  const design = (side: 0 | 1): ComparedDesign => {
    const { name } = proposals[side];
    const off = without[side];
    if (!isSameName) return { title: name, heading: name, without: off };
    if (!isSameFile) {
      const heading = files[0] === files[1] ? names[side] : files[side]!;
      return { title: heading, heading, without: off };
    }
    const own = off.filter((rule) => !without[1 - side]!.includes(rule)).join(', ');
    if (own === '') return { title: name, heading: name, without: off };
    return { title: `${name} without ${own}`, heading: `without ${own}`, without: off };
  };
  return [design(0), design(1)];
}

function largerBounds([a, b]: Sides<Proposal>): Bounds {
  const names = Object.keys(a.bounds) as BoundName[];
  const larger = names.map((name) => [name, Math.max(a.bounds[name], b.bounds[name])] as const);
  return Object.fromEntries(larger) as Record<BoundName, number>;
}

function progressLine({ states, transitions, depth, waiting, violated }: Progress): string {
  const found = violated.length === 0 ? '' : `, ${violated.length} differences`;
  return (
    `Progress(${depth}): ${grouped(transitions)} joint calls, ${grouped(states)} joint states, ` +
    `${grouped(waiting)} on queue${found}`
  );
}
