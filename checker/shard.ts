/** One of several searches of the same thing, each run on a machine of its own. */
export interface Shard {
  /** Counted from 1. */
  readonly index: number;
  readonly of: number;
}

/** The only one. */
export const FIRST_SHARD: Shard = { index: 1, of: 1 };
