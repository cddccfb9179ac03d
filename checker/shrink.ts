/** Smaller traces: with calls left out, and with simpler arguments. */
import type { Machine } from '../model/machine/index.js';
import { isResult, type Argument, type Trace, type TraceCall } from './trace.js';

/** Traces that are smaller by one move, the boldest moves first. Each is shorter, or as long with a simpler argument. */
export function* smallerTraces<S>(machine: Machine<S>, trace: Trace): Generator<Trace> {
  yield* shorterTraces(trace);
  yield* simplerTraces(machine, trace);
}

/** The trace with calls left out: halves, quarters, … single calls; from the end, where the least depends on them. */
export function* shorterTraces(trace: Trace): Generator<Trace> {
  for (let size = Math.ceil(trace.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let end = trace.length; end > 0; end -= size) {
      const start = Math.max(0, end - size);
      const shorter = without(trace, (index) => index >= start && index < end);
      if (shorter.length < trace.length) yield shorter;
    }
  }
}

/** The trace without some calls, and without those that need what they would have returned. */
export function without(trace: Trace, isDropped: (index: number) => boolean): Trace {
  const renumbered: number[] = [];
  const kept: TraceCall[] = [];
  trace.forEach((call, index) => {
    const usable = call.args.every((argument) => !isResult(argument) || renumbered[argument.result]! >= 0);
    if (isDropped(index) || !usable) {
      renumbered.push(-1);
      return;
    }
    renumbered.push(kept.length);
    kept.push({
      operation: call.operation,
      args: call.args.map((argument) =>
        isResult(argument) ? { result: renumbered[argument.result]! } : argument,
      ),
    });
  });
  return kept;
}

/** The trace with one value or result taken over by an earlier one of its domain: in one argument, or for a whole actor. */
export function* simplerTraces<S>(machine: Machine<S>, trace: Trace): Generator<Trace> {
  yield* mergedValues(machine, trace);
  for (let index = 0; index < trace.length; index++) {
    const call = trace[index]!;
    for (let i = 0; i < call.args.length; i++) {
      const argument = call.args[i]!;
      const domain = Object.values(machine.operations[call.operation]!.params)[i]!;
      if (isResult(argument)) {
        for (const result of earlierResults(machine, trace, argument.result)) {
          yield withArgument(trace, index, i, { result });
        }
        continue;
      }
      if (domain.issued) continue;
      for (let simpler = 0; simpler < argument; simpler++) yield withArgument(trace, index, i, simpler);
    }
  }
}

/**
 * Calls in front of one that hand out a number of the same domain to the same owner: what was opened may do for what it was
 * copied to. The number of another process's descriptor means something else.
 */
function earlierResults<S>(machine: Machine<S>, trace: Trace, result: number): number[] {
  const handedOut = (call: TraceCall): string => {
    const { params, returns } = machine.operations[call.operation]!;
    const owner = Object.keys(params).indexOf(returns?.owner ?? '');
    return JSON.stringify([returns?.domain.name, owner < 0 ? undefined : call.args[owner]]);
  };
  const same = handedOut(trace[result]!);
  return trace.slice(0, result).flatMap((call, i) => (handedOut(call) === same ? [i] : []));
}

/** One of several interchangeable values does for two: B's calls are made by A, never the other way round. */
function* mergedValues<S>(machine: Machine<S>, trace: Trace): Generator<Trace> {
  for (const [name, used] of usedValues(machine, trace)) {
    const values = [...used].sort((a, b) => a - b);
    for (let i = values.length - 1; i > 0; i--) {
      for (let k = 0; k < i; k++) {
        yield mapValues(machine, trace, (domain, value) =>
          domain === name && value === values[i] ? values[k]! : value,
        );
      }
    }
  }
}

/** The values of interchangeable domains in a trace, in the order in which they first appear. */
export function usedValues<S>(machine: Machine<S>, trace: Trace): ReadonlyMap<string, readonly number[]> {
  const used = new Map<string, number[]>();
  for (const call of trace) {
    Object.values(machine.operations[call.operation]!.params).forEach((domain, i) => {
      const argument = call.args[i]!;
      if (!domain.interchangeable || isResult(argument) || argument < 0) return;
      const values = used.get(domain.name) ?? [];
      if (!values.includes(argument)) used.set(domain.name, [...values, argument]);
    });
  }
  return used;
}

/** The trace with each plain value replaced. */
export function mapValues<S>(
  machine: Machine<S>,
  trace: Trace,
  map: (domain: string, value: number) => number,
): Trace {
  return trace.map((call) => {
    const domains = Object.values(machine.operations[call.operation]!.params);
    const args = call.args.map((argument, i) =>
      isResult(argument) ? argument : map(domains[i]!.name, argument),
    );
    return { operation: call.operation, args };
  });
}

function withArgument(trace: Trace, index: number, position: number, value: Argument): Trace {
  return trace.map((call, i) => {
    if (i !== index) return call;
    return {
      operation: call.operation,
      args: call.args.map((argument, k) => (k === position ? value : argument)),
    };
  });
}
