/**
 * Sequences of calls as values of fast-check: `fc.assert(fc.property(sequences(machine), obeys(machine, property)))` works
 * with seeds, paths, examples and reporters as in any other test, and what fails is shrunk.
 */
import fc from 'fast-check';
import type { Machine } from '../model/machine/index.js';
import { SequenceGenerator, type GeneratorOptions } from './generator.js';
import { judgeTrace } from './judge.js';
import { callText, outcomeText, play } from './playback.js';
import type { Property } from './property.js';
import { smallerTraces } from './shrink.js';
import type { Trace } from './trace.js';

/** A sequence of calls for one machine. It prints as the calls with what they come to. */
export class Sequence<S> {
  constructor(
    readonly machine: Machine<S>,
    readonly calls: Trace,
  ) {}

  /** One call a line, with its outcome. */
  toString(): string {
    return play(this.machine, this.calls)
      .steps.map((step) => `${callText(step)} -> ${outcomeText(step.outcome)}`)
      .join('\n');
  }

  [fc.toStringMethod](): string {
    return `\n${this.toString()}\n`;
  }
}

export class SequenceArbitrary<S> extends fc.Arbitrary<Sequence<S>> {
  private readonly generator: SequenceGenerator<S>;

  constructor(
    private readonly machine: Machine<S>,
    options: GeneratorOptions,
  ) {
    super();
    this.generator = new SequenceGenerator(machine, options);
  }

  override generate(random: fc.Random): fc.Value<Sequence<S>> {
    const calls = this.generator.draw(random.nextInt(-0x80000000, 0x7fffffff));
    return new fc.Value(new Sequence(this.machine, calls), undefined);
  }

  /** Any sequence shrinks, also one that was given as an example. */
  override canShrinkWithoutContext(value: unknown): value is Sequence<S> {
    return value instanceof Sequence;
  }

  override shrink(value: Sequence<S>): fc.Stream<fc.Value<Sequence<S>>> {
    const { machine } = this;
    function* smaller(): Generator<fc.Value<Sequence<S>>> {
      for (const calls of smallerTraces(machine, value.calls)) {
        yield new fc.Value(new Sequence(machine, calls), undefined);
      }
    }
    return fc.stream(smaller());
  }
}

/** All sequences of calls that a machine can be asked for; most of the calls in them do something. */
export function sequences<S>(machine: Machine<S>, options: GeneratorOptions = {}): fc.Arbitrary<Sequence<S>> {
  return new SequenceArbitrary(machine, options);
}

/** A clause is broken: what {@link obeys} throws. */
export class PropertyViolation extends Error {
  constructor(
    readonly property: string,
    readonly clause: string,
    /** After which call, counted from 1; 0 for the first state. */
    readonly call: number,
  ) {
    super(`${property}: ${clause} (after call ${call})`);
    this.name = 'PropertyViolation';
  }
}

/** A predicate for fast-check: passes if the property holds all along a sequence, and throws where it does not. */
export function obeys<S>(machine: Machine<S>, property: Property<S>): (sequence: Sequence<S>) => void {
  return (sequence) => {
    const { brokenAt, broken } = judgeTrace(machine, property, sequence.calls);
    if (broken) throw new PropertyViolation(property.name, broken.clause, brokenAt! + 1);
  };
}
