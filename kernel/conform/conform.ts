/** A conformance run: sequences on one or several running systems of one kind, compared with a model, and what came of it. */
import type { Trace } from '../../checker/trace.js';
import { Candidates } from './candidates.js';
import { Coverage, type AllowedOutcome, type ConfirmedEnding } from './coverage.js';
import { runSequence, type SequenceResult } from './sequence.js';
import { sameMismatch, shrinkMismatch } from './shrink.js';
import type { Mismatch, Patience } from './step.js';
import type { ExpectedView, LiveSystem } from './system.js';
import type { Machine } from '../../model/machine/index.js';

export interface FoundMismatch extends Mismatch {
  /** The shortest sequence found that leads to it; the mismatch is at its last call. */
  readonly trace: Trace;
  /** What the running system did, call by call; undefined for a call that could not be made. */
  readonly outcomes: readonly (string | undefined)[];
  /** In how many of the sequences it was met. */
  readonly times: number;
  /** The number of the sequence in which it was met first. */
  readonly sequence: number;
}

export interface ConformResult {
  readonly system: string;
  readonly sequences: number;
  readonly calls: number;
  /** Calls after which what was there agreed only after a while. */
  readonly late: number;
  readonly mismatches: readonly FoundMismatch[];
  readonly endings: readonly ConfirmedEnding[];
  readonly allowedOutcomes: readonly AllowedOutcome[];
  /** Operations that were left out, each with the reason. */
  readonly unsupported: ReadonlyMap<string, string>;
  /** What ended the run before all sequences were made. */
  readonly stoppedBy: 'time' | 'interrupted' | undefined;
}

export interface ConformOptions<S> {
  readonly machine: Machine<S>;
  readonly expected: ExpectedView<S>;
  readonly patience: Patience;
  /** All drive one kind of system; each makes the next sequence that nobody makes yet. At least one. */
  readonly systems: readonly LiveSystem<S>[];
  /** Operations that are not called, by name. */
  readonly without: ReadonlySet<string>;
  /** The sequence with this number; undefined behind the last one. */
  readonly sequence: (number: number) => Trace | undefined;
  /** Sequences tried to make one smaller. */
  readonly shrinkTries: number;
  /** Asked before each sequence. */
  readonly stopped: () => 'time' | 'interrupted' | undefined;
  /** Told after each sequence. */
  readonly progress: (state: { sequences: number; calls: number; mismatches: number }) => void;
}

interface Found {
  mismatch: Mismatch;
  trace: Trace;
  outcomes: readonly (string | undefined)[];
  readonly sequence: number;
  times: number;
}

/** What each call of a trace came to; undefined for one that could not be made. */
function outcomesIn({ steps }: SequenceResult, trace: Trace): (string | undefined)[] {
  return trace.map((_, i) => steps.find(({ index }) => index === i)?.outcome);
}

export async function conform<S>(options: ConformOptions<S>): Promise<ConformResult> {
  const run = new ConformRun(options);
  await Promise.all(options.systems.map((system) => run.work(system)));
  return run.result();
}

class ConformRun<S> {
  private readonly model: Candidates<S>;
  private readonly coverage: Coverage<S>;
  private readonly found: Found[] = [];
  private next = 0;
  private sequences = 0;
  private calls = 0;
  private late = 0;
  private stoppedBy: ConformResult['stoppedBy'];

  constructor(private readonly options: ConformOptions<S>) {
    this.model = new Candidates(options.machine, options.expected);
    this.coverage = new Coverage(options.machine, options.without);
  }

  async work(system: LiveSystem<S>): Promise<void> {
    const { options } = this;
    for (;;) {
      this.stoppedBy ??= options.stopped();
      if (this.stoppedBy !== undefined) return;
      const number = this.next++;
      const trace = options.sequence(number);
      if (trace === undefined) return;
      const result = await runSequence(this.model, system, trace, options.patience);
      this.count(trace, result);
      const [first] = result.mismatches;
      if (first) await this.note(system, number, trace.slice(0, first.index + 1), result);
      const { sequences, calls, found } = this;
      options.progress({ sequences, calls, mismatches: found.length });
    }
  }

  private count(trace: Trace, { steps }: SequenceResult): void {
    this.sequences++;
    for (const { index, code, outcome, allowed, mismatch, wasLate } of steps) {
      this.calls++;
      if (wasLate && !mismatch) this.late++;
      if (mismatch || code === undefined) continue;
      this.coverage.confirm(trace[index]!.operation, code, outcome, allowed);
    }
  }

  /** The first mismatch of a sequence: one that was met before is counted; a new one is made as small as it gets. */
  private async note(
    system: LiveSystem<S>,
    sequence: number,
    trace: Trace,
    found: SequenceResult,
  ): Promise<void> {
    const [mismatch] = found.mismatches;
    if (!mismatch) return;
    const known = this.found.find((one) => sameMismatch(one.mismatch, mismatch));
    if (known) {
      known.times++;
      return;
    }
    // Noted before it is shrunk, so that other workers that meet it meanwhile only count it.
    const noted: Found = { mismatch, trace, outcomes: outcomesIn(found, trace), sequence, times: 1 };
    this.found.push(noted);
    const { machine, patience, shrinkTries } = this.options;
    let last = found;
    const mismatchOf = async (smaller: Trace) => {
      const result = await runSequence(this.model, system, smaller, patience);
      const [first] = result.mismatches;
      if (first && sameMismatch(first, mismatch)) last = result;
      return first;
    };
    const shrunk = await shrinkMismatch(machine, trace, mismatch, mismatchOf, shrinkTries);
    noted.mismatch = last.mismatches[0]!;
    noted.trace = shrunk.trace;
    noted.outcomes = outcomesIn(last, shrunk.trace);
  }

  result(): ConformResult {
    const [system] = this.options.systems;
    return {
      system: system!.name,
      sequences: this.sequences,
      calls: this.calls,
      late: this.late,
      mismatches: this.found.map(({ mismatch, ...rest }) => ({ ...mismatch, ...rest })),
      endings: this.coverage.endings(),
      allowedOutcomes: this.coverage.allowedOutcomes(),
      unsupported: system!.unsupported,
      stoppedBy: this.stoppedBy,
    };
  }
}
