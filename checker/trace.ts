/**
 * A trace: calls in order. Numbers that earlier calls handed out (fds, handles) are not written as numbers but as
 * "the result of call i", so that a call can be left out without changing what the others mean.
 */
import { ModelFault } from './faults.js';
import { IMPOSSIBLE, type Domain, type Machine, type OutcomeCode } from '../model/machine/index.js';
import { NONE } from '../model/state/index.js';

/** The number that call `result` of the trace handed out. */
export interface ResultReference {
  readonly result: number;
}

/** A value of a domain (its index, or NONE), or the result of an earlier call. */
export type Argument = number | ResultReference;

export interface TraceCall {
  /** Index into the machine's operations. */
  readonly operation: number;
  readonly args: readonly Argument[];
}

export type Trace = readonly TraceCall[];

export function isResult(argument: Argument): argument is ResultReference {
  return typeof argument !== 'number';
}

/** A call that cannot be made: an argument is the result of a call that was refused, or the actor cannot act. */
export const SKIPPED: OutcomeCode = IMPOSSIBLE;

/** Follows what calls return, and puts it in where later calls refer to it. */
export class Resolver {
  private readonly results: number[] = [];

  /**
   * The arguments of a call as numbers, written into `out`; false if one of them has no value. The calls of a trace are
   * given in order, each followed by {@link returned}.
   */
  resolve(call: TraceCall, out: number[]): boolean {
    const { args } = call;
    for (let i = 0; i < args.length; i++) {
      const argument = args[i]!;
      if (typeof argument === 'number') {
        out[i] = argument;
        continue;
      }
      const value = this.results[argument.result];
      if (value === undefined || value < 0) return false;
      out[i] = value;
    }
    return true;
  }

  returned(code: OutcomeCode): void {
    this.results.push(code);
  }

  reset(): void {
    this.results.length = 0;
  }
}

/**
 * Makes the calls of a trace one after the other from the first state; `see` is told of each, after it was made. Throws a
 * ModelFault if an operation throws.
 */
export function runTrace<S>(
  machine: Machine<S>,
  trace: Trace,
  see: (index: number, code: OutcomeCode, args: readonly number[]) => void,
): void {
  const resolver = new Resolver();
  const args: number[] = [];
  machine.reset();
  for (let i = 0; i < trace.length; i++) {
    const call = trace[i]!;
    machine.remember();
    const code = resolver.resolve(call, args) ? callOrFault(machine, trace, i, args) : SKIPPED;
    resolver.returned(code);
    see(i, code, args);
  }
}

function callOrFault<S>(
  machine: Machine<S>,
  trace: Trace,
  index: number,
  args: readonly number[],
): OutcomeCode {
  const { operation } = trace[index]!;
  try {
    return machine.call(operation, args);
  } catch (cause) {
    throw new ModelFault(machine.name, machine.operations[operation]!.name, trace.slice(0, index + 1), cause);
  }
}

/** What a recorder must know of an operation, worked out once. */
interface IssueShape {
  /** For each parameter: which issued domain it is of, -1 if none; and whether each actor has a table of its own. */
  readonly domains: readonly number[];
  readonly perActor: readonly boolean[];
  readonly returns: number;
  /** Which argument says whose the number is; -1 if it is everyone's. */
  readonly owner: number;
}

/**
 * Turns calls with plain numbers into a trace: each number of an issued domain becomes the result of the call that last
 * handed it out to that owner.
 */
export class Recorder<S> {
  private calls: TraceCall[] = [];
  private readonly shapes: readonly IssueShape[];
  /** For each issued domain and owner (0 is everyone): which call handed a number out last, by number. */
  private readonly issuers: number[][][];

  constructor(machine: Machine<S>) {
    const names: string[] = [];
    const numberOf = (domain: Domain): number => {
      if (!domain.issued) return -1;
      if (!names.includes(domain.name)) names.push(domain.name);
      return names.indexOf(domain.name);
    };
    this.shapes = machine.operations.map((op) => {
      const domains = Object.values(op.params);
      return {
        domains: domains.map(numberOf),
        perActor: domains.map((domain) => domain.issued === 'actor'),
        returns: op.returns ? numberOf(op.returns.domain) : -1,
        owner: op.returns?.owner === undefined ? -1 : Object.keys(op.params).indexOf(op.returns.owner),
      };
    });
    this.issuers = names.map(() => []);
  }

  get trace(): Trace {
    return this.calls;
  }

  /** Forgets everything; the trace handed out before stays as it is. */
  reset(): void {
    this.calls = [];
    for (const owners of this.issuers) owners.length = 0;
  }

  /** Adds a call that was made with these arguments and this outcome. */
  add(operation: number, args: readonly number[], code: OutcomeCode): void {
    const { returns, owner } = this.shapes[operation]!;
    this.calls.push(this.written(operation, args));
    if (returns >= 0 && code >= 0) {
      this.issuer(returns, owner < 0 ? 0 : args[owner]! + 1)[code] = this.calls.length - 1;
    }
  }

  /** How a call with these arguments is written behind the calls that were added. */
  written(operation: number, args: readonly number[]): TraceCall {
    const { domains, perActor } = this.shapes[operation]!;
    const symbolic: Argument[] = [];
    for (let i = 0; i < domains.length; i++) {
      const value = args[i]!;
      const domain = domains[i]!;
      const result =
        domain < 0 || value === NONE
          ? undefined
          : this.issuer(domain, perActor[i]! ? args[0]! + 1 : 0)[value];
      symbolic.push(result === undefined ? value : { result });
    }
    return { operation, args: symbolic };
  }

  private issuer(domain: number, owner: number): number[] {
    const owners = this.issuers[domain]!;
    return (owners[owner] ??= []);
  }
}
