/** What a search tried, by operation and guard. */
import type { CallCounts, Machine } from '../model/machine/index.js';
import type { OperationStatistics, SearchStatistics } from './verdict.js';

export function operationStatistics<S>(
  machine: Machine<S>,
  counts: CallCounts,
): Pick<SearchStatistics, 'operations' | 'boundsMet'> {
  const boundsMet = new Set<string>();
  const operations = machine.operations.map((op, i): OperationStatistics => {
    op.possible.forEach((precondition, k) => {
      if (precondition.isBound && counts.impossible[i]![k]! > 0) boundsMet.add(precondition.name);
    });
    const refused = op.guards.map((guard, k) => [guard.name, counts.refused[i]![k]!] as const);
    return { operation: op.name, done: counts.done[i]!, refused: Object.fromEntries(refused) };
  });
  return { operations, boundsMet: [...boundsMet] };
}
