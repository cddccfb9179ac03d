/**
 * Which sequences a conformance run makes: random ones, each about a few kinds of calls, and covering ones, chosen so that each
 * ending of each operation that the model can reach is met so many times, not by luck.
 */
import { SequenceGenerator, type CallListener, type Focus } from '../../checker/generator.js';
import { createPrng, type Prng } from '../../checker/prng.js';
import { sequenceSeed } from '../../checker/sequence-seeds.js';
import type { Trace } from '../../checker/trace.js';
import type { Domain, Machine, Operation, OutcomeCode } from '../../model/machine/index.js';
import { NONE } from '../../model/state/index.js';

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
const MOST_KINDS = 4;

/** Values of a named domain (object files, modes) that one sequence is about, at most. */
const MOST_VALUES = 3;

/** How often an operation is drawn that all sequences need, one that only looks, and how often all of one kind together. */
const WEIGHT = 4;
const WEIGHT_OF_LOOK = 2;
const WEIGHT_OF_KIND = 40;

/** Ends and begins processes: rare, because nothing that one holds survives. */
const RARE = ['crash', 'restart'];

/**
 * Random sequences. Each is about little, drawn from a number of its own: one to four kinds of calls (`xdp`, `tcx`, `link`: what stands
 * in front of the first `_` of a verb) with what all need, a few object files, a few of the processes, descriptors and ids. With
 * all that a large model has in each, hardly two calls would be about the same thing.
 */
export class RandomPlan<S> {
  private readonly generator: SequenceGenerator<S>;
  private readonly called: readonly Operation<S>[];
  /** For each kind, how many operations it has. */
  private readonly kinds: ReadonlyMap<string, number>;
  /** Each once, whether NONE is a value or not; and whether its values are numbers. */
  private readonly domains: ReadonlyMap<
    Domain['values'],
    { readonly domain: Domain; readonly numbered: boolean }
  >;
  private readonly random = createPrng();
  private about: number | undefined;

  constructor(
    machine: Machine<S>,
    private readonly options: PlanOptions,
    /** Whether a refused call is kept wherever it is met. */
    isWanted: (operation: number, code: OutcomeCode) => boolean = () => false,
  ) {
    const called = machine.operations.filter(({ name }) => !options.without.has(name));
    const kinds = new Map<string, number>();
    for (const kind of called.flatMap((op) => kindOf(op) ?? [])) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const domains = called.flatMap(({ params }) => Object.values(params));
    this.called = called;
    this.kinds = kinds;
    this.domains = new Map(
      domains.map((domain) => [domain.values, { domain, numbered: isNumbered(domain) }]),
    );
    const { length } = options;
    const limits = { minLength: length, maxLength: length, wrongCalls: WRONG_CALLS, swarm: false };
    this.generator = new SequenceGenerator(machine, limits, isWanted);
  }

  /**
   * The sequence with this number, the same each time; `about` is the number from which it is drawn what it is about. Of one such
   * number after the other, the favoured operations are those of the first time.
   */
  sequence(number: number, about = number, favoured: readonly Operation<S>[] = []): Trace {
    this.focus(about, favoured);
    return this.generator.draw(sequenceSeed(~this.options.seed, number));
  }

  /** Tells of the calls of that sequence, without making a trace of them. */
  tell(listener: CallListener, number: number, about: number, favoured: readonly Operation<S>[]): void {
    this.focus(about, favoured);
    this.generator.run(sequenceSeed(~this.options.seed, number), listener);
  }

  private focus(about: number, favoured: readonly Operation<S>[]): void {
    if (about === this.about) return;
    this.random.seed(sequenceSeed(this.options.seed, about));
    this.generator.focus({ weights: this.drawWeights(favoured), values: this.drawValues() });
    this.about = about;
  }

  /** All kinds that are drawn are called as often as one another, however many operations they have; a favoured operation, too. */
  private drawWeights(favoured: readonly Operation<S>[]): Record<string, number> {
    const { random, kinds } = this;
    const count = 1 + random.next(MOST_KINDS);
    const [first] = someOf(favoured, 1, random);
    const drawn = new Set([first && kindOf(first), ...someOf([...kinds.keys()], count, random)]);
    const weight = (op: Operation<S>): number => {
      const kind = kindOf(op);
      if (op === first) return WEIGHT_OF_KIND;
      if (op.observe) return WEIGHT_OF_LOOK;
      if (kind === undefined) return RARE.includes(op.verb) ? 1 : WEIGHT;
      return drawn.has(kind) ? Math.ceil(WEIGHT_OF_KIND / kinds.get(kind)!) : 0;
    };
    return Object.fromEntries(this.called.map((op) => [op.name, weight(op)]));
  }

  /** Of names some, of numbers the lowest: those are handed out first. */
  private drawValues(): Focus['values'] {
    const { random } = this;
    const drawn = new Map<Domain['values'], readonly number[]>();
    for (const { domain, numbered } of this.domains.values()) {
      const values = domain.values.map((_, i) => i);
      const some = numbered
        ? values.slice(
            0,
            (domain.issued ? 2 : 1) + Math.min(random.next(values.length), random.next(values.length)),
          )
        : someOf(values, 1 + random.next(MOST_VALUES), random);
      drawn.set(domain.values, [NONE, ...some]);
    }
    return ({ values }) => drawn.get(values) ?? [];
  }
}

/** What calls are about; undefined for those of processes, descriptors and pins, which everything needs. */
function kindOf({ verb }: { readonly verb: string }): string | undefined {
  const end = verb.indexOf('_');
  return end < 0 ? undefined : verb.slice(0, end);
}

/** Whether values differ by a number only, as `fd3` and `link#1` do, or are told apart by nothing. */
function isNumbered({ values, interchangeable }: Domain): boolean {
  return interchangeable || new Set(values.map((value) => value.replace(/\d+$/, ''))).size < values.length;
}

/** So many elements of a list, or all if it has fewer. */
function someOf<T>(list: readonly T[], count: number, random: Prng): T[] {
  const left = [...list];
  const some: T[] = [];
  while (some.length < count && left.length > 0) some.push(...left.splice(random.next(left.length), 1));
  return some;
}

/** So many sequences are about the same; and so many more follow one that met what had been missing. */
const ALIKE = 4;
const MORE_ALIKE = 20;

/**
 * Sequences that meet each ending at least `times` times, or as often as is found before so many random ones in a row were
 * `inVain`. Each is cut off behind the last call that met what had been missing. Others about the same are looked at next, and
 * all are about an operation of which something is missing.
 */
export function coveringSequences<S>(
  machine: Machine<S>,
  options: PlanOptions,
  times: number,
  inVain: number,
): Trace[] {
  const missing = new MissingEndings(machine, options.without, times);
  const plan = new RandomPlan(machine, options, (operation, code) => missing.has(operation, code));
  const chosen: Trace[] = [];
  let about = 0;
  let favoured = missing.operations();
  for (let number = 0, alike = 0, end = inVain; number < end; number++, alike--) {
    if (alike <= 0) {
      about = number;
      alike = ALIKE;
      favoured = missing.operations();
    }
    const met: { readonly operation: number; readonly code: OutcomeCode }[] = [];
    let made = 0;
    const note: CallListener = (operation, _args, code) => {
      // All calls up to the last that meets what had been missing.
      if (missing.has(operation, code)) made = met.length + 1;
      met.push({ operation, code });
    };
    plan.tell(note, number, about, favoured);
    if (made === 0) continue;
    // Drawn again before anything counts as met: which refusals are kept depends on what is missing.
    chosen.push(plan.sequence(number, about, favoured).slice(0, made));
    for (const { operation, code } of met.slice(0, made)) missing.meet(operation, code);
    alike = MORE_ALIKE;
    end = number + 1 + inVain;
  }
  return chosen;
}

/** Which endings have not been met often enough. */
class MissingEndings<S> {
  /** How often each was met, by what the call came to: anything handed out counts as one. */
  private readonly met: Map<OutcomeCode, number>[];

  constructor(
    private readonly machine: Machine<S>,
    private readonly without: ReadonlySet<string>,
    private readonly times: number,
  ) {
    this.met = machine.operations.map(() => new Map<OutcomeCode, number>());
  }

  has(operation: number, code: OutcomeCode): boolean {
    return this.timesOf(operation, code) < this.times;
  }

  meet(operation: number, code: OutcomeCode): void {
    this.met[operation]!.set(Math.min(code, 0), this.timesOf(operation, code) + 1);
  }

  /** Those of which some are missing. Refusals by effects are known only when they are met. */
  operations(): Operation<S>[] {
    const { machine, without, met, times } = this;
    return machine.operations.filter((op, i) => {
      const often = [...met[i]!.values()].filter((each) => each >= times).length;
      return !without.has(op.name) && often <= op.guards.length;
    });
  }

  private timesOf(operation: number, code: OutcomeCode): number {
    return this.met[operation]!.get(Math.min(code, 0)) ?? 0;
  }
}
