/** Proposals with one rule changed, and what a search says of one property of them. */
import { ExhaustiveSearch, type ExhaustiveLimits } from '../../checker/exhaustive.js';
import type { Property } from '../../checker/property.js';
import type { PropertyResult } from '../../checker/verdict.js';
import type { Hook, KernelModel, KernelState, ProgramSource } from '../../model/kernel/model.js';
import type { Guard, Machine, Operation } from '../../model/machine/index.js';
import type { Proposal } from '../../model/proposals/proposal.js';
import { properties } from '../../properties/index.js';

type Effect = Operation<KernelState>['effect'];

function changed(
  proposal: Proposal,
  operation: string,
  change: (op: Operation<KernelState>, kernel: KernelModel) => Operation<KernelState>,
): Proposal {
  return {
    ...proposal,
    operations: (kernel) => {
      const operations = proposal.operations(kernel);
      if (!operations.some(({ name }) => name === operation)) throw new RangeError(`no ${operation}`);
      return operations.map((op) => (op.name === operation ? change(op, kernel) : op));
    },
  };
}

/** One operation does something else. */
export function withEffect(
  proposal: Proposal,
  operation: string,
  change: (effect: Effect, kernel: KernelModel) => Effect,
): Proposal {
  return changed(proposal, operation, (op, kernel) => ({ ...op, effect: change(op.effect, kernel) }));
}

/** One operation is refused in one case more. */
export function withGuard(
  proposal: Proposal,
  operation: string,
  added: (kernel: KernelModel) => Guard<KernelState>,
): Proposal {
  return changed(proposal, operation, (op, kernel) => ({ ...op, guards: [...op.guards, added(kernel)] }));
}

/** Nothing but these operations can be called, so that a search gets deep. */
export function onlyWith(proposal: Proposal, operations: readonly string[]): Proposal {
  return {
    ...proposal,
    operations: (kernel) => proposal.operations(kernel).filter(({ name }) => operations.includes(name)),
  };
}

/** Other program sources can be loaded. */
export function withSources(proposal: Proposal, sources: readonly ProgramSource[]): Proposal {
  return { ...proposal, kernel: { ...proposal.kernel, sources } };
}

/** Other hooks. */
export function withHooks(proposal: Proposal, change: (hook: Hook) => Hook): Proposal {
  const { kernel } = proposal;
  return { ...proposal, kernel: { ...kernel, hooks: (bounds) => kernel.hooks(bounds).map(change) } };
}

export function propertyCalled(name: string): Property<KernelState> {
  const found = properties.find((property) => property.name === name);
  if (!found) throw new RangeError(`no property '${name}'`);
  return found;
}

/** What a search finds out; it ends as soon as the property is broken. */
export function verdictOn(
  machine: Machine<KernelState>,
  property: Property<KernelState>,
  limits: ExhaustiveLimits = {},
): PropertyResult {
  const search = new ExhaustiveSearch(machine, [property], limits);
  while (search.progress().violated.length === 0 && search.advance(1 << 9));
  return search.result().results[0]!;
}
