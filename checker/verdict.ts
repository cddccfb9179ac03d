/** What a check came to. A verdict never says more than was looked at. */
import type { Counting } from '../model/machine/index.js';
import type { BitCoverage } from './bit-table.js';
import type { Trace } from './trace.js';

export type Verdict =
  /** The whole space within the machine's bounds was looked at. */
  | { readonly kind: 'holds' }
  /** Nothing was found as far as was looked; `bound` says how far, in words. */
  | { readonly kind: 'holds-up-to'; readonly bound: string }
  | { readonly kind: 'violated'; readonly counterexample: Counterexample }
  /** The whole space was looked at, and the situation the property speaks about never arose. */
  | { readonly kind: 'vacuous' }
  /** A witness was reached. */
  | { readonly kind: 'witnessed'; readonly example: Trace }
  /** The whole space was looked at, and the witness is not in it. */
  | { readonly kind: 'witness-missing' }
  /** Stopped before anything could be said; `why` says by what. */
  | { readonly kind: 'undecided'; readonly why: string };

export type VerdictKind = Verdict['kind'];

/** A sequence of calls whose last one (or the state after it) breaks a clause. */
export interface Counterexample {
  readonly trace: Trace;
  readonly clause: string;
  /** Object numbers at the end of the trace, by the part they play in the clause. */
  readonly objects: Readonly<Record<string, number>>;
}

/** The sequence that breaks the property, or reaches the witness; undefined if none was found. */
export function traceBehind(verdict: Verdict): Trace | undefined {
  if (verdict.kind === 'violated') return verdict.counterexample.trace;
  return verdict.kind === 'witnessed' ? verdict.example : undefined;
}

/** What was found out about one property. */
export interface PropertyResult {
  readonly property: string;
  readonly verdict: Verdict;
  /** In how many states or steps the property said something; of a witness, in how many states it was there. */
  readonly spoke: number;
}

/** Why a search ended before the space was closed. */
export type StopReason =
  | 'depth'
  | 'states'
  | 'time'
  | 'memory'
  | 'runs'
  | 'interrupted'
  /** All that was met was looked at, but of some states only bits were remembered: one may have been taken for another. */
  | 'bits'
  /** All that was met was looked at, but states that share a fingerprint were taken for one. */
  | 'fingerprints';

/** How often an operation was called, and what came of it. A random search counts the calls of its sequences. */
export interface OperationStatistics {
  readonly operation: string;
  readonly done: number;
  /** By the name of the guard. */
  readonly refused: Readonly<Record<string, number>>;
  /** Refused after the effect had begun, by errno; what never was is left out. */
  readonly refusedLate: Readonly<Record<string, number>>;
  /** Calls that were not tried because the model has no room for what they make, by the name of the bound. */
  readonly keptBack: Readonly<Record<string, number>>;
}

/** How near a search came to a witness that it did not reach: a state in which most of the conditions are met. */
export interface Nearness {
  readonly met: readonly string[];
  readonly missing: readonly string[];
  /** The shortest sequence that leads there. */
  readonly trace: Trace;
}

export type SearchMethod = 'exhaustive' | 'random' | 'bitstate';

/** What a bitstate search remembered, and what it may have left out. */
export interface Coverage extends BitCoverage {
  /** States of the first part, which were kept whole. */
  readonly exactStates: number;
  /** How often a state was met too deep to make calls from it. */
  readonly cut: number;
}

/** What an exhaustive search kept of states in the place of their rows. */
export interface Fingerprints {
  /** Of one fingerprint. */
  readonly bits: number;
  /** The odds, at most, that two of the states share one, and one of them was left out. */
  readonly oddsOfSharing: number;
}

export interface SearchStatistics {
  readonly method: SearchMethod;
  /** Distinct states; for a random search, 0. */
  readonly states: number;
  /** Of all states that differ by swaps of interchangeable things one was looked at; all counts are of these. */
  readonly upToSymmetry?: boolean;
  /** Calls that did something. */
  readonly transitions: number;
  /** Calls that were refused. */
  readonly refusals: number;
  /** Calls of the longest shortest path, or of the longest run. */
  readonly depth: number;
  /** Random sequences. */
  readonly runs: number;
  /** Bytes of the search's own tables. */
  readonly bytes: number;
  /** Whether the counts of the operations lack refusals that a full table hid. */
  readonly counting: Counting;
  readonly operations: readonly OperationStatistics[];
  /** Of a bitstate search that did not close the space in its first part. */
  readonly coverage?: Coverage;
  /** Of an exhaustive search that kept fingerprints. */
  readonly fingerprints?: Fingerprints;
  /** The machine's own bounds that kept a call from being tried. */
  readonly boundsMet: readonly string[];
}

/** What a search found out about a machine. */
export interface SearchResult {
  readonly closed: boolean;
  readonly stoppedBy?: StopReason;
  readonly results: readonly PropertyResult[];
  readonly statistics: SearchStatistics;
}
