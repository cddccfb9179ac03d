/** What can be asked of the check of a proposal, and how far it says it is. */
import type { Progress, SearchMethod, Shard } from '../checker/index.js';
import type { Bounds } from '../model/kernel/model.js';
import type { CheckpointOptions } from './checkpoint-keeper.js';

/**
 * Random sequences that are usual; fewer where all states within the bounds were looked at, and they can only meet what lies beyond; and
 * where a proposal's space is too large to be closed, and each takes longer.
 */
export const RUNS = 20_000;
export const RUNS_WHERE_CLOSED = 2000;
export const RUNS_WHERE_LARGE = 4000;

/** What can be asked of a check; all of it can be sent to a worker. */
export interface CheckOptions {
  readonly methods: readonly SearchMethod[];
  /** Of random and bitstate searches, and of fingerprints. */
  readonly seed: number;
  /** Which part of such searches it is, if they are shared among machines. */
  readonly shard?: Shard;
  /** How random sequences are drawn. */
  readonly draw: Draw;
  /** Random sequences; as many as are usual for the proposal, and after what was searched before, if undefined. */
  readonly runs: number | undefined;
  /** Calls of the longest random sequence. */
  readonly length: number;
  readonly bounds: Partial<Bounds>;
  readonly depth: number | undefined;
  /** Seconds for each proposal. */
  readonly time: number | undefined;
  readonly maxStates: number | undefined;
  /** Bytes of the search's tables, for each proposal. */
  readonly maxBytes: number;
  /** What an exhaustive search keeps of the states it has looked at. */
  readonly store: Store;
  readonly without: readonly string[];
  /** How many threads an exhaustive search may take; one if it is not given. */
  readonly threads?: number;
  /** Whether every refusal is counted, and how near an exhaustive search came to the witnesses it did not reach. */
  readonly statistics?: boolean;
  /** Whether an exhaustive search looks at one of all states that differ by swaps of interchangeable things; see `isKnownSymmetric`. */
  readonly symmetry?: boolean;
  /** Where an exhaustive search keeps how far it is, and goes on from. */
  readonly checkpoint?: CheckpointOptions;
  /** The user's files that were named as proposals, and as properties. */
  readonly proposalFiles: readonly string[];
  readonly propertyFiles: readonly string[];
}

/**
 * How random sequences are drawn: from all operations, half of them without some operations, or so and towards what was seldom met.
 */
export const DRAWS = ['targeted', 'swarm', 'plain'] as const;

export type Draw = (typeof DRAWS)[number];

/** What is kept of a state: all of it, or 64 bits. */
export const STORES = ['rows', 'fingerprints'] as const;

export type Store = (typeof STORES)[number];

/** How far one of its searches is. */
export interface CheckProgress {
  readonly method: SearchMethod;
  readonly progress: Progress;
}
