/** All calls of a machine, one by one: the slow way through a state's successors, for finding again what a search met. */
import { domainSize, type Machine, type OutcomeCode } from '../model/machine/index.js';
import { runTrace, type Trace } from './trace.js';

/** Every combination of argument values of an operation, in the order in which an expansion tries them. */
export function* argumentLists<S>(machine: Machine<S>, operation: number): Generator<readonly number[]> {
  const domains = Object.values(machine.operations[operation]!.params);
  if (domains.some((domain) => domainSize(domain) === 0)) return;
  const args = domains.map((domain) => (domain.optional ? -1 : 0));
  for (;;) {
    yield args;
    let i = domains.length - 1;
    for (; i >= 0; i--) {
      args[i]!++;
      if (args[i]! < domains[i]!.values.length) break;
      args[i] = domains[i]!.optional ? -1 : 0;
    }
    if (i < 0) return;
  }
}

export interface FoundCall {
  readonly operation: number;
  readonly args: readonly number[];
  readonly code: OutcomeCode;
}

/** Makes the calls of a trace: each with its arguments as numbers, and what it came to. The machine stays in the last state. */
export function callsMade<S>(machine: Machine<S>, trace: Trace): FoundCall[] {
  const made: FoundCall[] = [];
  runTrace(machine, trace, (index, code, args) => {
    made.push({ operation: trace[index]!.operation, args: [...args], code });
  });
  return made;
}

/** The first call that leads from one row to another; undefined if none does. */
export function callBetween<S>(machine: Machine<S>, from: Int32Array, to: Int32Array): FoundCall | undefined {
  for (let operation = 0; operation < machine.operations.length; operation++) {
    if (machine.operations[operation]!.observe) continue;
    for (const args of argumentLists(machine, operation)) {
      machine.load(from, 0);
      const code = machine.call(operation, args);
      if (isState(machine, to)) return { operation, args: [...args], code };
    }
  }
  return undefined;
}

function isState<S>(machine: Machine<S>, row: Int32Array): boolean {
  const { memory } = machine.memory;
  for (let i = 0; i < machine.words; i++) if (memory[i] !== row[i]) return false;
  return true;
}
