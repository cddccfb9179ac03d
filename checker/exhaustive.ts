/**
 * Exhaustive search: breadth first over all calls within the machine's bounds, one pass for all properties. The first
 * breach found of a property is a shortest one.
 */
import type { CallCounts, Counting, Expansion, Machine } from '../model/machine/index.js';
import { argumentLists, callBetween, callsMade, type FoundCall } from './calls.js';
import {
  CheckpointError,
  countLists,
  enterStates,
  followsTheRules,
  setCounts,
  type Breach,
  type Checkpoint,
} from './checkpoint.js';
import { faultBehind } from './fault-finding.js';
import { FINGERPRINT_BITS, oddsOfSharing, oddsText } from './fingerprint.js';
import { createFingerprintStore, type FingerprintStore } from './fingerprint-store.js';
import { rowsAlong } from './found-again.js';
import { AsymmetryFault, ImpureModelFault, type Asymmetry } from './faults.js';
import { nearestState } from './nearest.js';
import { orbitsOf, type Orbits } from './orbits.js';
import type { Property, RefusalsProperty, WitnessProperty } from './property.js';
import { recount } from './recount.js';
import { verdictOnRefusals } from './refusal-verdict.js';
import type { Progress, Search } from './search.js';
import { createStateStore, type StateStore } from './state-store.js';
import { operationStatistics } from './statistics.js';
import { Recorder, type Trace } from './trace.js';
import type {
  Nearness,
  PropertyResult,
  SearchResult,
  SearchStatistics,
  StopReason,
  Verdict,
} from './verdict.js';
import { PropertyWatch, refusalsIn } from './watch.js';

export interface ExhaustiveLimits {
  /** Calls of the longest sequence looked at. */
  readonly depth?: number;
  readonly maxStates?: number;
  /** Bytes of the search's own tables. */
  readonly maxBytes?: number;
  /** Calls that were made already: the search looks at what can come behind them, and the traces it finds begin with them. */
  readonly after?: Trace;
  /** What the counts of the operations are to be good for; `as-needed`, which is faster, if it is not given. */
  readonly counting?: Counting;
  /**
   * Of all states that differ by swaps of interchangeable things, only one is looked at, and all counts are of these. Verdicts and
   * shortest sequences stay the same. An AsymmetryFault is thrown where something is found that tells such things apart.
   */
  readonly symmetry?: boolean;
  /**
   * Where another search for the same, under the same depth, counting and symmetry, had come to. A CheckpointError is thrown if it
   * was not for the same, as far as can be seen, or does not fit into `maxBytes`.
   */
  readonly from?: Checkpoint;
  /**
   * States that wait are kept whole, all others as 64-bit fingerprints, which `seed` (any whole number) chooses: wide states take less
   * memory. A state may be taken for another one, so nothing `holds`: the verdicts tell the odds. Every refusal is counted if a
   * property is about refusals. Not together with `symmetry`; `nearest` and `states` have no answer.
   */
  readonly fingerprints?: { readonly seed: number };
}

/** The states a search has found, in the order in which it found them. */
export type KnownStates = Pick<StateStore, 'rows' | 'count' | 'has'>;

/** Expansions looked up together. */
const BATCH = 32;

/** The first expansions, and then one in so many, are made twice, to notice an impure model. */
const PURITY_FIRST = 1 << 6;
const PURITY_SAMPLE = 1 << 12;

/** In the first states, and then in one of so many, it is asked whether swaps change anything. */
const SYMMETRY_FIRST = 1 << 4;
const SYMMETRY_SAMPLE = 1 << 10;

export class ExhaustiveSearch<S> implements Search {
  /** What it goes on from is not kept: its states would take room twice. */
  private readonly limits: Omit<ExhaustiveLimits, 'from'>;
  private readonly store: StateStore;
  /** The store, if it keeps fingerprints. */
  private readonly fingerprints: FingerprintStore | undefined;
  /** What is interchangeable; undefined where all states are looked at. */
  private readonly orbits: Orbits | undefined;
  private readonly expansion: Expansion;
  private readonly successors: Int32Array;
  private readonly checkState: () => void;
  /** For making an expansion a second time, unwatched. */
  private second: { readonly expansion: Expansion; readonly successors: Int32Array } | undefined;
  private readonly watch: PropertyWatch<S>;
  private readonly breaches: (Breach | undefined)[];
  /** The next state to look at, and the first one behind its level. */
  private next = 0;
  private levelEnd = 1;
  private level = 0;
  private current = 0;
  /** The calls in front of the first state. */
  private readonly behind: readonly FoundCall[];
  private transitions = 0;
  /** States from which all calls were made. */
  private expanded = 0;
  private stoppedBy: StopReason | undefined;
  /** Counts of some operations, every refusal included, by how many states and which operations. */
  private readonly recounts = new Map<string, CallCounts>();

  constructor(
    private readonly machine: Machine<S>,
    private readonly properties: readonly Property<S>[],
    { from, ...limits }: ExhaustiveLimits = {},
  ) {
    this.limits = limits;
    this.breaches = properties.map(() => undefined);
    this.watch = new PropertyWatch(machine, properties, (property, broken, call) => {
      this.breaches[property] = { state: this.current, broken, call };
    });
    this.expansion = machine.rememberingExpansion(this.watch.observers, this.counting());
    // The row being looked at stays in `before` when it has been expanded.
    this.checkState = this.watch.stateCheck(machine.before);
    this.successors = new Int32Array((this.expansion.maxSuccessors + 1) * machine.words);
    const maxRows = (this.expansion.maxSuccessors + 1) * BATCH;
    if (limits.symmetry && limits.fingerprints)
      throw new RangeError(
        'fingerprints are kept of states, not of what differs by swaps: leave out symmetry',
      );
    this.orbits = limits.symmetry ? orbitsOf(machine, properties) : undefined;
    this.fingerprints =
      limits.fingerprints &&
      createFingerprintStore(machine.words, maxRows, limits.fingerprints.seed, limits.maxBytes);
    this.store =
      this.fingerprints ??
      this.orbits?.store(maxRows, () => this.asymmetric({ kind: 'free-place', name: '' })) ??
      createStateStore(machine.words, maxRows, {
        unusedBit: machine.memory.unusedBit(),
        ...(limits.maxBytes === undefined ? {} : { maxBytes: limits.maxBytes }),
      });
    this.behind = callsMade(machine, limits.after ?? []);
    // That left the machine in the state behind them.
    const first = new Int32Array(machine.words);
    machine.save(first, 0);
    if (from) {
      this.goOnFrom(from, first);
    } else {
      this.store.offer(first, 1, -1);
      this.store.resolve();
    }
  }

  /**
   * Where the search is, for another one to go on from; good until it advances. Undefined if states had to be left out, or it keeps
   * fingerprints.
   */
  checkpoint(): Checkpoint | undefined {
    const { store, next, levelEnd, level, transitions, expanded, watch, breaches } = this;
    if (store.isFull() || this.fingerprints) return undefined;
    const count = store.count();
    return {
      rows: store.rows().subarray(0, count * this.machine.words),
      parents: store.parents().subarray(0, count),
      account: {
        ...{ next, levelEnd, level, transitions, expanded },
        isDepthReached: this.stoppedBy === 'depth',
        counts: countLists(this.expansion.counts),
        spoke: [...watch.spoke],
        breaches: breaches.map((breach) => breach ?? null),
      },
    };
  }

  private goOnFrom(from: Checkpoint, first: Int32Array): void {
    const { machine, store, watch } = this;
    const { account } = from;
    const fits = from.rows.length === from.parents.length * machine.words;
    if (!fits || !first.every((word, i) => from.rows[i] === word)) throw new CheckpointError('other rules');
    enterStates(store, from, machine.words, BATCH);
    if (!followsTheRules(machine, store, account.expanded, machine.expansion([])))
      throw new CheckpointError('other rules');
    this.next = account.next;
    this.levelEnd = account.levelEnd;
    this.level = account.level;
    this.transitions = account.transitions;
    this.expanded = account.expanded;
    setCounts(this.expansion.counts, account.counts);
    account.breaches.forEach((breach, k) => {
      this.breaches[k] = breach ?? undefined;
    });
    watch.goOn(
      account.spoke,
      account.breaches.map((breach) => breach === null),
    );
    if (account.isDepthReached) this.depthReached();
    else this.heedLimits();
  }

  advance(portion: number): boolean {
    const end = this.next + portion;
    while (this.next < end && this.stoppedBy === undefined) {
      if (this.next === this.levelEnd) {
        if (this.levelEnd === this.store.count()) return false;
        this.level++;
        this.levelEnd = this.store.count();
      }
      this.fingerprints?.forgetBefore(this.next);
      this.expandBatch();
      this.heedLimits();
    }
    return this.stoppedBy === undefined;
  }

  /** How often each operation was done and refused so far. */
  counts(): CallCounts {
    return this.expansion.counts;
  }

  private heedLimits(): void {
    const { maxStates = Infinity, maxBytes = Infinity } = this.limits;
    if (this.store.count() >= maxStates) this.stop('states');
    else if (this.store.isFull() || this.store.bytes() > maxBytes) this.stop('memory');
  }

  /** All states found so far. Throws if it keeps fingerprints. */
  states(): KnownStates {
    this.needRows();
    return this.store;
  }

  stop(reason: StopReason): void {
    if (this.next < this.store.count()) this.stoppedBy ??= reason;
  }

  private expandBatch(): void {
    const { store, machine, expansion, successors } = this;
    const rows = store.rows();
    const last = Math.min(this.next + BATCH, this.levelEnd);
    const expands = this.level < (this.limits.depth ?? Infinity);
    try {
      for (; this.next < last; this.next++) {
        this.current = this.next;
        const offset = this.offsetOf(this.next);
        if (expands) {
          const n = expansion.expand(rows, offset, successors);
          this.transitions += n;
          this.checkState();
          store.offer(successors, n, this.next);
          if (this.next < PURITY_FIRST || this.next % PURITY_SAMPLE === 0) this.checkPurity(rows, offset, n);
          if (this.orbits && (this.next < SYMMETRY_FIRST || this.next % SYMMETRY_SAMPLE === 0))
            this.checkSymmetry(this.orbits);
        } else {
          machine.load(rows, offset);
          machine.remember();
          this.checkState();
        }
      }
    } catch (error) {
      this.diagnose(error);
    }
    if (expands) this.expanded = this.next;
    store.resolve();
    if (!expands && this.next === store.count()) this.depthReached();
  }

  /** The last level was looked at but not expanded. It may be that nothing lies behind it; that is not known. */
  private depthReached(): void {
    this.stoppedBy = 'depth';
  }

  private checkPurity(rows: Int32Array, offset: number, n: number): void {
    const { machine } = this;
    this.second ??= { expansion: machine.expansion([]), successors: new Int32Array(this.successors.length) };
    const { expansion, successors: again } = this.second;
    const count = expansion.expand(rows, offset, again);
    const { words } = machine;
    const { memory } = machine.memory;
    let same = count === n;
    for (let i = 0; same && i < n * words; i++) same = again[i] === this.successors[i];
    for (let i = 0; same && i < words; i++) same = memory[i] === rows[offset + i];
    if (!same)
      throw new ImpureModelFault(machine.name, this.impureOperation(offset), this.traceTo(this.current));
  }

  private checkSymmetry(orbits: Orbits): void {
    const asymmetry = orbits.asymmetryIn(this.rowOf(this.current));
    if (asymmetry) this.asymmetric(asymmetry);
  }

  private asymmetric(by: Asymmetry): never {
    throw new AsymmetryFault(this.machine.name, by, this.traceTo(this.current));
  }

  /** Which operation gives two results for one call in the state at `offset`. */
  private impureOperation(offset: number): string {
    const { machine } = this;
    const rows = this.store.rows();
    const first = new Int32Array(machine.words);
    const second = new Int32Array(machine.words);
    for (let operation = 0; operation < machine.operations.length; operation++) {
      for (const args of argumentLists(machine, operation)) {
        machine.load(rows, offset);
        const code = machine.call(operation, args);
        machine.save(first, 0);
        machine.load(rows, offset);
        const codeAgain = machine.call(operation, args);
        machine.save(second, 0);
        if (code !== codeAgain || !first.every((word, i) => word === second[i]))
          return machine.operations[operation]!.name;
      }
    }
    return 'unknown';
  }

  /** Something threw during an expansion: finds the call or the property that did, and says so. */
  private diagnose(error: unknown): never {
    const { machine, properties, current } = this;
    if (error instanceof ImpureModelFault || error instanceof AsymmetryFault) throw error;
    const traceTo = (last?: Omit<FoundCall, 'code'>): Trace => this.traceTo(current, last);
    throw faultBehind(machine, properties, this.rowOf(current), traceTo, error);
  }

  /** Where the row of a state stands that has not been forgotten. */
  private offsetOf(state: number): number {
    return (state - (this.fingerprints?.firstKept() ?? 0)) * this.machine.words;
  }

  private rowOf(state: number): Int32Array {
    const offset = this.offsetOf(state);
    return this.store.rows().slice(offset, offset + this.machine.words);
  }

  private needRows(): void {
    if (this.fingerprints)
      throw new Error('a search that keeps fingerprints does not know its states any more');
  }

  /** Refusals cannot be counted again from states that were not kept. */
  private counting(): Counting {
    const { counting = 'as-needed', fingerprints } = this.limits;
    return fingerprints && this.properties.some(({ kind }) => kind === 'refusals')
      ? 'every-refusal'
      : counting;
  }

  /** The calls that lead to one of the states found. */
  traceOf(state: number): Trace {
    return this.traceTo(state);
  }

  /** The calls that lead to a state, found again by going through the successors of each state on the way. */
  private traceTo(state: number, last?: Omit<FoundCall, 'code'>): Trace {
    const { machine } = this;
    const parents = this.store.parents();
    const path: number[] = [];
    for (let at = state; at >= 0; at = parents[at]!) path.push(at);
    path.reverse();
    const rows = this.fingerprints
      ? rowsAlong(machine, this.fingerprints, path)
      : path.map((each) => this.rowOf(each));
    const recorder = new Recorder(machine);
    for (const { operation, args, code } of this.behind) recorder.add(operation, args, code);
    for (let i = 1; i < path.length; i++) {
      const row = rows[i];
      const call = row && callBetween(machine, rows[i - 1]!, row);
      if (!call) throw new ImpureModelFault(machine.name, 'unknown', recorder.trace);
      recorder.add(call.operation, call.args, call.code);
    }
    if (last) recorder.add(last.operation, last.args, 0);
    return this.withGivenCalls(recorder.trace);
  }

  /** The calls in front of the first state as they were given, and those behind them as they are. */
  private withGivenCalls(trace: Trace): Trace {
    const { after = [] } = this.limits;
    return [...after, ...trace.slice(after.length)];
  }

  progress(): Progress {
    return {
      states: this.store.count(),
      transitions: this.transitions,
      depth: this.level,
      waiting: this.store.count() - this.next,
      runs: 0,
      bytes: this.store.bytes(),
      violated: this.properties.filter((p, k) => p.kind !== 'witness' && this.breaches[k]).map((p) => p.name),
    };
  }

  result(): SearchResult {
    const isAll = this.stoppedBy === undefined && this.next === this.store.count();
    const closed = isAll && !this.fingerprints;
    const stoppedBy = closed ? undefined : (this.stoppedBy ?? (isAll ? 'fingerprints' : 'interrupted'));
    const { counts } = this.expansion;
    const results = this.properties.map((property, k): PropertyResult => {
      const spoke = this.watch.spokeOf(k, counts);
      return { property: property.name, verdict: this.verdict(property, k, spoke, stoppedBy), spoke };
    });
    return {
      closed,
      ...(stoppedBy === undefined ? {} : { stoppedBy }),
      results,
      statistics: this.statistics(counts),
    };
  }

  private verdict(
    property: Property<S>,
    k: number,
    spoke: number,
    stoppedBy: StopReason | undefined,
  ): Verdict {
    const breach = this.breaches[k];
    if (breach) {
      const trace = this.traceTo(breach.state, breach.call);
      if (property.kind === 'witness') return { kind: 'witnessed', example: trace };
      const { clause, objects } = breach.broken!;
      return { kind: 'violated', counterexample: { trace, clause, objects } };
    }
    const told = property.kind === 'refusals' && spoke > 0 ? this.toldByRefusals(property) : undefined;
    if (told && (told.kind === 'violated' || stoppedBy === undefined)) return told;
    if (stoppedBy === undefined) {
      if (property.kind === 'witness') return { kind: 'witness-missing' };
      return spoke > 0 ? { kind: 'holds' } : { kind: 'vacuous' };
    }
    const bound = this.boundText(property, stoppedBy);
    if (property.kind === 'witness' || spoke === 0)
      return { kind: 'undecided', why: `not met within ${bound}` };
    return {
      kind: 'holds-up-to',
      bound: told?.kind === 'holds-up-to' ? `${bound}, and ${told.bound}` : bound,
    };
  }

  private toldByRefusals(property: RefusalsProperty): Verdict {
    const { machine, store, expanded, behind } = this;
    const { counts } = this.expansion;
    const counted = {
      counts,
      recounted: (operations: readonly number[]) => {
        const key = `${expanded} ${operations.join()}`;
        if (this.fingerprints) return counts;
        const known = this.recounts.get(key) ?? recount(machine, store.rows(), expanded, operations);
        this.recounts.set(key, known);
        return known;
      },
      made: behind,
    };
    const verdict = verdictOnRefusals(machine, property, counted, this.limits.depth ?? Infinity);
    if (verdict.kind !== 'violated') return verdict;
    const { trace } = verdict.counterexample;
    return { ...verdict, counterexample: { ...verdict.counterexample, trace: this.withGivenCalls(trace) } };
  }

  /**
   * How far was looked. From all states of the levels that were not left half-way, all calls were made: they are one call
   * longer than what is known of the states themselves.
   */
  private boundText(property: Property<S>, stoppedBy: StopReason): string {
    const looked = this.lookedText(property, stoppedBy);
    if (!this.fingerprints) return looked;
    const odds = oddsText(this.store.count());
    return `${looked}, unless two states share a ${FINGERPRINT_BITS}-bit fingerprint (odds: ${odds})`;
  }

  private lookedText(property: Property<S>, stoppedBy: StopReason): string {
    if (stoppedBy === 'fingerprints') return 'all states and calls within the bounds';
    if (stoppedBy === 'depth') return `all sequences of up to ${this.level} calls`;
    const looked = this.next === this.levelEnd ? this.level : this.level - 1;
    const calls = Math.max(0, property.kind === 'step' || property.kind === 'refusals' ? looked + 1 : looked);
    return `all sequences of up to ${calls} calls (stopped by: ${stoppedBy})`;
  }

  /** How near the search came to a witness that says its conditions, in one pass over all states met. Throws if it keeps fingerprints. */
  nearest({ conditions = [] }: WitnessProperty<S>): Nearness {
    this.needRows();
    const { machine, store } = this;
    const { state, isMet } = nearestState(machine, conditions, store.rows(), store.count());
    const names = conditions.map(({ name }) => name);
    return {
      met: names.filter((_, i) => isMet[i]),
      missing: names.filter((_, i) => !isMet[i]),
      trace: this.traceTo(state),
    };
  }

  private statistics(counts: CallCounts): SearchStatistics {
    const { machine } = this;
    return {
      method: 'exhaustive',
      states: this.store.count(),
      ...(this.orbits ? { upToSymmetry: true } : {}),
      transitions: this.transitions,
      refusals: refusalsIn(counts),
      depth: this.level,
      runs: 0,
      bytes: this.store.bytes(),
      counting: this.counting(),
      ...(this.fingerprints
        ? { fingerprints: { bits: FINGERPRINT_BITS, oddsOfSharing: oddsOfSharing(this.store.count()) } }
        : {}),
      ...operationStatistics(machine, counts),
    };
  }
}

/** Runs a search to its end. */
export function searchExhaustively<S>(
  machine: Machine<S>,
  properties: readonly Property<S>[],
  limits: ExhaustiveLimits = {},
): SearchResult {
  const search = new ExhaustiveSearch(machine, properties, limits);
  while (search.advance(1 << 16));
  return search.result();
}
