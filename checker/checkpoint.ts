/**
 * An exhaustive search as it stands between two portions, in plain data, so that another one can go on from there: the states
 * found, and an account of what was counted and broken on the way.
 */
import type { CallCounts, Expansion, Machine } from '../model/machine/index.js';
import type { FoundCall } from './calls.js';
import type { Broken } from './property.js';
import type { StateStore } from './state-store.js';

/** Where a property was first found broken or, for a witness, reached. */
export interface Breach {
  /** The state it was found in, or from which the breaking call was made. */
  readonly state: number;
  readonly broken: Broken | undefined;
  /** The breaking call; undefined for a property of states. */
  readonly call: Omit<FoundCall, 'code'> | undefined;
}

export interface Checkpoint {
  /** In the order of discovery. */
  readonly rows: Int32Array;
  /** The state each state was first reached from; -1 for the first. */
  readonly parents: Int32Array;
  readonly account: CheckpointAccount;
}

/** What can be written as JSON. */
export interface CheckpointAccount {
  /** The next state to look at, and the first one behind its level. */
  readonly next: number;
  readonly levelEnd: number;
  readonly level: number;
  readonly transitions: number;
  /** States from which all calls were made. */
  readonly expanded: number;
  /** Whether the states of the last level were looked at and not expanded. */
  readonly isDepthReached: boolean;
  readonly counts: CountLists;
  /** For each property, how often it said something. */
  readonly spoke: readonly number[];
  readonly breaches: readonly (Breach | null)[];
}

export interface CountLists {
  readonly done: readonly number[];
  readonly refused: readonly (readonly number[])[];
  readonly late: readonly (readonly number[])[];
  readonly impossible: readonly (readonly number[])[];
}

/** A checkpoint that a search cannot go on from. */
export class CheckpointError extends Error {
  /** @param obstacle it comes from other rules, or the tables it needs are larger than the limit */
  constructor(readonly obstacle: 'other rules' | 'memory') {
    super(
      obstacle === 'memory'
        ? 'the states of the checkpoint need more memory than the search may use'
        : 'the states of the checkpoint do not follow from each other by the rules',
    );
    this.name = 'CheckpointError';
  }
}

export function countLists({ done, refused, late, impossible }: CallCounts): CountLists {
  const lists = (counts: readonly Float64Array[]): number[][] => counts.map((one) => [...one]);
  return { done: [...done], refused: lists(refused), late: lists(late), impossible: lists(impossible) };
}

/** Sets the counts of an expansion that has not counted anything. */
export function setCounts(counts: CallCounts, { done, refused, late, impossible }: CountLists): void {
  counts.done.set(done);
  refused.forEach((list, i) => counts.refused[i]!.set(list));
  late.forEach((list, i) => counts.late[i]!.set(list));
  impossible.forEach((list, i) => counts.impossible[i]!.set(list));
}

/**
 * Enters the states of a checkpoint into an empty store, in their order.
 *
 * @param batch states that can be offered before a resolve
 */
export function enterStates(
  store: StateStore,
  { rows, parents }: Checkpoint,
  words: number,
  batch: number,
): void {
  for (let state = 0; state < parents.length;) {
    const end = Math.min(state + batch, parents.length);
    for (; state < end; state++)
      store.offer(rows.subarray(state * words, (state + 1) * words), 1, parents[state]!);
    store.resolve();
    if (store.isFull()) throw new CheckpointError('memory');
    // A row that stands there twice, or up to symmetry, cannot come from a search by these rules.
    if (store.count() !== end) throw new CheckpointError('other rules');
  }
}

/** How many of the states that were expanded are expanded again, at least, to see whether they lead where they led. */
const SAMPLES = 256;

/** Whether what some expanded states lead to by the rules is known. */
export function followsTheRules<S>(
  machine: Machine<S>,
  store: StateStore,
  expanded: number,
  { expand, maxSuccessors }: Expansion,
): boolean {
  const { words } = machine;
  const successors = new Int32Array((maxSuccessors + 1) * words);
  const stride = Math.max(1, Math.floor(expanded / SAMPLES));
  for (let state = 0; state < expanded; state += stride) {
    const n = expand(store.rows(), state * words, successors);
    for (let i = 0; i < n; i++) if (!store.has(successors, i * words)) return false;
  }
  return true;
}
