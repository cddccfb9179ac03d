/**
 * The same machine driven by fast-check's own model-based testing, for comparison: one command for each operation, its
 * arguments drawn beforehand. `check` asks whether the call would succeed, `run` makes it and asks the same properties.
 */
import fc from 'fast-check';
import type { Property } from '../checker/index.js';
import { PropertyWatch } from '../checker/watch.js';
import { domainSize, type Domain, type Machine } from '../model/machine/index.js';

interface Counts {
  sequences: number;
  /** Commands that were offered to `check`. */
  drawn: number;
  /** Commands that were run. */
  calls: number;
}

export function runFastCheckCommands<S>(
  machine: Machine<S>,
  properties: readonly Property<S>[],
  sequences: number,
  length: number,
): Counts {
  const counts: Counts = { sequences: 0, drawn: 0, calls: 0 };
  const watch = new PropertyWatch(machine, properties, () => undefined);
  const checkState = watch.stateCheck(machine.state);
  const commands = machine.operations.flatMap((operation, index) => {
    const domains = Object.values(operation.params);
    if (operation.observe || domains.some((domain) => domainSize(domain) === 0)) return [];
    const call = machine.caller(index);
    return fc.tuple(...domains.map(valueOf)).map((args): fc.Command<Machine<S>, Machine<S>> => {
      const [a = 0, b = 0, c = 0, d = 0, e = 0] = args;
      return {
        check() {
          counts.drawn++;
          return (
            operation.possible.every(({ test }) => test(machine.state, a, b, c, d, e)) &&
            operation.guards.every(({ test }) => test(machine.state, a, b, c, d, e))
          );
        },
        run() {
          counts.calls++;
          machine.remember();
          watch.observers[index]?.see(call(a, b, c, d, e), a, b, c, d, e);
          checkState();
        },
        toString: () => `${operation.name}(${args.join(', ')})`,
      };
    });
  });
  const property = fc.property(fc.commands(commands, { maxCommands: length, size: 'max' }), (drawn) => {
    counts.sequences++;
    fc.modelRun(() => {
      machine.reset();
      checkState();
      return { model: machine, real: machine };
    }, drawn);
  });
  fc.assert(property, { numRuns: sequences, seed: 42 });
  return counts;
}

function valueOf(domain: Domain): fc.Arbitrary<number> {
  return fc.integer({ min: domain.optional ? -1 : 0, max: domain.values.length - 1 });
}
