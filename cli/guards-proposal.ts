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
import type { Bounds, KernelState } from '../model/kernel/model.js';
import { machineOf, type Proposal } from '../model/proposals/index.js';
import { findingOf } from '../project/finding.js';
import type { Finding, SwitchOutcome, TestedProposal, TestedSwitch } from '../report/index.js';
import { askedSwitches } from './asked-switches.js';
import { reproduce } from './check-proposal.js';
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
 * that it does not have, before anything is searched.
 */
export function guardsOf(
  proposal: Proposal,
  properties: readonly Property<KernelState>[],
  options: GuardsOptions,
  control: Control<GuardsProgress>,
): TestedProposal {
  const started = control.now();
  const bounds: Bounds = { ...proposal.bounds, ...options.bounds };
  const machine = machineOf(proposal, bounds);
  const mutations = askedSwitches(proposal, machine, options.only);
  const tested: TestedSwitch[] = [];
  let off: string | undefined;
  const drive: Drive = (search, isEnough) => {
    while (search.advance(PORTION)) {
      const progress = search.progress();
      control.progress({ done: tested.length, of: mutations.length, off, states: progress.states });
      if (control.interrupted()) search.stop('interrupted');
      else if (isEnough(progress)) search.stop('states');
    }
  };
  const test = new MutationTest(machine, properties, drive, limitsOf(options));
  for (const mutation of mutations) {
    if (control.interrupted()) break;
    off = mutation.name;
    const result = test.resultOf(mutation);
    // One that was broken off says less than it could.
    if (control.interrupted() && result.kind !== 'fails') break;
    tested.push(testedSwitch(proposal, test, mutation, result, options));
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
