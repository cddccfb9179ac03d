/** Why calls are refused: what properties of refusals are asked about. */
import { errnoOf, guardOf, type Machine, type OutcomeCode } from '../model/machine/index.js';
import { endableRefusals, type EndableRefusals } from './endable.js';
import type { Cause } from './property.js';

/** The causes of one machine's refusals. What others can end is looked up once, when it is first asked for. */
export class Causes<S> {
  private readonly known = new Map<string, Cause>();
  private endable: EndableRefusals | undefined;

  constructor(private readonly machine: Machine<S>) {}

  /** The cause behind an outcome of an operation: two refusals with the same code have the same cause. */
  of(operation: number, code: OutcomeCode): Cause {
    const key = `${operation}/${code}`;
    const known = this.known.get(key) ?? this.cause(operation, code);
    this.known.set(key, known);
    return known;
  }

  /** How many states it took to say what others can end, if that was asked for and is not known of all states. */
  get looked(): number | undefined {
    return this.endable === undefined || this.endable.closed ? undefined : this.endable.states;
  }

  private cause(operation: number, code: OutcomeCode): Cause {
    const { machine } = this;
    const op = machine.operations[operation]!;
    return {
      operation: op.name,
      verb: op.verb,
      name: guardOf(op, code)?.name ?? 'the effect',
      errno: errnoOf(op, code),
      othersCanEnd: () => {
        this.endable ??= endableRefusals(machine);
        return this.endable.has(operation, code);
      },
    };
  }
}

const causesByMachine = new WeakMap<object, unknown>();

/** The causes of a machine; the same object each time, so that a look at its states is made once. */
export function causesOf<S>(machine: Machine<S>): Causes<S> {
  const known = causesByMachine.get(machine) as Causes<S> | undefined;
  if (known) return known;
  const causes = new Causes(machine);
  causesByMachine.set(machine, causes);
  return causes;
}

/**
 * Lets a machine have the causes of another one with the same rules within other bounds, so that what others can end is looked up once
 * for both. Nothing is done if they differ by more than bounds: an operation, or one of its guards.
 */
export function shareCauses<S>(from: Machine<S>, to: Machine<S>): void {
  if (rulesOf(from) === rulesOf(to)) causesByMachine.set(to, causesOf(from));
}

function rulesOf<S>({ operations }: Machine<S>): string {
  return JSON.stringify(operations.map(({ name, guards }) => [name, guards.map((guard) => guard.name)]));
}
