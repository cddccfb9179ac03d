/**
 * Search of spaces that do not fit. First breadth first, exactly, as far as a small share of the memory goes: what is broken
 * there is broken by a shortest sequence. Then depth first from all states at the edge, each state remembered by a few bits
 * only. Whatever it comes to, it is never said that something holds: a state may have been taken for another one.
 *
 * Searches with other seeds have other hash functions, begin elsewhere at the edge and follow calls in another order, so that
 * several machines can each run one (Holzmann, Joshi, Groce, "Swarm verification", 2008).
 */
import { grouped } from './grouped.js';
import type { CallCounts, Counting, Machine } from '../model/machine/index.js';
import { createBitTable, type BitTable } from './bit-table.js';
import { callsMade } from './calls.js';
import { combine } from './combine.js';
import { DeepSearch } from './deep-search.js';
import { ExhaustiveSearch } from './exhaustive.js';
import type { Property } from './property.js';
import { verdictOnRefusals } from './refusal-verdict.js';
import type { Progress, Search } from './search.js';
import { sequenceSeed } from './sequence-seeds.js';
import { FIRST_SHARD, type Shard } from './shard.js';
import { addedCounts, operationStatistics } from './statistics.js';
import type { PropertyResult, SearchResult, StopReason, Verdict } from './verdict.js';
import { refusalsIn } from './watch.js';

export interface BitstateLimits {
  /** Bytes of the search's own tables: the bits take what the first, exact part leaves. */
  readonly maxBytes: number;
  /** Any whole number: chooses the hash functions and the order of calls. */
  readonly seed: number;
  /** Which of several searches with this seed it is; the only one if it is not given. */
  readonly shard?: Shard;
  /** Calls of the longest sequence looked at. */
  readonly depth?: number;
  readonly maxStates?: number;
  /** States that the exact part keeps whole; {@link EXACT_STATES} if it is not given. */
  readonly exactStates?: number;
  readonly counting?: Counting;
}

/** States of the exact part, unless a quarter of the memory holds fewer. */
export const EXACT_STATES = 500_000;

/** What the exact part, and what the states that wait, may have of the memory. The bits take the rest. */
const EXACT_SHARE = 1 / 4;
const WAITING_SHARE = 1 / 4;

export class BitstateSearch<S> implements Search {
  private readonly exact: ExhaustiveSearch<S>;
  private deep: { readonly search: DeepSearch<S>; readonly table: BitTable } | undefined;
  /** States of the exact part up to the end of the level that is looked at, and how many the level before had. */
  private levelEnd = 1;
  private levelBefore = 1;
  private isDone = false;
  private stoppedBy: StopReason | undefined;

  constructor(
    private readonly machine: Machine<S>,
    private readonly properties: readonly Property<S>[],
    private readonly limits: BitstateLimits,
  ) {
    const { depth, counting } = limits;
    this.exact = new ExhaustiveSearch(machine, properties, {
      ...(depth === undefined ? {} : { depth }),
      ...(counting === undefined ? {} : { counting }),
    });
  }

  advance(portion: number): boolean {
    if (this.isDone || this.isStopped()) return false;
    this.isDone = this.deep ? !this.deep.search.advance(portion) : !this.advanceExactly(portion);
    if (this.progress().states >= (this.limits.maxStates ?? Infinity)) this.stop('states');
    return !this.isDone && !this.isStopped();
  }

  stop(reason: StopReason): void {
    if (this.isDone) return;
    this.stoppedBy ??= reason;
    if (!this.deep) this.exact.stop(reason);
  }

  private isStopped(): boolean {
    return this.stoppedBy !== undefined;
  }

  /** Level by level, so that the exact part ends with a whole one. */
  private advanceExactly(portion: number): boolean {
    const { exact } = this;
    const lookedAt = (): number => exact.progress().states - exact.progress().waiting;
    if (!exact.advance(Math.min(portion, this.levelEnd - lookedAt()))) return false;
    if (lookedAt() < this.levelEnd) return true;
    const { states, waiting, bytes } = exact.progress();
    if (waiting === 0) return false;
    const growth = Math.max(1, waiting / this.levelBefore);
    this.levelBefore = waiting;
    this.levelEnd = states;
    const { maxBytes, exactStates = EXACT_STATES } = this.limits;
    const most = Math.min(exactStates, (maxBytes * EXACT_SHARE * states) / bytes);
    if (states + waiting * growth > most && this.depthBehindEdge() > 1) this.goDeep();
    return true;
  }

  /** Begins the second part: from here on, nothing but bits is remembered. */
  private goDeep(): void {
    const { machine, properties, exact, limits } = this;
    const { states, waiting, bytes } = exact.progress();
    exact.stop('depth');
    const { results } = exact.result();
    const shard = limits.shard ?? FIRST_SHARD;
    const seed = sequenceSeed(limits.seed, shard.index - 1);
    const table = createBitTable(machine.words, limits.maxBytes * (1 - WAITING_SHARE) - bytes, seed);
    const rows = exact.states().rows();
    for (let i = 0; i < states; i++) table.add(rows, i * machine.words);
    const roots = {
      rows,
      first: states - waiting,
      count: waiting,
      begin: Math.floor((waiting * (shard.index - 1)) / shard.of),
      traceTo: (state: number) => callsMade(machine, exact.traceOf(state)),
    };
    const search = new DeepSearch({
      machine,
      properties: properties.filter((_, k) => !isFound(results[k]!.verdict)),
      table,
      roots,
      depth: this.depthBehindEdge(),
      maxBytes: limits.maxBytes * WAITING_SHARE,
      seed,
      counting: limits.counting ?? 'as-needed',
    });
    this.deep = { search, table };
  }

  /** Calls that are made behind the exact part at most. The states at its edge lie one call behind the last whole level. */
  private depthBehindEdge(): number {
    return (this.limits.depth ?? Infinity) - (this.exact.progress().depth + 1);
  }

  progress(): Progress {
    const exact = this.exact.progress();
    if (!this.deep) return exact;
    const { search, table } = this.deep;
    return {
      ...exact,
      states: exact.states + search.states,
      transitions: exact.transitions + search.transitions,
      depth: exact.depth + 1 + search.deepest,
      waiting: search.left,
      bytes: exact.bytes + table.bytes() + search.bytes(),
      violated: [...exact.violated, ...search.violated()],
    };
  }

  result(): SearchResult {
    const exact = this.exact.result();
    if (!this.deep) return { ...exact, statistics: { ...exact.statistics, method: 'bitstate' } };
    const { search, table } = this.deep;
    const { states, transitions, depth, bytes } = this.progress();
    const counts = addedCounts(this.exact.counts(), search.counts());
    const stoppedBy = this.stoppedBy ?? (this.isDone ? this.end(search) : 'interrupted');
    const bound = this.boundText(search, table, stoppedBy);
    return {
      closed: false,
      stoppedBy,
      results: exact.results.map((result) => {
        const k = search.properties.findIndex(({ name }) => name === result.property);
        return k < 0 ? result : combine(result, this.deepResult(search, k, counts, bound));
      }),
      statistics: {
        ...exact.statistics,
        method: 'bitstate',
        states,
        transitions,
        refusals: refusalsIn(counts),
        depth,
        bytes,
        ...operationStatistics(this.machine, counts),
        coverage: { ...table.coverage(), exactStates: exact.statistics.states, cut: search.cut },
      },
    };
  }

  /** Why it ended, if nothing stopped it. */
  private end({ cut }: DeepSearch<S>): StopReason {
    if (cut === 0) return 'bits';
    return this.limits.depth === undefined ? 'memory' : 'depth';
  }

  private boundText({ states }: DeepSearch<S>, table: BitTable, stoppedBy: StopReason): string {
    const { hashFactor, expectedOmissions } = table.coverage();
    const factor = hashFactor < 10 ? hashFactor.toFixed(1) : grouped(Math.round(hashFactor));
    return (
      `${grouped(states)} states met depth first, known by their bits ` +
      `(${factor} bits a state, ${aboutHowMany(expectedOmissions)} left out by chance; stopped by: ${stoppedBy})`
    );
  }

  private deepResult(search: DeepSearch<S>, k: number, counts: CallCounts, bound: string): PropertyResult {
    const property = search.properties[k]!;
    const spoke = search.watch.spokeOf(k, search.counts());
    return { property: property.name, verdict: this.deepVerdict(search, k, spoke, counts, bound), spoke };
  }

  private deepVerdict(
    search: DeepSearch<S>,
    k: number,
    spoke: number,
    counts: CallCounts,
    bound: string,
  ): Verdict {
    const { machine, limits } = this;
    const property = search.properties[k]!;
    const breach = search.breachOf(k);
    if (breach && property.kind === 'witness') return { kind: 'witnessed', example: breach.trace };
    if (breach) return { kind: 'violated', counterexample: { trace: breach.trace, ...breach.broken! } };
    if (property.kind === 'refusals') {
      const told = verdictOnRefusals(
        machine,
        property,
        { counts, recounted: () => counts },
        limits.depth ?? Infinity,
      );
      if (told.kind === 'violated') return told;
    }
    if (property.kind === 'witness' || spoke === 0) return { kind: 'undecided', why: `not met in ${bound}` };
    return { kind: 'holds-up-to', bound };
  }
}

function isFound({ kind }: Verdict): boolean {
  return kind === 'violated' || kind === 'witnessed';
}

function aboutHowMany(count: number): string {
  if (count < 0.01) return 'next to none';
  return `about ${count < 10 ? Number(count.toPrecision(1)) : grouped(Math.round(count))}`;
}
