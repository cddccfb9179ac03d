/**
 * Random search: every property is watched at every call while a sequence is drawn. A breach ends the watching of that property,
 * not the search.
 */
import { CallLog } from './call-log.js';
import { emptyCounts, LATE, type CallCounts, type Machine } from '../model/machine/index.js';
import { ImpureModelFault, ModelFault } from './faults.js';
import { SequenceGenerator, type CallListener, type GeneratorOptions } from './generator.js';
import { judgeTrace } from './judge.js';
import type { Broken, Property } from './property.js';
import { verdictOnRefusals } from './refusal-verdict.js';
import type { Progress, Search } from './search.js';
import { operationStatistics } from './statistics.js';
import { sequenceSeed } from './sequence-seeds.js';
import { FIRST_SHARD, type Shard } from './shard.js';
import { Targeting, type Start } from './targeting.js';
import type { Trace } from './trace.js';
import type { PropertyResult, SearchResult, StopReason, Verdict } from './verdict.js';
import { PropertyWatch, refusalsIn } from './watch.js';

export interface RandomLimits extends GeneratorOptions {
  /** Sequences to draw. */
  readonly runs: number;
  /** Any whole number; the same seed draws the same sequences. */
  readonly seed: number;
  /** Which of several searches with this seed it is; the only one if it is not given. No two draw the same sequences. */
  readonly shard?: Shard;
  /**
   * Most sequences go on from a state that was new not long ago, and refusals that were seldom met are kept. No sequence, with
   * what it goes on from, gets longer than the longest one. Default false.
   */
  readonly targeted?: boolean;
}

/** One sequence in so many is run twice, to notice an impure model. */
const PURITY_SAMPLE = 256;

interface Breach {
  readonly trace: Trace;
  readonly broken: Broken | undefined;
}

export class RandomSearch<S> implements Search {
  private readonly targeting: Targeting<S> | undefined;
  private readonly generator: SequenceGenerator<S>;
  private readonly watch: PropertyWatch<S>;
  private readonly checkState: () => void;
  private readonly breaches: (Breach | undefined)[];
  private readonly counts: CallCounts;
  private runs = 0;
  private transitions = 0;
  private longest = 0;
  /** The calls of the current sequence. */
  private readonly made = new CallLog();
  private stoppedBy: StopReason | undefined;

  constructor(
    private readonly machine: Machine<S>,
    private readonly properties: readonly Property<S>[],
    private readonly limits: RandomLimits,
  ) {
    this.counts = emptyCounts(machine.operations);
    this.targeting = limits.targeted ? new Targeting(machine) : undefined;
    this.generator = new SequenceGenerator(machine, limits, this.wanted());
    this.breaches = properties.map(() => undefined);
    this.watch = new PropertyWatch(machine, properties, (property, broken) => {
      this.breaches[property] = { trace: this.made.trace(machine), broken };
    });
    this.checkState = this.watch.stateCheck(machine.state);
  }

  advance(portion: number): boolean {
    const runs = Math.min(portion, this.limits.runs - this.runs);
    if (runs <= 0 || this.stoppedBy !== undefined) return false;
    const { seed, shard = FIRST_SHARD } = this.limits;
    for (let i = 0; i < runs; i++) this.run(sequenceSeed(seed, this.runs * shard.of + shard.index - 1));
    return this.runs < this.limits.runs;
  }

  stop(reason: StopReason): void {
    if (this.runs < this.limits.runs) this.stoppedBy ??= reason;
  }

  private run(seed: number): void {
    this.runs++;
    this.made.clear();
    try {
      const start = this.targeting?.begin(seed);
      if (start) this.goOn(seed, start);
      else this.startAnew(seed);
    } catch (cause) {
      this.diagnose(cause);
    }
    this.longest = Math.max(this.longest, this.made.length);
    if (this.runs % PURITY_SAMPLE === 0) this.checkPurity();
  }

  private startAnew(seed: number): void {
    this.machine.reset();
    this.checkState();
    this.generator.run(seed, this.listener);
  }

  private goOn(seed: number, { row, calls, length }: Start): void {
    this.made.startWith(calls);
    this.generator.run(seed, this.listener, row, length);
  }

  private readonly listener: CallListener = (operation, args, code) => {
    this.made.add(operation, args, code);
    this.count(operation, code);
    this.watch.observers[operation]?.see(code, args[0]!, args[1]!, args[2]!, args[3]!, args[4]!);
    this.checkState();
    if (code >= 0) this.targeting?.see(this.made);
  };

  private wanted(): (operation: number, code: number) => boolean {
    const { targeting, counts } = this;
    if (!targeting) return () => false;
    return (operation, code) => code > LATE && targeting.isRare(counts.refused[operation]![-1 - code]!);
  }

  private count(operation: number, code: number): void {
    const { done, refused, late } = this.counts;
    if (code >= 0) {
      this.transitions++;
      done[operation]!++;
    } else if (code > LATE) refused[operation]![-1 - code]!++;
    else late[operation]![LATE - code]!++;
  }

  /** Something threw in the middle of a sequence: a property if the call before it was made, else the model. */
  private diagnose(cause: unknown): never {
    const { machine, made } = this;
    const trace = made.trace(machine);
    for (const property of this.properties) {
      // If the property is what threw, it throws here again, and the fault names it.
      judgeTrace(machine, property, trace);
    }
    const { operation, args } = this.generator.tried;
    made.add(operation, args, 0);
    throw new ModelFault(machine.name, machine.operations[operation]!.name, made.trace(machine), cause);
  }

  /** Makes the calls of the sequence again. */
  private checkPurity(): void {
    const { machine, made } = this;
    const row = new Int32Array(machine.words);
    machine.save(row, 0);
    const isSame = made.replay(machine) && row.every((word, i) => word === machine.memory.memory[i]);
    if (!isSame) throw new ImpureModelFault(machine.name, 'unknown', made.trace(machine));
  }

  progress(): Progress {
    return {
      states: 0,
      transitions: this.transitions,
      depth: this.longest,
      waiting: this.limits.runs - this.runs,
      runs: this.runs,
      bytes: 0,
      violated: this.properties.filter((p, k) => p.kind !== 'witness' && this.breaches[k]).map((p) => p.name),
    };
  }

  result(): SearchResult {
    const stoppedBy = this.stoppedBy ?? (this.runs < this.limits.runs ? 'interrupted' : 'runs');
    return {
      closed: false,
      stoppedBy,
      results: this.properties.map((property, k): PropertyResult => {
        const spoke = this.watch.spokeOf(k, this.counts);
        return { property: property.name, verdict: this.verdict(property, k, spoke), spoke };
      }),
      statistics: {
        method: 'random',
        states: 0,
        transitions: this.transitions,
        refusals: refusalsIn(this.counts),
        depth: this.longest,
        runs: this.runs,
        bytes: 0,
        counting: 'every-refusal',
        ...operationStatistics(this.machine, this.counts),
      },
    };
  }

  private verdict(property: Property<S>, k: number, spoke: number): Verdict {
    const breach = this.breaches[k];
    if (breach && property.kind === 'witness') return { kind: 'witnessed', example: breach.trace };
    if (breach) {
      const { clause, objects } = breach.broken!;
      return { kind: 'violated', counterexample: { trace: breach.trace, clause, objects } };
    }
    if (property.kind === 'refusals' && spoke > 0) {
      // The sequences met the causes, each for itself; which two of them break the property is found from that.
      const { machine, counts } = this;
      const told = verdictOnRefusals(machine, property, { counts, recounted: () => counts }, Infinity);
      if (told.kind === 'violated') return told;
    }
    const bound = `${this.runs} random sequences`;
    if (property.kind === 'witness' || spoke === 0) return { kind: 'undecided', why: `not met in ${bound}` };
    return { kind: 'holds-up-to', bound };
  }
}
