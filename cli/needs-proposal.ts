/** What the broken claims of one proposal need in order to hold: searched, made minimal and shown. */
import { judgeTrace, minimise, NeedsSearch, play, whyNeeded, type Property } from '../checker/index.js';
import type {
  ClaimNeeds as FoundNeeds,
  LetThrough,
  NeedsProgress,
  NeedsQuestion,
  PropertyResult,
} from '../checker/index.js';
import {
  isAnythingAttached,
  kernelRestrictions,
  type Bounds,
  type KernelState,
} from '../model/kernel/index.js';
import { definitionOf, machineOf, type Proposal } from '../model/proposals/index.js';
import { findingOf } from '../project/finding.js';
import type { ClaimNeeds, Finding, NeededRestriction, ProposalNeeds } from '../report/index.js';
import { reproduce } from './check-proposal.js';
import type { Control } from './workers/control.js';

/** What can be asked; all of it can be sent to a worker. */
export interface NeedsOptions {
  /** Restrictions of the largest sets tried. */
  readonly size: number;
  readonly bounds: Partial<Bounds>;
  /** Limits of each search, not of all together. */
  readonly depth: number | undefined;
  readonly maxStates: number | undefined;
  /** Bytes of a search's tables. */
  readonly maxBytes: number;
  /** Seconds for the proposal. */
  readonly time: number | undefined;
  /** Whether to find out what breaks the claim without each restriction of a set. */
  readonly reasons: boolean;
  /** The user's files that were named as proposals, and as claims. */
  readonly proposalFiles: readonly string[];
  readonly propertyFiles: readonly string[];
}

/** States between two looks at the clock. */
const PORTION = 1 << 13;

export function needsOf(
  proposal: Proposal,
  properties: readonly Property<KernelState>[],
  options: NeedsOptions,
  control: Control<NeedsProgress>,
): ProposalNeeds {
  const started = control.now();
  const bounds: Bounds = { ...proposal.bounds, ...options.bounds };
  const definition = definitionOf(proposal, bounds);
  const restrictions = kernelRestrictions(definition.operations);
  const question = { definition, properties, restrictions, purpose: isAnythingAttached };
  const search = new NeedsSearch(question, { size: options.size, ...limitsOf(options) });
  const end = options.time === undefined ? Infinity : started + options.time * 1000;
  while (search.advance(PORTION)) {
    control.progress(search.progress());
    if (control.interrupted()) search.stop('interrupted');
    else if (control.now() >= end) search.stop('time');
  }
  const { claims, stoppedBy, statistics } = search.result();
  const { searches, states, transitions } = statistics;
  const shown = claims.map((claim) => shownClaim(proposal, claim, question, options));
  return {
    name: proposal.name,
    title: proposal.title,
    bounds: { ...bounds },
    restrictions: restrictions.length,
    searches,
    states,
    transitions,
    milliseconds: Math.round(control.now() - started),
    ...(stoppedBy === undefined ? {} : { stoppedBy }),
    claims: shown,
  };
}

function limitsOf({ depth, maxStates, maxBytes }: NeedsOptions) {
  return {
    ...(depth === undefined ? {} : { depth }),
    ...(maxStates === undefined ? {} : { maxStates }),
    maxBytes,
  };
}

function shownClaim(
  proposal: Proposal,
  { property, unrestricted, sets }: FoundNeeds<KernelState>,
  question: NeedsQuestion<KernelState>,
  options: NeedsOptions,
): ClaimNeeds {
  return {
    finding: shownFinding(proposal, property, unrestricted, options),
    sets: sets.map(({ restrictions, verdict, isUseless }) => {
      const isExplained = options.reasons && !isUseless;
      const why = isExplained ? whyNeeded(question, property, restrictions, limitsOf(options)) : [];
      return {
        restrictions: restrictions.map(named),
        verdict,
        isUseless,
        needed: why.map((through) => shownReason(property, through)),
      };
    }),
  };
}

function shownFinding(
  proposal: Proposal,
  property: Property<KernelState>,
  result: PropertyResult,
  options: NeedsOptions,
): Finding {
  const machine = machineOf(proposal, options.bounds);
  const finding = findingOf(proposal, { property, machine, result, isShortest: true });
  const { counterexample } = finding;
  if (!counterexample) return finding;
  const { length } = counterexample.playback.steps;
  const command = reproduce(proposal, property, length, { ...options, without: [] });
  return { ...finding, counterexample: { ...counterexample, reproduce: command } };
}

/** Kept as short as it was found: a shortest trace stays one under other names. */
function shownReason(
  property: Property<KernelState>,
  { restriction, instead, machine, counterexample }: LetThrough<KernelState>,
): NeededRestriction {
  const trace = minimise(machine, property, counterexample.trace, { searchStates: 0 });
  const { clause } = judgeTrace(machine, property, trace).broken ?? counterexample;
  return {
    restriction: named(restriction),
    instead: instead.map(named),
    clause,
    playback: play(machine, trace),
  };
}

function named({ name, sentence }: { readonly name: string; readonly sentence: string }) {
  return { name, sentence };
}
