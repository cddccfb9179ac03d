/** One proposal checked: searches run one after the other, verdicts combined, counterexamples made minimal and shown. */
import {
  BitstateSearch,
  CheckpointError,
  combine,
  ExhaustiveSearch,
  play,
  RandomSearch,
  shareCauses,
  type ExhaustiveLimits,
  type Property,
  type PropertyResult,
  type Search,
  type SearchMethod,
  type Verdict,
} from '../checker/index.js';
import { caseOf, fingerprint } from '../corpus/index.js';
import type { Bounds, KernelState } from '../model/kernel/model.js';
import type { Machine } from '../model/machine/index.js';
import { designs, machineOf, type Proposal } from '../model/proposals/index.js';
import { properties as builtInClaims } from '../properties/index.js';
import { codeFile } from '../package-place.js';
import { findingsFrom, type Found } from '../project/finding.js';
import type { CheckedProposal, Finding, Search as ReportedSearch, ShownNearness } from '../report/index.js';
import {
  RUNS,
  RUNS_WHERE_CLOSED,
  RUNS_WHERE_LARGE,
  type CheckOptions,
  type CheckProgress,
} from './check-options.js';
import { CheckpointKeeper, type CheckpointOptions } from './checkpoint-keeper.js';
import { subjectOf, type CheckpointSubject } from './checkpoint-subject.js';
import { widerBounds } from './wider-bounds.js';
import type { Control } from './workers/control.js';
import { helpersOf } from './workers/helpers.js';
import type { SearchJob } from './workers/search-worker.js';

/** States, or sequences, between two looks at the clock. */
const PORTIONS = { exhaustive: 1 << 13, bitstate: 1 << 13, random: 256 } as const;

export function checkProposal(
  proposal: Proposal,
  properties: readonly Property<KernelState>[],
  asked: CheckOptions,
  control: Control<CheckProgress>,
): CheckedProposal {
  const started = control.now();
  const options = { ...asked, symmetry: asked.symmetry ?? isKnownSymmetric(proposal, properties, asked) };
  const bounds: Bounds = { ...proposal.bounds, ...options.bounds };
  const searches: ReportedSearch[] = [];
  const found = new Map<string, Found>();
  const near = new Map<string, ShownNearness>();
  const boundsOf = new Map<Machine<KernelState>, Bounds>();
  let searched: Machine<KernelState> | undefined;
  for (const method of options.methods) {
    // What is broken or reached already needs no second witness.
    const open = properties.filter((property) => !isSettled(found.get(property.name)?.result.verdict));
    const within = method === 'random' ? widerBounds(bounds, options.bounds) : bounds;
    const machine = machineOf(proposal, within, { without: options.without });
    if (searched) shareCauses(searched, machine);
    searched = machine;
    boundsOf.set(machine, within);
    const keeper =
      method === 'exhaustive' && options.checkpoint
        ? keeperOf(
            options.checkpoint,
            subjectOf(proposal.name, within, machine, open, limitsOf(options)),
            control,
          )
        : undefined;
    const job = {
      ...{ proposal: proposal.name, properties: open.map(({ name }) => name), bounds: within },
      ...{ without: options.without, files: [...options.proposalFiles, ...options.propertyFiles] },
    };
    const runs = options.runs ?? usualRuns(proposal, searches);
    const help = helpFor(job, options.threads);
    const search = searchOf(method, proposal, machine, open, { ...options, runs }, help, keeper);
    const searchStarted = control.now();
    runSearch(search, method, options, control, started, keeper);
    const { results, closed, stoppedBy, statistics } = search.result();
    searches.push({
      statistics,
      closed,
      ...(stoppedBy === undefined ? {} : { stoppedBy }),
      milliseconds: Math.round(keeper?.milliseconds() ?? control.now() - searchStarted),
      ...(method === 'exhaustive' && options.store === 'rows' ? {} : { seed: options.seed }),
      ...(options.shard === undefined ? {} : { shard: options.shard }),
    });
    if (options.statistics && search instanceof ExhaustiveSearch)
      for (const [name, how] of nearnesses(machine, search, open, results)) near.set(name, how);
    for (const result of results) {
      const before = found.get(result.property);
      const together = before ? combine(before.result, result) : result;
      const isNew = !before || together.verdict === result.verdict;
      found.set(result.property, {
        property: properties.find(({ name }) => name === result.property)!,
        result: together,
        machine: isNew ? machine : before.machine,
        isShortest: method === 'exhaustive',
      });
    }
  }
  const all = properties.map(({ name }) => found.get(name)!);
  return {
    name: proposal.name,
    title: proposal.title,
    bounds: { ...bounds },
    without: options.without,
    searches,
    findings: findingsFrom(proposal, all).map((shown, i) => {
      const { property, machine } = all[i]!;
      const where = { property, machine, within: boundsOf.get(machine)! };
      const finding = reportedFinding(proposal, shown, where, options);
      const nearest = near.get(finding.property);
      return finding.example || !nearest ? finding : { ...finding, nearest };
    }),
  };
}

/**
 * Whether all states and one of those that differ by swaps are known to come to the same: tests compare both for the designs and claims
 * that come with Holdfast. Without a check, say, a reference may be left behind, and tell things apart.
 */
function isKnownSymmetric(
  proposal: Proposal,
  properties: readonly Property<KernelState>[],
  { without, store }: CheckOptions,
): boolean {
  const isOurs = designs.includes(proposal) && properties.every((claim) => builtInClaims.includes(claim));
  return isOurs && without.length === 0 && store === 'rows';
}

function searchOf(
  method: SearchMethod,
  { reach }: Proposal,
  machine: Machine<KernelState>,
  properties: readonly Property<KernelState>[],
  options: CheckOptions & { readonly runs: number },
  help: Pick<ExhaustiveLimits, 'threads'>,
  keeper: CheckpointKeeper | undefined,
): ExhaustiveSearch<KernelState> | BitstateSearch<KernelState> | RandomSearch<KernelState> {
  const { seed, runs, length, draw, shard } = options;
  const limits = limitsOf(options);
  const shared = shard === undefined ? {} : { shard };
  switch (method) {
    case 'exhaustive':
      return exhaustiveSearch(machine, properties, { ...withinReach(reach, limits), ...help }, keeper);
    case 'bitstate':
      return new BitstateSearch(machine, properties, { ...limits, seed, ...shared });
    case 'random':
      return new RandomSearch(machine, properties, {
        ...{ runs, seed, maxLength: length, ...shared },
        ...{ targeted: draw === 'targeted', swarm: draw !== 'plain' },
      });
  }
}

/** Parts of one search, shared among machines, draw alike, whatever each of them closed. */
function usualRuns({ reach }: Proposal, before: readonly ReportedSearch[]): number {
  if (reach !== undefined) return RUNS_WHERE_LARGE;
  return before.some(({ closed, shard }) => closed && !shard) ? RUNS_WHERE_CLOSED : RUNS;
}

/** The threads that help an exhaustive search, if it may take more than one. */
function helpFor(job: SearchJob, threads = 1): Pick<ExhaustiveLimits, 'threads'> {
  return threads > 1 ? { threads: helpersOf(codeFile('cli/workers/search-worker'), job, threads) } : {};
}

function keeperOf(
  options: CheckpointOptions,
  subject: CheckpointSubject,
  control: Control<CheckProgress>,
): CheckpointKeeper {
  return new CheckpointKeeper(
    options,
    subject,
    () => control.now(),
    (sentence) => process.stderr.write(`${sentence}\n`),
  );
}

/** The search, from where it had come to. */
function exhaustiveSearch(
  machine: Machine<KernelState>,
  properties: readonly Property<KernelState>[],
  limits: ExhaustiveLimits,
  keeper: CheckpointKeeper | undefined,
): ExhaustiveSearch<KernelState> {
  const from = keeper?.take();
  try {
    const search = new ExhaustiveSearch(machine, properties, from ? { ...limits, from } : limits);
    keeper?.follow(search);
    return search;
  } catch (error) {
    throw keeper && error instanceof CheckpointError ? keeper.refusalFor(error) : error;
  }
}

/** For each witness that was not reached and says its conditions, how near the search came. */
function nearnesses(
  machine: Machine<KernelState>,
  search: ExhaustiveSearch<KernelState>,
  properties: readonly Property<KernelState>[],
  results: readonly PropertyResult[],
): [string, ShownNearness][] {
  return properties.flatMap((property, i): [string, ShownNearness][] => {
    if (property.kind !== 'witness' || !property.conditions) return [];
    if (isSettled(results[i]!.verdict)) return [];
    const { met, missing, trace } = search.nearest(property);
    return [[property.name, { met, missing, playback: play(machine, trace) }]];
  });
}

function isSettled(verdict: Verdict | undefined): boolean {
  return verdict?.kind === 'violated' || verdict?.kind === 'witnessed';
}

/** Where only the first states of a large space are looked at, they are not fewer up to symmetry, and each takes longer. */
function withinReach<L extends ExhaustiveLimits>(reach: number | undefined, limits: L): L {
  if (reach === undefined || limits.maxStates !== undefined) return limits;
  const { symmetry: _symmetry, ...others } = limits;
  return { ...others, maxStates: reach } as L;
}

function limitsOf({
  depth,
  maxStates,
  maxBytes,
  statistics,
  symmetry,
  store,
  seed,
}: CheckOptions): ExhaustiveLimits & { readonly maxBytes: number } {
  return {
    ...(statistics ? { counting: 'every-refusal' } : {}),
    ...(store === 'fingerprints' ? { fingerprints: { seed } } : {}),
    ...(symmetry ? { symmetry } : {}),
    ...(depth === undefined ? {} : { depth }),
    ...(maxStates === undefined ? {} : { maxStates }),
    maxBytes,
  };
}

function runSearch(
  search: Search,
  method: SearchMethod,
  options: CheckOptions,
  control: Control<CheckProgress>,
  started: number,
  keeper: CheckpointKeeper | undefined,
): void {
  const end = options.time === undefined ? Infinity : started + options.time * 1000;
  while (search.advance(PORTIONS[method])) {
    control.progress({ method, progress: search.progress() });
    keeper?.look();
    if (control.interrupted()) search.stop('interrupted');
    else if (control.now() >= end) search.stop('time');
  }
  keeper?.keep();
}

/** A finding, with the command that shows its counterexample again, and by what it is known as a case. */
function reportedFinding(
  proposal: Proposal,
  finding: Finding,
  { property, machine, within }: Pick<Found, 'property' | 'machine'> & { readonly within: Bounds },
  options: CheckOptions,
): Finding {
  const { verdict, counterexample } = finding;
  if (verdict.kind !== 'violated' || !counterexample) return finding;
  const { trace, clause } = verdict.counterexample;
  const about = { title: clause, proposal: proposal.name, expect: 'violated' } as const;
  const known = { fingerprint: fingerprint(caseOf(machine, property, { trace }, about)), bounds: within };
  const command = reproduce(proposal, property, trace.length, options);
  return { ...finding, counterexample: { ...counterexample, reproduce: command, known } };
}

/** The command that finds a counterexample again, as short as it is. */
export function reproduce(
  proposal: Proposal,
  property: Property<KernelState>,
  length: number,
  {
    bounds,
    without,
    proposalFiles,
    propertyFiles,
  }: Pick<CheckOptions, 'bounds' | 'without' | 'proposalFiles' | 'propertyFiles'>,
): string {
  const asked = Object.entries(bounds).map(([name, value]) => `${name}=${value}`);
  return [
    'npx holdfast check',
    ...(proposalFiles.length > 0 ? proposalFiles : [proposal.name]),
    ...(propertyFiles.length > 0 ? propertyFiles : [property.name]).map((name) => `--property ${name}`),
    `--exhaustive --depth ${length}`,
    ...(asked.length > 0 ? [`--bounds ${asked.join(',')}`] : []),
    ...without.map((name) => `--without ${name}`),
  ].join(' ');
}
