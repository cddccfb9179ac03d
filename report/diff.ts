/** What telling two designs apart came to, before it is written in any format. */
import type { Sides } from '../checker/alignment.js';
import type { Distinction } from '../checker/distinction.js';
import type { DistinguishStatistics } from '../checker/distinguish.js';
import type { OnlyThere } from '../checker/interface.js';
import type { Playback } from '../checker/playback.js';
import type { StopReason } from '../checker/verdict.js';

export interface DiffReport {
  /** Of Holdfast. */
  readonly version: string;
  readonly designs: Sides<ComparedDesign>;
  /** How many of each object both models had. */
  readonly bounds: Readonly<Record<string, number>>;
  /** What only one of them has to be called and told. */
  readonly interface: readonly OnlyThere[];
  /** A shortest sequence for each kind of difference, shortest first. */
  readonly differences: readonly ShownDistinction[];
  /** Every sequence within the bounds was looked at, up to its first difference. */
  readonly closed: boolean;
  readonly stoppedBy?: StopReason;
  readonly statistics: DistinguishStatistics;
  readonly milliseconds: number;
}

export interface ComparedDesign {
  /** Tells it from the other: its name; or its file where both have the same name, or what was switched off. */
  readonly title: string;
  /** As short as may be, to stand above a column. */
  readonly heading: string;
  /** The guards, operations and references that were switched off. */
  readonly without: readonly string[];
}

export interface ShownDistinction extends Omit<Distinction, 'traces'> {
  /** What each side was called. */
  readonly playbacks: Sides<Playback>;
}
