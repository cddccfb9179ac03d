/**
 * A report: everything one run found out, before it is written in any format. Formats only read it; what they print is a
 * function of it and of their options.
 */
import type { Playback } from '../checker/playback.js';
import type { Property } from '../checker/property.js';
import type { Shard } from '../checker/shard.js';
import type { SearchStatistics, StopReason, Verdict } from '../checker/verdict.js';
import type { Bounds } from '../model/kernel/model.js';

export interface Report {
  /** Of Holdfast. */
  readonly version: string;
  /** Given if it is one of several parts, to be merged. */
  readonly part?: ReportPart;
  /** The stored cases, in the order in which they were replayed. */
  readonly cases: readonly CaseOutcome[];
  /** In the order in which tables show them. */
  readonly proposals: readonly CheckedProposal[];
}

/** Which part it is, and what was asked for that must be the same in all parts. */
export interface ReportPart {
  readonly shard: Shard;
  readonly asked: Readonly<Record<string, string | number>>;
}

/** What replaying one stored case came to. */
export interface CaseOutcome {
  readonly file: string;
  readonly title: string;
  /**
   * `changed`: the model does something else than the case says. `faulty`: the case cannot be replayed, because the file
   * cannot be read or names what does not exist.
   */
  readonly status: 'as-expected' | 'changed' | 'faulty';
  /** A sentence that says what is not as expected; empty if all is. */
  readonly message: string;
}

export interface CheckedProposal {
  readonly name: string;
  /** One line. */
  readonly title: string;
  /** How many of each object the model had. */
  readonly bounds: Readonly<Record<string, number>>;
  /** The guards, operations and references that were switched off. */
  readonly without: readonly string[];
  readonly searches: readonly Search[];
  /** One for each property that speaks about the proposal; the others have none. */
  readonly findings: readonly Finding[];
}

/** One pass over a proposal. */
export interface Search {
  readonly statistics: SearchStatistics;
  /** The whole space within the bounds was looked at. */
  readonly closed: boolean;
  /** Why it ended, if it was not closed. */
  readonly stoppedBy?: StopReason;
  readonly milliseconds: number;
  /** Of a random or bitstate search, or one that kept fingerprints. */
  readonly seed?: number;
  /** Which of several it is, if it was shared among machines. */
  readonly shard?: Shard;
}

/** What was found out about one property of one proposal. */
export interface Finding {
  readonly property: string;
  /** The sentence that is formalised. */
  readonly claim: string;
  /** Where it was said. */
  readonly source: string;
  readonly kind: Property<unknown>['kind'];
  readonly verdict: Verdict;
  /** In how many states or steps the property said something. */
  readonly spoke: number;
  /** Why the design is known not to keep the claim; given only if it is. */
  readonly expectedReason?: string;
  /** Given if the verdict is `violated`. */
  readonly counterexample?: ShownCounterexample;
  /** Given if the verdict is `witnessed`. */
  readonly example?: Playback;
  /** How near an exhaustive search came to a witness that was not reached, if that was asked for. */
  readonly nearest?: ShownNearness;
}

/** The state in which most of a witness's conditions are met. */
export interface ShownNearness {
  readonly met: readonly string[];
  readonly missing: readonly string[];
  /** The shortest sequence that leads there. */
  readonly playback: Playback;
}

/** A counterexample in words. */
export interface ShownCounterexample {
  readonly playback: Playback;
  /** What is broken after the last call. */
  readonly clause: string;
  /** The names of the objects it is broken for, by the part they play. */
  readonly objects: Readonly<Record<string, string>>;
  /** A shell command that replays it; empty where there is none. */
  readonly reproduce: string;
  /** By what it is known among stored cases, if it is to be looked for there, and the bounds within which it was found. */
  readonly known?: { readonly fingerprint: string; readonly bounds: Bounds };
  /** The case it is stored as. */
  readonly caseFile?: string;
}
