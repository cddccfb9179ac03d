/**
 * Which sequences a conformance run makes: random ones, each about a few kinds of calls, and covering ones, chosen so that each
 * ending of each operation that the model can reach is met so many times, not by luck.
 */
import { SequenceGenerator } from '../../checker/generator.js';
import { createPrng } from '../../checker/prng.js';
import { runTrace, SKIPPED, type Trace } from '../../checker/trace.js';
import type { Machine } from '../../model/machine/index.js';
import { endingKey, endingOf } from './coverage.js';

export interface PlanOptions {
  /** Any whole number. */
  readonly seed: number;
  /** Calls of a sequence. */
  readonly length: number;
  /** Names of operations that are not called. */
  readonly without: ReadonlySet<string>;
}

/** How many of 100 calls are refused on purpose: refusals are half of what an API promises. */
const WRONG_CALLS = 30;

/** Kinds of calls that one sequence is about, at most. */
const MOST_KINDS = 3;

/** Ends and begins processes: rare, because nothing that one holds survives. */
const RARE = ['crash', 'restart'];

/**
 * Random sequences, each from its own seed, which follows from the first and its number. A sequence is about one to three kinds of
 * calls (`xdp`, `tcx`, `link`: what stands in front of the first `_` of a verb) and what all need: with all calls of a large model
 * in each, hardly two would be about the same thing.
 */
export class RandomPlan<S> {
  private readonly generators = new Map<string, SequenceGenerator<S>>();
  private readonly kinds: readonly string[];
  private readonly random = createPrng();

  constructor(
    private readonly machine: Machine<S>,
    private readonly options: PlanOptions,
  ) {
    const called = machine.operations.filter(({ name }) => !options.without.has(name));
    this.kinds = [...new Set(called.flatMap(({ verb }) => kindOf(verb) ?? []))];
  }

  /** The sequence with this number, the same each time. */
  sequence(number: number): Trace {
    const seed = Math.imul(this.options.seed, 0x9e3779b1) ^ number;
    return this.generatorFor(this.drawKinds(seed)).draw(seed);
  }

  private drawKinds(seed: number): ReadonlySet<string> {
    const { random, kinds } = this;
    random.seed(seed);
    const count = 1 + random.next(MOST_KINDS);
    const drawn = new Set<string>();
    for (let i = 0; i < count && kinds.length > 0; i++) drawn.add(kinds[random.next(kinds.length)]!);
    return drawn;
  }

  private generatorFor(kinds: ReadonlySet<string>): SequenceGenerator<S> {
    const key = [...kinds].sort().join();
    const known = this.generators.get(key);
    if (known) return known;
    const { machine, options } = this;
    const weight = ({ name, verb }: { readonly name: string; readonly verb: string }): number => {
      const kind = kindOf(verb);
      if (options.without.has(name) || (kind !== undefined && !kinds.has(kind))) return 0;
      return RARE.includes(verb) ? 1 : 4;
    };
    const generator = new SequenceGenerator(machine, {
      minLength: options.length,
      maxLength: options.length,
      wrongCalls: WRONG_CALLS,
      swarm: false,
      weights: Object.fromEntries(machine.operations.map((op) => [op.name, weight(op)])),
    });
    this.generators.set(key, generator);
    return generator;
  }
}

/** What a verb is about; undefined for those of processes, descriptors and pins, which everything needs. */
function kindOf(verb: string): string | undefined {
  const end = verb.indexOf('_');
  return end < 0 ? undefined : verb.slice(0, end);
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
    const trace = plan.sequence(number);
    const keys = endingsMet(machine, trace);
    const last = keys.reduce((behind, key, i) => ((met.get(key) ?? 0) < times ? i : behind), -1);
    if (last < 0) continue;
    for (const key of keys.slice(0, last + 1)) met.set(key, (met.get(key) ?? 0) + 1);
    chosen.push(trace.slice(0, last + 1));
  }
  return chosen;
}

function endingsMet<S>(machine: Machine<S>, trace: Trace): string[] {
  const keys: string[] = [];
  runTrace(machine, trace, (index, code) => {
    const { operation } = trace[index]!;
    keys.push(code === SKIPPED ? 'skipped' : endingKey(endingOf(machine, operation, code)));
  });
  return keys;
}
