/**
 * Which sequences a conformance run makes: random ones, and covering ones, chosen so that each ending of each operation that the
 * model can reach is met so many times, not by luck.
 */
import { SequenceGenerator } from '../../checker/generator.js';
import { runTrace, SKIPPED, type Trace } from '../../checker/trace.js';
import type { Machine } from '../../model/machine/index.js';
import { endingKey, endingOf } from './coverage.js';

export interface PlanOptions {
  readonly seed: number;
  /** Calls of a sequence. */
  readonly length: number;
  /** Names of operations that are not called. */
  readonly without: ReadonlySet<string>;
}

/** How many of 100 calls are refused on purpose: refusals are half of what an API promises. */
const WRONG_CALLS = 30;

/** Random sequences, each from its own seed, which follows from the first and its number. */
export class RandomPlan<S> {
  private readonly generator: SequenceGenerator<S>;

  constructor(
    machine: Machine<S>,
    private readonly options: PlanOptions,
  ) {
    const { length, without } = options;
    this.generator = new SequenceGenerator(machine, {
      minLength: length,
      maxLength: length,
      wrongCalls: WRONG_CALLS,
      weights: Object.fromEntries(
        machine.operations.map(({ name, observe }) => [name, without.has(name) ? 0 : observe ? 1 : 2]),
      ),
    });
  }

  /** The sequence with this number, the same each time. */
  sequence(number: number): Trace {
    return this.generator.draw(Math.imul(this.options.seed, 0x9e3779b1) ^ number);
  }
}

/** What a sequence would cover. */
interface Covered {
  readonly trace: Trace;
  readonly keys: readonly string[];
}

/**
 * Sequences that meet each ending at least `times` times, if so many are found among `draws` random ones. Each is cut off behind
 * the call it was chosen for.
 */
export function coveringSequences<S>(
  machine: Machine<S>,
  options: PlanOptions,
  times: number,
  draws: number,
): Trace[] {
  const plan = new RandomPlan(machine, options);
  const met = new Map<string, number>();
  const chosen: Trace[] = [];
  for (let number = 0; number < draws; number++) {
    const { trace, keys } = coveredBy(machine, plan.sequence(number));
    const last = keys.reduce((behind, key, i) => ((met.get(key) ?? 0) < times ? i : behind), -1);
    if (last < 0) continue;
    for (const key of keys.slice(0, last + 1)) met.set(key, (met.get(key) ?? 0) + 1);
    chosen.push(trace.slice(0, last + 1));
  }
  return chosen;
}

function coveredBy<S>(machine: Machine<S>, trace: Trace): Covered {
  const keys: string[] = [];
  runTrace(machine, trace, (index, code) => {
    const { operation } = trace[index]!;
    keys.push(code === SKIPPED ? 'skipped' : endingKey(endingOf(machine, operation, code)));
  });
  return { trace, keys };
}
