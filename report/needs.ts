/** What broken claims need in order to hold, before it is written in any format. */
import type { Playback } from '../checker/playback.js';
import type { StopReason, Verdict } from '../checker/verdict.js';
import type { Finding } from './report.js';

export interface NeedsReport {
  /** Of Holdfast. */
  readonly version: string;
  /** Restrictions of the largest sets that were tried. */
  readonly size: number;
  readonly proposals: readonly ProposalNeeds[];
}

export interface ProposalNeeds {
  readonly name: string;
  /** One line. */
  readonly title: string;
  /** How many of each object the model had. */
  readonly bounds: Readonly<Record<string, number>>;
  /** How many restrictions there are to take. */
  readonly restrictions: number;
  /** Sets that were searched, and states and calls looked at in all of them. */
  readonly searches: number;
  readonly states: number;
  readonly transitions: number;
  readonly milliseconds: number;
  /** Why not all sets were tried; left out if all were. */
  readonly stoppedBy?: StopReason;
  readonly claims: readonly ClaimNeeds[];
}

export interface ClaimNeeds {
  /** Without any restriction. */
  readonly finding: Finding;
  /** The smallest sets under which it was not found broken; of a claim that is not broken, none. */
  readonly sets: readonly NeededSet[];
}

export interface NeededSet {
  readonly restrictions: readonly NamedRestriction[];
  /** Of the claim under them: `holds`, `vacuous`, or how far it was looked. */
  readonly verdict: Verdict;
  /** Nothing can be attached any more. */
  readonly isUseless: boolean;
  /** For each restriction, what breaks the claim without it. Empty if that was not asked for. */
  readonly needed: readonly NeededRestriction[];
}

export interface NamedRestriction {
  readonly name: string;
  /** How it reads behind "It holds if". */
  readonly sentence: string;
}

export interface NeededRestriction {
  readonly restriction: NamedRestriction;
  /** The weaker ones that stood in its place. */
  readonly instead: readonly NamedRestriction[];
  /** What is broken after the last call. */
  readonly clause: string;
  readonly playback: Playback;
}

export function isBroken({ finding }: ClaimNeeds): boolean {
  return finding.verdict.kind === 'violated';
}

/** The report without claims that are not broken; a proposal that breaks none keeps them all, to say so. */
export function onlyBroken(report: NeedsReport): NeedsReport {
  const proposals = report.proposals.map((proposal) => {
    const broken = proposal.claims.filter(isBroken);
    return broken.length === 0 ? proposal : { ...proposal, claims: broken };
  });
  return { ...report, proposals };
}

/**
 * What a set is worth. `holds`: the claim holds. `up-to`: it does as far as was looked. `silent`: the situation it speaks about
 * never arises. `useless`: nothing is attached any more.
 */
export type Worth = 'holds' | 'up-to' | 'silent' | 'useless';

export function worthOf({ verdict, isUseless }: NeededSet): Worth {
  if (isUseless) return 'useless';
  if (verdict.kind === 'holds') return 'holds';
  return verdict.kind === 'vacuous' ? 'silent' : 'up-to';
}
