/** Each guard and reference of one proposal switched off alone, and what that came to, made minimal and shown. */
import {
  callText,
  MutationTest,
  outcomeText,
  play,
  type Drive,
  type Mutation,
  type MutationResult,
  type Property,
  type PropertyResult,
} from '../checker/index.js';
import { remedyFor } from '../corpus/index.js';
import type { Bounds, KernelState } from '../model/kernel/model.js';
import { machineOf, type Proposal } from '../model/proposals/index.js';
import { findingOf } from '../project/finding.js';
import type { Finding, SwitchOutcome, TestedProposal, TestedSwitch } from '../report/index.js';
import { reproduce } from './check-proposal.js';
import { FaultyInputError, UsageError } from './errors.js';
import type { Control } from './workers/control.js';

/** What can be asked; all of it can be sent to a worker. */
export interface GuardsOptions {
  readonly bounds: Partial<Bounds>;
  /** Calls of the longest sequences looked at. */
  readonly depth: number | undefined;
  /** Where a claim has fallen, states after which no more are looked for. */
  readonly maxStates: number | undefined;
  /** Bytes of a search's tables. */
  readonly maxBytes: number;
  /** Only these are switched off; all if there are none. */
  readonly only: readonly string[];
  /** The user's files that were named as proposals. */
  readonly proposalFiles: readonly string[];
}

export interface GuardsProgress {
  /** Of how many things that are switched off in turn, how many are done. */
  readonly done: number;
  readonly of: number;
  /** What is switched off now; undefined while the proposal is searched as it is. */
  readonly off: string | undefined;
  /** States of the present search. */
  readonly states: number;
}

/** States between two looks at the clock. */
const PORTION = 1 << 12;

/**
 * Throws a FaultyInputError if the proposal explains something that it does not have, a UsageError if something is asked for
 * that it does not have.
 */
export function guardsOf(
  proposal: Proposal,
  properties: readonly Property<KernelState>[],
  options: GuardsOptions,
  control: Control<GuardsProgress>,
): TestedProposal {
  const started = control.now();
  const asked: { mutations: readonly Mutation[]; done: number } = { mutations: [], done: 0 };
  const drive: Drive = (search, isEnough) => {
    while (search.advance(PORTION)) {
      const progress = search.progress();
      const off = asked.mutations[asked.done]?.name;
      control.progress({ done: asked.done, of: asked.mutations.length, off, states: progress.states });
      if (control.interrupted()) search.stop('interrupted');
      else if (isEnough(progress)) search.stop('states');
    }
  };
  const bounds: Bounds = { ...proposal.bounds, ...options.bounds };
  const machine = machineOf(proposal, bounds);
  const test = new MutationTest(machine, properties, drive, limitsOf(options));
  checkReasons(proposal, test.mutations);
  asked.mutations = askedFor(proposal, test.mutations, options.only);
  const tested: TestedSwitch[] = [];
  for (const mutation of asked.mutations) {
    if (control.interrupted()) break;
    const result = test.resultOf(mutation);
    // One that was broken off says less than it could.
    if (control.interrupted() && result.kind !== 'fails') break;
    tested.push(testedSwitch(proposal, test, mutation, result, options));
    asked.done++;
  }
  const { statistics, stoppedBy } = test.unchanged;
  return {
    name: proposal.name,
    title: proposal.title,
    bounds: { ...bounds },
    states: statistics.states,
    ...(stoppedBy === undefined ? {} : { stoppedBy }),
    milliseconds: Math.round(control.now() - started),
    kept: test.kept.map(({ name }) => name),
    isWhole: tested.length === test.mutations.length,
    tested,
  };
}

function limitsOf({ depth, maxStates, maxBytes }: GuardsOptions) {
  return {
    ...(depth === undefined ? {} : { depth }),
    ...(maxStates === undefined ? {} : { statesOfFallen: maxStates }),
    maxBytes,
  };
}

/** Those that a name means: one, or a guard of all operations that have it. */
function meantBy(name: string, mutations: readonly Mutation[]): Mutation[] {
  return mutations.filter((mutation) => mutation.name === name || mutation.guard?.guard === name);
}

function namesOf(mutations: readonly Mutation[]): string[] {
  return [...new Set(mutations.flatMap(({ name, guard }) => (guard ? [name, guard.guard] : [name])))];
}

function askedFor(
  proposal: Proposal,
  mutations: readonly Mutation[],
  only: readonly string[],
): readonly Mutation[] {
  if (only.length === 0) return mutations;
  for (const name of only) {
    if (meantBy(name, mutations).length > 0) continue;
    throw new UsageError(
      `'${proposal.name}' has no guard or reference '${name}': ${remedyFor(name, namesOf(mutations))}`,
    );
  }
  const meant = new Set(only.flatMap((name) => meantBy(name, mutations)));
  return mutations.filter((mutation) => meant.has(mutation));
}

function checkReasons({ name, unneeded = {} }: Proposal, mutations: readonly Mutation[]): void {
  for (const explained of Object.keys(unneeded)) {
    if (meantBy(explained, mutations).length > 0) continue;
    throw new FaultyInputError(
      `The proposal '${name}' explains in 'unneeded' why it has '${explained}', and has no such guard or reference: ` +
        remedyFor(explained, namesOf(mutations)),
    );
  }
}

function testedSwitch(
  proposal: Proposal,
  test: MutationTest<KernelState>,
  mutation: Mutation,
  result: MutationResult,
  options: GuardsOptions,
): TestedSwitch {
  const { unneeded = {} } = proposal;
  const reason = unneeded[mutation.name] ?? unneeded[mutation.guard?.guard ?? ''];
  return {
    name: mutation.name,
    outcome: outcomeOf(proposal, test, mutation, result, options),
    ...(reason === undefined ? {} : { reason }),
  };
}

function outcomeOf(
  proposal: Proposal,
  test: MutationTest<KernelState>,
  mutation: Mutation,
  result: MutationResult,
  options: GuardsOptions,
): SwitchOutcome {
  switch (result.kind) {
    case 'falls': {
      const { depth } = result;
      const fallen = result.fallen.map((one) => shownFinding(proposal, test, mutation, one, options));
      return { kind: 'falls', fallen, ...(depth === undefined ? {} : { depth }) };
    }
    case 'fails': {
      const calls = play(test.mutant(mutation), result.trace.slice(0, -1)).steps.map(
        (step) => `${callText(step)} -> ${outcomeText(step.outcome)}`,
      );
      const { operation } = result.trace.at(-1)!;
      const last = test.mutant(mutation).operations[operation]!.verb;
      return { kind: 'fails', calls: [...calls, `${last}(…)`], message: result.message };
    }
    default:
      return result;
  }
}

function shownFinding(
  proposal: Proposal,
  test: MutationTest<KernelState>,
  mutation: Mutation,
  result: PropertyResult,
  options: GuardsOptions,
): Finding {
  const property = test.kept.find(({ name }) => name === result.property)!;
  // What the design is known to break is beside the point: as it is, it keeps the claim.
  const finding = findingOf(
    { ...proposal, expected: {} },
    {
      property,
      machine: test.mutant(mutation),
      result,
      isShortest: true,
    },
  );
  const { counterexample } = finding;
  if (!counterexample) return finding;
  const { length } = counterexample.playback.steps;
  const command = reproduce(proposal, property, length, {
    ...options,
    without: [mutation.name],
    propertyFiles: [],
  });
  return { ...finding, counterexample: { ...counterexample, reproduce: command } };
}
