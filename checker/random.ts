/**
 * Random search: fast-check's runner draws a seed for each sequence, and every property is watched at every call while the
 * sequence is drawn. A breach ends the watching of that property, not the search.
 */
import fc from 'fast-check';
import { emptyCounts, LATE, type CallCounts, type Machine } from '../model/machine/index.js';
import { ImpureModelFault, ModelFault } from './faults.js';
import { SequenceGenerator, type CallListener, type GeneratorOptions } from './generator.js';
import { judgeTrace } from './judge.js';
import type { Broken, Property } from './property.js';
import { verdictOnRefusals } from './refusal-verdict.js';
import type { Progress, Search } from './search.js';
import { operationStatistics } from './statistics.js';
import { Recorder, type Trace } from './trace.js';
import type { PropertyResult, SearchResult, StopReason, Verdict } from './verdict.js';
import { PropertyWatch, refusalsIn } from './watch.js';

export interface RandomLimits extends GeneratorOptions {
  /** Sequences to draw. */
  readonly runs: number;
  /** Any whole number; the same seed draws the same sequences. */
  readonly seed: number;
}

/** One sequence in so many is run twice, to notice an impure model. */
const PURITY_SAMPLE = 256;

interface Breach {
  readonly trace: Trace;
  readonly broken: Broken | undefined;
}

export class RandomSearch<S> implements Search {
  private readonly generator: SequenceGenerator<S>;
  private readonly watch: PropertyWatch<S>;
  private readonly checkState: () => void;
  private readonly breaches: (Breach | undefined)[];
  private readonly counts: CallCounts;
  private runs = 0;
  private transitions = 0;
  private longest = 0;
  /** The seed of the current sequence, and how many of its calls have been made. */
  private current = 0;
  private made = 0;
  private stoppedBy: StopReason | undefined;

  constructor(
    private readonly machine: Machine<S>,
    private readonly properties: readonly Property<S>[],
    private readonly limits: RandomLimits,
  ) {
    this.generator = new SequenceGenerator(machine, limits);
    this.breaches = properties.map(() => undefined);
    this.watch = new PropertyWatch(machine, properties, (property, broken) => {
      this.breaches[property] = { trace: this.traceSoFar(), broken };
    });
    this.checkState = this.watch.stateCheck(machine.state);
    this.counts = emptyCounts(machine.operations);
  }

  advance(portion: number): boolean {
    const runs = Math.min(portion, this.limits.runs - this.runs);
    if (runs <= 0 || this.stoppedBy !== undefined) return false;
    // Without bias: otherwise one sequence in five would be drawn with one of a few small seeds, again and again.
    const property = fc.property(fc.noBias(fc.integer()), (seed) => {
      this.run(seed);
    });
    // Portions go on where the one before ended: each has a seed of its own, made from where it starts.
    const details = fc.check(property, {
      numRuns: runs,
      seed: (this.limits.seed + this.runs) | 0,
      endOnFailure: true,
    });
    if (details.failed) throw details.errorInstance;
    return this.runs < this.limits.runs;
  }

  stop(reason: StopReason): void {
    if (this.runs < this.limits.runs) this.stoppedBy ??= reason;
  }

  private run(seed: number): void {
    this.current = seed;
    this.runs++;
    this.made = 0;
    try {
      this.machine.reset();
      this.checkState();
      this.generator.run(seed, this.listener);
    } catch (cause) {
      this.diagnose(cause);
    }
    this.longest = Math.max(this.longest, this.made);
    if (this.runs % PURITY_SAMPLE === 0) this.checkPurity(seed);
  }

  private readonly listener: CallListener = (operation, args, code) => {
    this.made++;
    this.count(operation, code);
    this.watch.observers[operation]?.see(code, args[0]!, args[1]!, args[2]!, args[3]!, args[4]!);
    this.checkState();
  };

  private count(operation: number, code: number): void {
    const { done, refused, late } = this.counts;
    if (code >= 0) {
      this.transitions++;
      done[operation]!++;
    } else if (code > LATE) refused[operation]![-1 - code]!++;
    else late[operation]![LATE - code]!++;
  }

  /** The calls of the current sequence that have been made. They are drawn again, because they are rarely asked for. */
  private traceSoFar(): Trace {
    return this.drawnAgain().trace.slice(0, this.made);
  }

  /**
   * The current sequence as a trace, up to where it ends or fails, and what was called last. The machine is left as it was,
   * so that the search goes on from where it is.
   */
  private drawnAgain(): { readonly trace: Trace; readonly generator: SequenceGenerator<S> } {
    const { machine } = this;
    const { memory } = machine.memory;
    const rows = memory.slice();
    const generator = new SequenceGenerator(machine, this.limits);
    const recorder = new Recorder(machine);
    try {
      generator.run(this.current, (operation, args, code) => {
        recorder.add(operation, args, code);
      });
    } catch {
      // The failure that is being looked for: what was recorded leads up to it.
    }
    memory.set(rows);
    return { trace: recorder.trace, generator };
  }

  /** Something threw in the middle of a sequence: a property if the call before it was made, else the model. */
  private diagnose(cause: unknown): never {
    const { machine } = this;
    const { trace, generator } = this.drawnAgain();
    const made = trace.slice(0, this.made);
    for (const property of this.properties) {
      // If the property is what threw, it throws here again, and the fault names it.
      judgeTrace(machine, property, made);
    }
    const { operation, args } = generator.tried;
    const recorder = new Recorder(machine);
    recorder.add(operation, args, 0);
    const last = recorder.trace[0]!;
    throw new ModelFault(machine.name, machine.operations[operation]!.name, [...made, last], cause);
  }

  private checkPurity(seed: number): void {
    const { machine, generator } = this;
    const row = new Int32Array(machine.words);
    machine.save(row, 0);
    generator.run(seed, () => undefined);
    const { memory } = machine.memory;
    if (row.every((word, i) => word === memory[i])) return;
    throw new ImpureModelFault(machine.name, 'unknown', this.traceSoFar());
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
