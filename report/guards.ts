/** Which checks and references of proposals are load-bearing, before it is written in any format. */
import type { StopReason } from '../checker/verdict.js';
import type { Finding } from './report.js';

export interface GuardsReport {
  /** Of Holdfast. */
  readonly version: string;
  readonly proposals: readonly TestedProposal[];
}

export interface TestedProposal {
  readonly name: string;
  /** One line. */
  readonly title: string;
  /** How many of each object the model had. */
  readonly bounds: Readonly<Record<string, number>>;
  /** Of the search of the proposal as it is. */
  readonly states: number;
  /** Why that search ended, if not all states were looked at. */
  readonly stoppedBy?: StopReason;
  readonly milliseconds: number;
  /** The claims that were checked again each time: those that the proposal keeps as it is. */
  readonly kept: readonly string[];
  /** Whether everything was switched off that can be: not if one was asked for, or Ctrl-C was pressed. */
  readonly isWhole: boolean;
  readonly tested: readonly TestedSwitch[];
}

/** Something that was switched off alone. */
export interface TestedSwitch {
  /** `operation/guard`, or `hold:path`. */
  readonly name: string;
  readonly outcome: SwitchOutcome;
  /** Why the proposal has it although no claim needs it; given if the proposal says so. */
  readonly reason?: string;
}

export type SwitchOutcome =
  /**
   * Claims fall; that with the shortest sequence first. `depth`: calls of the longest sequences looked at, if that were not
   * all: others may fall by longer ones.
   */
  | { readonly kind: 'falls'; readonly fallen: readonly Finding[]; readonly depth?: number }
  /** The rules cannot go on: the last of the calls fails. */
  | { readonly kind: 'fails'; readonly calls: readonly string[]; readonly message: string }
  /** The guard never refuses a call. */
  | { readonly kind: 'idle' }
  /** Other guards refuse all that it refuses: it decides which errno the caller is told. */
  | { readonly kind: 'errno' }
  /** Calls come to something else, and no claim minds. `sameStates`: but to no state that was not there before. */
  | { readonly kind: 'unneeded'; readonly sameStates: boolean }
  /** Nothing fell by sequences of up to so many calls; longer ones were not looked at. */
  | { readonly kind: 'undecided'; readonly depth: number };

/**
 * What is to be said of it. `needed`: something falls or fails. `errno`: it decides which errno is told. `explained` and
 * `unexplained`: no claim needs it. `stale`: something needs it, and yet the proposal says why not. `undecided`: not known.
 */
export type Standing = 'needed' | 'errno' | 'explained' | 'unexplained' | 'stale' | 'undecided';

export function standingOf({ outcome, reason }: TestedSwitch): Standing {
  switch (outcome.kind) {
    case 'falls':
    case 'fails':
      return reason === undefined ? 'needed' : 'stale';
    case 'errno':
      return reason === undefined ? 'errno' : 'explained';
    case 'idle':
    case 'unneeded':
      return reason === undefined ? 'unexplained' : 'explained';
    case 'undecided':
      return 'undecided';
  }
}

/** The claims that fall with nothing that was switched off: none of the guards and references alone protects them. */
export function unprotected({ kept, tested }: TestedProposal): string[] {
  const fallen = new Set(
    tested.flatMap(({ outcome }) => (outcome.kind === 'falls' ? outcome.fallen : [])).map((f) => f.property),
  );
  return kept.filter((claim) => !fallen.has(claim));
}

/** Whether nothing is left to explain, or explained and needed all the same. */
export function isAccountedFor({ proposals }: GuardsReport): boolean {
  return proposals.every(({ tested }) =>
    tested.every((one) => !['unexplained', 'stale'].includes(standingOf(one))),
  );
}
