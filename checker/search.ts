/** A search that can be carried on in portions, so that somebody can look at the clock, or stop it, in between. */
import type { SearchResult, StopReason } from './verdict.js';

export interface Search {
  /** Looks at some more states, or draws some more sequences; false when there is nothing left to do. */
  advance(portion: number): boolean;
  /** Ends the search before its time. */
  stop(reason: StopReason): void;
  progress(): Progress;
  result(): SearchResult;
}

export interface Progress {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** States found and not looked at yet; sequences still to draw. */
  readonly waiting: number;
  readonly runs: number;
  /** Bytes of the search's own tables. */
  readonly bytes: number;
  /** Names of the properties broken so far. */
  readonly violated: readonly string[];
}
