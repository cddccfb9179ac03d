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
