/** What a search tried, by operation and guard. */
import { ERRNOS, type CallCounts, type Machine } from '../model/machine/index.js';
import type { OperationStatistics, SearchStatistics } from './verdict.js';

export function operationStatistics<S>(
  machine: Machine<S>,
  counts: CallCounts,
): Pick<SearchStatistics, 'operations' | 'boundsMet'> {
  const operations = machine.operations.map((op, i): OperationStatistics => {
    const bounds = op.possible.map((precondition, k) => ({
      ...precondition,
      count: counts.impossible[i]![k]!,
    }));
    return {
      operation: op.name,
      done: counts.done[i]!,
      refused: Object.fromEntries(op.guards.map(({ name }, k) => [name, counts.refused[i]![k]!])),
      refusedLate: nonZero(ERRNOS.map((errno, k) => [errno, counts.late[i]![k]!])),
      keptBack: nonZero(bounds.flatMap(({ name, isBound, count }) => (isBound ? [[name, count]] : []))),
    };
  });
  return { operations, boundsMet: [...new Set(operations.flatMap(({ keptBack }) => Object.keys(keptBack)))] };
}

function nonZero(entries: readonly (readonly [string, number])[]): Record<string, number> {
  return Object.fromEntries(entries.filter(([, count]) => count > 0));
}

/** The calls of two searches of the same machine, counted together. */
export function addedCounts(one: CallCounts, other: CallCounts): CallCounts {
  const sum = (a: Float64Array, b: Float64Array): Float64Array => a.map((count, i) => count + b[i]!);
  const sums = (a: readonly Float64Array[], b: readonly Float64Array[]): Float64Array[] =>
    a.map((counts, i) => sum(counts, b[i]!));
  return {
    done: sum(one.done, other.done),
    refused: sums(one.refused, other.refused),
    late: sums(one.late, other.late),
    impossible: sums(one.impossible, other.impossible),
  };
}
