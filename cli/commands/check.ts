/** `holdfast check`: the stored cases first, then the searches, then one report. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { grouped } from '../../checker/grouped.js';
import {
  addCase,
  caseOf,
  fingerprint,
  readCorpus,
  withoutNeedlessBounds,
  type CorpusEntry,
} from '../../corpus/index.js';
import { MOST_THREADS, type SearchMethod, type Shard } from '../../checker/index.js';
import type { Bounds } from '../../model/kernel/model.js';
import { machineOf, type Proposal } from '../../model/proposals/index.js';
import { itemsOf } from '../../project/items.js';
import {
  exitCode,
  FORMATS,
  formatReport,
  loadTables,
  statusOf,
  type CaseOutcome,
  type CheckedProposal,
  type Format,
  type Report,
  type ReportPart,
} from '../../report/index.js';
import {
  caseCatalogue,
  corpusToAddTo,
  defaultCorpus,
  isFile,
  loadCatalogue,
  named,
  selectProperties,
  selectProposals,
  switchesFor,
  type Catalogue,
} from '../catalogue.js';
import { checkJobs } from '../check-jobs.js';
import {
  RUNS,
  RUNS_WHERE_CLOSED,
  RUNS_WHERE_LARGE,
  DRAWS,
  STORES,
  type CheckOptions,
  type CheckProgress,
  type Draw,
  type Store,
} from '../check-options.js';
import type { CheckpointOptions } from '../checkpoint-keeper.js';
import { UsageError } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import { boundList, oneOf, repeated, seconds, shardOf, wholeNumber } from '../option-values.js';
import { lookOptions, print } from '../output.js';
import { progressDisplay } from '../progress.js';
import { replayEntries } from '../replay-cases.js';
import { storedCases, withCaseFiles, withStoredBreaches, type StoredCase } from '../stored-cases.js';
import { version } from '../version.js';
import type { CheckJob } from '../workers/check-worker.js';
import { interruptibly, isRaised } from '../workers/interrupt.js';
import { memoryLimit, runJobs } from '../workers/pool.js';

interface CheckFlags {
  readonly property?: readonly string[];
  readonly random?: boolean;
  readonly exhaustive?: boolean;
  readonly both?: boolean;
  readonly bitstate?: boolean;
  readonly shard?: Shard;
  readonly draw: Draw;
  readonly seed: number;
  readonly runs?: number;
  readonly length: number;
  readonly bounds?: Partial<Bounds>;
  readonly depth?: number;
  readonly time?: number;
  readonly maxStates?: number;
  readonly memory?: number;
  readonly store: Store;
  readonly without?: readonly string[];
  readonly format: Format;
  readonly all?: boolean;
  readonly add?: boolean;
  readonly corpus?: string;
  readonly cases: boolean;
  readonly strict?: boolean;
  readonly threads: number;
  readonly statistics?: boolean;
  readonly symmetry?: boolean;
  readonly checkpoint?: string;
  readonly checkpointEvery: number;
  readonly progress: boolean;
}

export function addCheckCommand(program: Command): void {
  program
    .command('check', { isDefault: true })
    .summary('check proposals against claims; cases of the corpus first')
    .description(
      'Replays the stored cases, then checks every claim that speaks about a proposal: exhaustively within its bounds, ' +
        'and by random sequences in wider ones. A proposal is the name of a built-in one, or a file of your own.',
    )
    .argument(
      '[proposal...]',
      'names of proposals, or files that export some (default: those of your config, else all built-in ones)',
    )
    .option(
      '-p, --property <name>',
      'only this claim, or a file that exports some; can be repeated',
      repeated,
    )
    .option('--exhaustive', 'only the exhaustive search')
    .option('--random', 'only the random search')
    .option('--both', 'both (the default)')
    .option(
      '--bitstate',
      'for spaces that do not fit: of most states only some bits are kept, in the place of the exhaustive search',
    )
    .option(
      '--shard <part>',
      'one of several parts, as 2/4, each run elsewhere with --format json, for `holdfast merge`; with --random or --bitstate',
      shardOf,
    )
    .option(
      '--draw <way>',
      `how random sequences are drawn: ${DRAWS.join(', ')}`,
      oneOf('--draw', DRAWS),
      'targeted',
    )
    .option(
      '--seed <number>',
      'of the random and the bitstate search, and of fingerprints',
      wholeNumber('--seed', -0x80000000, 0x7fffffff),
      1,
    )
    .option(
      '--runs <number>',
      `random sequences for each proposal (default: ${grouped(RUNS)}; ${grouped(RUNS_WHERE_CLOSED)} where all states within the bounds ` +
        `were looked at before, ${grouped(RUNS_WHERE_LARGE)} for the large models of Linux)`,
      wholeNumber('--runs', 1),
    )
    .option(
      '--length <calls>',
      'calls of the longest random sequence',
      wholeNumber('--length', 1, 10_000),
      30,
    )
    .option('--bounds <list>', 'how many of each object, as processes=3,fds=4', boundList)
    .option('--depth <calls>', 'look at sequences of so many calls at most', wholeNumber('--depth', 0))
    .option('--time <seconds>', 'stop each proposal after so long', seconds('--time'))
    .option(
      '--max-states <number>',
      'stop an exhaustive search at so many states',
      wholeNumber('--max-states', 1),
    )
    .option(
      '--memory <megabytes>',
      'stop an exhaustive search at so much; what a bitstate search takes',
      wholeNumber('--memory', 1),
    )
    .option(
      '--checkpoint <file>',
      'keep in this file how far the exhaustive search of a proposal is, and go on from there if the file is there',
    )
    .option(
      '--checkpoint-every <seconds>',
      'how long to search between two checkpoints',
      seconds('--checkpoint-every'),
      60,
    )
    .option(
      '--store <what>',
      `what an exhaustive search keeps of states it has looked at: ${STORES.join(', ')} (64 bits each, for wide states; tells the odds of a missed one)`,
      oneOf('--store', STORES),
      'rows',
    )
    .option(
      '--threads <number>',
      'how many threads an exhaustive search takes, no more than there are cores; all else stays as with one',
      wholeNumber('--threads', 1, MOST_THREADS),
      1,
    )
    .option(
      '--without <name>',
      'switch an operation, a guard or a reference (hold:…) off; can be repeated',
      repeated,
    )
    .option('--format <format>', FORMATS.join(', '), oneOf('--format', FORMATS), 'text')
    .option('--all', 'show expected counterexamples in full as well')
    .option(
      '--statistics',
      'show how often each operation was tried, done and refused by which check, and how the witnesses were reached, or nearly; slower',
    )
    .option(
      '--symmetry',
      'look at one of all states that differ by swaps of processes, programs, links, descriptors and pins: the same verdicts from ' +
        'far fewer states (default: for built-in designs and claims as they are; not with --without or --store fingerprints); left out ' +
        'of the large models of Linux unless --max-states is given',
    )
    .option('--no-symmetry', 'look at all states')
    .option('--add', 'add the counterexamples found to the corpus')
    .option(
      '--corpus <directory>',
      'where cases are (default: those of your config, else ./counterexamples, else those of the package)',
    )
    .option('--no-cases', 'do not replay stored cases')
    .option('--strict', 'exit with 2 if something stays undecided')
    .option('--no-progress', 'nothing on stderr')
    .addHelpText(
      'after',
      `
Examples:
  holdfast check netlink-xdp tc-filter
  holdfast check link-fd --exhaustive                     # one proposal, every sequence within its bounds
  holdfast check netlink-xdp -p held-link-never-overridden --all
  holdfast check ./my-proposal.ts --time 1                # a proposal of your own; exits with 1
  holdfast check ./my-proposal.ts --exhaustive --symmetry --depth 5 # from far fewer states; exits with 1
  holdfast check netlink-xdp --exhaustive --bounds processes=3
  holdfast check link-fd --exhaustive --threads 2 --bounds pins=2
  holdfast check link-fd --exhaustive --depth 5 --statistics   # what was tried, and what refused it
  holdfast check link-fd --exhaustive --checkpoint link-fd.checkpoint   # the same again goes on
  holdfast check link-fd --without device-is-free --exhaustive --depth 5   # which claims need that check? exits with 1
  holdfast check link-fd --bitstate --memory 50 --bounds programs=3 --time 1
  holdfast check link-fd --random --runs 500 --shard 2/4 --format json > part2.json

Exit codes: 0 as expected, 1 violated or changed, 2 undecided (--strict), 64 usage, 65 faulty proposal, property,
case or checkpoint, 70 internal error, 73 cannot write, 130 interrupted.`,
    )
    .action(async (names: string[], flags: CheckFlags) => {
      process.exitCode = await check(names, flags);
    });
}

async function check(names: readonly string[], given: CheckFlags): Promise<number> {
  // More threads than there are cores would wait for each other.
  const flags = { ...given, threads: Math.min(given.threads, availableParallelism()) };
  const methods = methodsOf(flags);
  checkStore(flags, methods);
  checkThreads(given, methods);
  const propertyNames = (flags.property ?? []).filter((name) => !isFile(name));
  const propertyFiles = (flags.property ?? []).filter(isFile);
  const proposalFiles = names.filter(isFile);
  const catalogue = await loadCatalogue([...proposalFiles, ...propertyFiles]);
  const proposals = await selectProposals(catalogue, names);
  const propertiesAsked = [...propertyNames, ...(await namesIn(propertyFiles))];
  selectProperties(catalogue, propertiesAsked);
  const switches = switchesFor(proposals, flags.without ?? []);
  const checkpoint = checkpointOf(flags, methods, proposals.length);
  const display = progressDisplay(process.stderr, flags.progress);
  const kind = { ...checkJobs(proposals, display), threads: flags.threads };
  let stored: readonly StoredCase[] = [];
  let outcomes: readonly CaseOutcome[] = [];
  const { found, interrupted } = await interruptibly(async (stop) => {
    const jobs = proposals.map((proposal): CheckJob => ({
      proposal: proposal.name,
      properties: propertiesAsked,
      options: {
        ...limitsOf(flags, methods, proposals.length),
        without: switches.get(proposal.name) ?? [],
        proposalFiles,
        propertyFiles,
        ...(checkpoint ? { checkpoint } : {}),
      },
      stop,
    }));
    const results = await runJobs<CheckJob, CheckedProposal, CheckProgress>(kind, jobs, () => {
      const entries = entriesIn(
        flags.corpus ?? defaultCorpus(),
        flags.corpus === undefined || flags.add === true,
      );
      const cases = flags.cases && !flags.without ? casesFor(entries, proposals, propertiesAsked) : [];
      stored = storedCases(entries);
      outcomes = replayEntries(cases, catalogue);
      loadTables();
    });
    return { found: results, interrupted: isRaised(stop) };
  }).finally(() => {
    display.clear();
  });
  const isRandom = methods.includes('random') && flags.cases && !flags.without;
  const drawable = { bounds: flags.bounds ?? {}, length: flags.length };
  const checked = found.map((proposal) => {
    const shown = withCaseFiles(proposal, stored);
    return isRandom ? withStoredBreaches(shown, stored, catalogue, drawable) : shown;
  });
  const report: Report = {
    version: version(),
    ...(flags.shard === undefined ? {} : { part: partOf(flags, flags.shard) }),
    cases: outcomes,
    proposals: checked,
  };
  await print(
    formatReport(report, flags.format, {
      ...lookOptions(),
      inFull: flags.all ? 'all' : 'unexpected',
      statistics: flags.statistics ? 'shown' : 'left-out',
    }),
  );
  if (flags.add) addCounterexamples(checked, proposals, catalogue, flags.corpus ?? corpusToAddTo(), stored);
  return interrupted ? EXIT.interrupted : exitCode(report, { strict: flags.strict ?? false });
}

/** Which searches the flags ask for. Throws a UsageError if there is one among them that cannot be shared as they say. */
function methodsOf({ exhaustive, random, both, bitstate, shard }: CheckFlags): SearchMethod[] {
  const walk = bitstate ? 'bitstate' : 'exhaustive';
  const isAsked = { walk: exhaustive || bitstate, random };
  const isBoth = both || Boolean(isAsked.walk) === Boolean(isAsked.random);
  const methods: SearchMethod[] = isBoth ? [walk, 'random'] : [isAsked.walk ? walk : 'random'];
  if (shard === undefined || !methods.includes('exhaustive')) return methods;
  throw new UsageError(
    '--shard is for searches that leave something to chance; an exhaustive one looks at all there is. ' +
      'Give --random, or --bitstate, or both.',
  );
}

/** What the flags say about checkpoints. Throws a UsageError if one file would not do. */
function checkpointOf(
  { checkpoint, checkpointEvery }: CheckFlags,
  methods: readonly SearchMethod[],
  proposals: number,
): CheckpointOptions | undefined {
  if (checkpoint === undefined) return undefined;
  if (proposals !== 1)
    throw new UsageError(
      `--checkpoint keeps the search of one proposal, and here are ${proposals}. Name one.`,
    );
  if (!methods.includes('exhaustive'))
    throw new UsageError(
      '--checkpoint keeps an exhaustive search; random and bitstate ones start anew with their --seed. Leave it out, or those.',
    );
  return { file: checkpoint, every: checkpointEvery };
}

/** Throws a UsageError if fingerprints are asked for where they are of no use, or do not do. */
function checkStore(
  { store, statistics, symmetry, checkpoint }: CheckFlags,
  methods: readonly SearchMethod[],
): void {
  if (store === 'rows') return;
  if (!methods.includes('exhaustive'))
    throw new UsageError(
      '--store is about what an exhaustive search keeps of its states, and there is none here. Leave it out, or give --exhaustive.',
    );
  if (checkpoint !== undefined)
    throw new UsageError('--checkpoint writes whole states. Give --store rows, or leave out --checkpoint.');
  if (symmetry)
    throw new UsageError(
      '--symmetry keeps whole states, to tell which differ by swaps of interchangeable things only. ' +
        'Give --store rows, or leave out --symmetry.',
    );
  if (statistics)
    throw new UsageError(
      '--statistics looks at all states once more at the end, and of fingerprints there is no way back to them. ' +
        'Give --store rows, or leave out --statistics.',
    );
}

/** Throws a UsageError if several threads are asked for where there is no search that they can share. */
function checkThreads({ threads, store }: CheckFlags, methods: readonly SearchMethod[]): void {
  if (threads === 1) return;
  if (!methods.includes('exhaustive'))
    throw new UsageError(
      '--threads is about an exhaustive search, and there is none here. Leave it out, or give --exhaustive; ' +
        'random and bitstate searches are shared by --shard.',
    );
  if (store !== 'rows')
    throw new UsageError(
      '--threads look states up, and of fingerprints there is no way back to them. ' +
        'Give --store rows, or leave out --threads.',
    );
}

/** What the flags say about how far to look. */
function limitsOf(
  flags: CheckFlags,
  methods: readonly SearchMethod[],
  proposals: number,
): Omit<CheckOptions, 'without' | 'proposalFiles' | 'propertyFiles' | 'checkpoint'> {
  return {
    methods,
    seed: flags.seed,
    ...(flags.shard === undefined ? {} : { shard: flags.shard }),
    draw: flags.draw,
    runs: flags.runs,
    length: flags.length,
    bounds: flags.bounds ?? {},
    depth: flags.depth,
    time: flags.time,
    maxStates: flags.maxStates,
    statistics: flags.statistics ?? false,
    ...(flags.symmetry === undefined ? {} : { symmetry: flags.symmetry }),
    maxBytes: memoryLimit(proposals, flags.memory, flags.threads),
    threads: flags.threads,
    store: flags.store,
  };
}

/** What must be the same in all parts. How much time, memory and states each is given may differ. */
function partOf({ seed, draw, runs, length, depth }: CheckFlags, shard: Shard): ReportPart {
  return {
    shard,
    asked: { seed, draw, runs: runs ?? RUNS, length, ...(depth === undefined ? {} : { depth }) },
  };
}

/** The names of the properties that files export. */
async function namesIn(files: readonly string[]): Promise<string[]> {
  const { properties } = await itemsOf(files);
  return properties.map(({ name }) => name);
}

/** The cases of a corpus; one that is still to be made, or that nobody asked for, has none. */
function entriesIn(corpus: string, mayBeAbsent: boolean): CorpusEntry[] {
  return mayBeAbsent && !existsSync(corpus) ? [] : readCorpus(corpus);
}

/** The cases about what is checked; those that cannot be read are about everything. */
function casesFor(
  entries: readonly CorpusEntry[],
  proposals: readonly Proposal[],
  properties: readonly string[],
): CorpusEntry[] {
  const names = proposals.map(({ name }) => name);
  return entries.filter((entry) => {
    if (entry.error) return true;
    const { proposal, property } = entry.case;
    return names.includes(proposal) && (properties.length === 0 || properties.includes(property ?? ''));
  });
}

/** Adds to the corpus what it does not have yet, and says on stderr what was written where. */
function addCounterexamples(
  checked: readonly CheckedProposal[],
  proposals: readonly Proposal[],
  catalogue: Catalogue,
  corpus: string,
  stored: readonly StoredCase[],
): void {
  for (const { name, without, findings, bounds } of checked) {
    const proposal = named('proposal', proposals, name);
    for (const finding of findings) {
      const { verdict, counterexample, property } = finding;
      if (verdict.kind !== 'violated' || !counterexample || counterexample.caseFile) continue;
      // A random search looks further than the bounds of the check.
      const within = counterexample.known?.bounds ?? bounds;
      const machine = machineOf(proposal, within, { without });
      const { trace, clause } = verdict.counterexample;
      const origins = [
        `found by holdfast ${version()}; ${statusOf(finding) === 'expected' ? 'expected of the design' : 'not expected'}`,
      ];
      const asked = named('property', catalogue.properties, property);
      const expect = 'violated' as const;
      const about = { title: clause, proposal: name, expect, origins, bounds: within };
      const made = withoutNeedlessBounds(
        caseOf(machine, asked, { trace }, about),
        (read) => caseCatalogue(catalogue).machineFor(read),
        asked,
      );
      if (stored.some((known) => known.fingerprint === fingerprint(made))) continue;
      process.stderr.write(`added ${addCase(corpus, made)}\n`);
    }
  }
}
