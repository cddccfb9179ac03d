/**
 * Exhaustive search: breadth first over all calls within the machine's bounds, one pass for all properties. The first
 * breach found of a property is a shortest one.
 */
import type { CallCounts, Counting, Machine } from '../model/machine/index.js';
import { callBetween, callsMade, type FoundCall } from './calls.js';
import {
  CheckpointError,
  countLists,
  enterStates,
  followsTheRules,
  setCounts,
  type Breach,
  type Checkpoint,
} from './checkpoint.js';
import { Expander, Impurity, noCanonicalForm, ToldApart } from './expander.js';
import { faultBehind } from './fault-finding.js';
import { FINGERPRINT_BITS, oddsOfSharing, oddsText } from './fingerprint.js';
import { createFingerprintStore, type FingerprintStore } from './fingerprint-store.js';
import { rowsAlong } from './found-again.js';
import { AsymmetryFault, ImpureModelFault } from './faults.js';
import { nearestState } from './nearest.js';
import { orbitsOf, type Orbits } from './orbits.js';
import type { Property, RefusalsProperty, WitnessProperty } from './property.js';
import { recount } from './recount.js';
import { verdictOnRefusals } from './refusal-verdict.js';
import type { Progress, Search } from './search.js';
import { createStateStore, type SharedStore, type StateStore } from './state-store.js';
import { operationStatistics } from './statistics.js';
import { CHUNK, sharedArray } from './team-memory.js';
import { Team, type Threads } from './team.js';
import { Recorder, type Trace } from './trace.js';
import type {
  Nearness,
  PropertyResult,
  SearchResult,
  SearchStatistics,
  StopReason,
  Verdict,
} from './verdict.js';
import { refusalsIn } from './watch.js';

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
  /** Threads that help, once it is worth starting them. Nothing else is changed by them. Not together with `fingerprints`. */
  readonly threads?: Threads;
}

/** The states a search has found, in the order in which it found them. */
export type KnownStates = Pick<StateStore, 'rows' | 'count' | 'has'>;

/** Expansions looked up together. */
const BATCH = CHUNK;

/** States of a level for which it is worth while to call others. */
const WORTH_SHARING = 4 * CHUNK;

export class ExhaustiveSearch<S> implements Search {
  /** What it goes on from is not kept: its states would take room twice. */
  private readonly limits: Omit<ExhaustiveLimits, 'from'>;
  private readonly store: StateStore;
  /** The store, if it keeps fingerprints, and if it keeps rows. */
  private readonly fingerprints: FingerprintStore | undefined;
  private readonly rowStore: SharedStore | undefined;
  /** What is interchangeable; undefined where all states are looked at. */
  private readonly orbits: Orbits | undefined;
  /** What calls were seen to read and write, if several threads are to know it. */
  private readonly seen: Int32Array | undefined;
  private readonly expander: Expander<S>;
  private readonly breaches: (Breach | undefined)[];
  /** Threads that help, once they are worth starting. */
  private team: Team<S> | undefined;
  private isTogether = false;
  /** States before this one are looked at alone. */
  private aloneUntil = 0;
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
    const { threads, fingerprints, symmetry, maxBytes } = limits;
    if (symmetry && fingerprints)
      throw new RangeError(
        'fingerprints are kept of states, not of what differs by swaps: leave out symmetry',
      );
    if (threads && fingerprints)
      throw new RangeError(
        'threads look up rows, and of fingerprints there is no way back to them: leave out one of them',
      );
    this.orbits = symmetry ? orbitsOf(machine, properties) : undefined;
    this.seen = threads && sharedArray(machine.commutingWords);
    this.expander = new Expander(
      machine,
      properties,
      this.orbits,
      this.counting(),
      (property, broken, call) => {
        if (this.isTogether) this.team!.breach();
        else this.breaches[property] = { state: this.current, broken, call };
      },
      this.seen,
    );
    const maxRows = (this.expander.maxSuccessors + 1) * BATCH;
    this.fingerprints =
      fingerprints && createFingerprintStore(machine.words, maxRows, fingerprints.seed, maxBytes);
    this.rowStore = this.fingerprints ? undefined : this.createRowStore(maxRows);
    this.store = this.fingerprints ?? this.rowStore!;
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

  private createRowStore(maxRows: number): SharedStore {
    const { machine, orbits } = this;
    const { maxBytes, threads } = this.limits;
    const allocate = threads ? { allocate: sharedArray } : {};
    if (orbits) return orbits.store(maxRows, noCanonicalForm, allocate);
    const unusedBit = machine.memory.unusedBit();
    return createStateStore(machine.words, maxRows, {
      ...{ unusedBit, ...allocate },
      ...(maxBytes === undefined ? {} : { maxBytes }),
    });
  }

  /**
   * Where the search is, for another one to go on from; good until it advances. Undefined if states had to be left out, or it keeps
   * fingerprints.
   */
  checkpoint(): Checkpoint | undefined {
    const { store, next, levelEnd, level, transitions, expanded, expander, breaches } = this;
    if (store.isFull() || this.fingerprints) return undefined;
    const count = store.count();
    return {
      rows: store.rows().subarray(0, count * this.machine.words),
      parents: store.parents().subarray(0, count),
      account: {
        ...{ next, levelEnd, level, transitions, expanded },
        isDepthReached: this.stoppedBy === 'depth',
        counts: countLists(this.counts()),
        spoke: [...expander.watch.spoke],
        breaches: breaches.map((breach) => breach ?? null),
      },
    };
  }

  private goOnFrom(from: Checkpoint, first: Int32Array): void {
    const { machine, store, expander } = this;
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
    setCounts(expander.counts, account.counts);
    account.breaches.forEach((breach, k) => {
      this.breaches[k] = breach ?? undefined;
    });
    expander.watch.goOn(
      account.spoke,
      account.breaches.map((breach) => breach === null),
    );
    if (account.isDepthReached) this.depthReached();
    else this.heedLimits();
  }

  advance(portion: number): boolean {
    let goesOn = false;
    try {
      goesOn = this.lookOn(this.next + portion);
      if (!goesOn) this.counts();
    } finally {
      if (!goesOn) this.team?.dismiss();
    }
    return goesOn;
  }

  /** Looks at states up to `end`, and at some more if that is in the middle of a batch; false when there is nothing left to do. */
  private lookOn(end: number): boolean {
    while (this.next < end && this.stoppedBy === undefined) {
      if (this.next === this.levelEnd) {
        if (this.levelEnd === this.store.count()) return false;
        this.level++;
        this.levelEnd = this.store.count();
      }
      this.fingerprints?.forgetBefore(this.next);
      if (!this.lookTogether(end)) this.expandBatch();
      this.heedLimits();
    }
    return this.stoppedBy === undefined;
  }

  /** How often each operation was done and refused so far. */
  counts(): CallCounts {
    this.team?.collect(this.store.rows(), this.expanded);
    return this.expander.counts;
  }

  private heedLimits(): void {
    const { maxStates = Infinity, maxBytes = Infinity } = this.limits;
    // What a full store has left out may have been new, though nothing waits.
    if (this.store.isFull()) this.stoppedBy ??= 'memory';
    else if (this.store.count() >= maxStates) this.stop('states');
    else if (this.store.bytes() > maxBytes) this.stop('memory');
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
    const { store, expander } = this;
    const rows = store.rows();
    const calls = store.calls();
    const last = Math.min(this.next + BATCH, this.levelEnd);
    const { expands } = this;
    try {
      for (; this.next < last; this.next++) {
        this.current = this.next;
        const offset = this.offsetOf(this.next);
        if (expands) {
          const n = expander.expand(rows, offset, this.next, calls[this.next]!);
          const all = n + expander.leftOut();
          this.transitions += all;
          store.offer(expander.successors, n, this.next, all, expander.calls);
        } else {
          expander.lookAt(rows, offset);
        }
      }
    } catch (error) {
      this.diagnose(error);
    }
    if (expands) this.expanded = this.next;
    store.resolve();
    if (!expands && this.next === store.count()) this.depthReached();
  }

  /** Whether calls are made from the states of this level. */
  private get expands(): boolean {
    return this.level < (this.limits.depth ?? Infinity);
  }

  /** The last level was looked at but not expanded. It may be that nothing lies behind it; that is not known. */
  private depthReached(): void {
    this.stoppedBy = 'depth';
  }

  /**
   * Looks at states up to `end`, and at those others come to meanwhile, with all threads. False if the next ones are to be looked at
   * alone: nobody helps, or something came up of which it matters when it did.
   */
  private lookTogether(end: number): boolean {
    const { next: first, expands } = this;
    const team = this.helped();
    if (!team || first < this.aloneUntil) return false;
    if (Math.min(this.levelEnd, end) - first < WORTH_SHARING) return false;
    this.isTogether = true;
    this.aloneUntil = team.lookAt({ first, end: this.levelEnd, expands }, end, (next, successors) => {
      this.next = next;
      this.transitions += successors;
      if (expands) this.expanded = next;
      else if (next === this.store.count()) this.depthReached();
      this.heedLimits();
      return this.stoppedBy === undefined;
    });
    this.isTogether = false;
    return true;
  }

  /** The threads that help, if there are any. They are started once the search has gone on for some time. */
  private helped(): Team<S> | undefined {
    const { rowStore: store, expander, seen } = this;
    const { threads, symmetry = false } = this.limits;
    if (!store || !threads || !seen) return undefined;
    if (!this.team && store.count() >= threads.startAt) {
      const how = { counting: this.counting(), symmetry, seen };
      this.team = new Team(threads, this.machine, expander, store, how);
    }
    return this.team?.isReady() ? this.team : undefined;
  }

  /** Something threw during an expansion: finds the call or the property that did, and says so. */
  private diagnose(error: unknown): never {
    const { machine, properties, current } = this;
    const traceTo = (last?: Omit<FoundCall, 'code'>): Trace => this.traceTo(current, last);
    if (error instanceof Impurity) throw new ImpureModelFault(machine.name, error.operation, traceTo());
    if (error instanceof ToldApart) throw new AsymmetryFault(machine.name, error.by, traceTo());
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
    const counts = this.counts();
    const results = this.properties.map((property, k): PropertyResult => {
      const spoke = this.expander.watch.spokeOf(k, counts);
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
    const { counts } = this.expander;
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
