/** An expansion that remembers what calls do ({@link Recall}), once it has gone on for long enough to make that worth while. */
import type { RowMemory } from '../state/index.js';
import {
  compileExpansion,
  loadingSource,
  type Counting,
  type Expansion,
  type StepObserver,
} from './compile.js';
import type { Operation } from './operation.js';
import { Recall, type TracedMachine } from './recall.js';

/** For searches that look at states in the order in which they are reached, and at all that a call leads to. */
export interface RememberingExpansion extends Expansion {
  /** For each successor written last: the number of the call that leads to it, counted from 1; 0 where that is not known. */
  readonly calls: Uint16Array;
  /**
   * As {@link Expansion.expand}, for a state that was first reached by the call with this number (0 if that is not known) from a state
   * that was expanded by the same rules: without some of the successors of which it is known that another state was expanded to them
   * before, or that they are the state itself, or come of another call, too.
   */
  readonly expandReachedBy: (call: number, rows: Int32Array, offset: number, out: Int32Array) => number;
  /** How many successors were left out of those written last. */
  readonly leftOut: () => number;
}

/** As {@link RememberingExpansion.expandReachedBy}, or without leaving anything out. */
type Expand = (isAll: boolean, call: number, rows: Int32Array, offset: number, out: Int32Array) => number;

/** Rows expanded before anything is remembered: a search that ends sooner is not kept waiting for a second machine. */
const WARM_UP = 1 << 8;

/**
 * @param trace makes a machine of the same rules over a traced memory
 * @param seen what calls were seen to read and write, if several threads are to know it ({@link Commuting})
 */
export function compileRememberingExpansion<S>(
  operations: readonly Operation<S>[],
  memory: RowMemory,
  state: S,
  observers: readonly (StepObserver | undefined)[],
  counting: Counting,
  trace: () => TracedMachine<S>,
  only?: readonly number[],
  seen?: Int32Array,
): RememberingExpansion {
  const plain = compileExpansion(operations, memory, state, observers, counting, only);
  let recall: Recall<S> | undefined;
  let rows = 0;
  let leftOut = 0;
  // An operation whose steps somebody wants to see is not remembered.
  const calls = new Uint16Array(plain.maxSuccessors + 1);
  const start = (): Expand => {
    const expanded = new Set(plain.expanders.map(({ operation }) => operation));
    const isRemembered = (i: number): boolean => expanded.has(i) && observers[i] === undefined;
    recall = new Recall(trace(), plain.counts, counting, isRemembered, seen);
    return recalling(memory, plain.expanders, recall, calls);
  };
  let expandRow: Expand = (_isAll, _call, from, offset, out) => plain.expand(from, offset, out);
  const expand: Expand = (isAll, call, from, offset, out) => {
    if (rows++ === WARM_UP) expandRow = start();
    const n = expandRow(isAll, call, from, offset, out);
    leftOut = recall?.takeLeftOut() ?? 0;
    recall?.rowDone();
    return n;
  };
  return {
    ...{ maxSuccessors: plain.maxSuccessors, calls },
    expand: (from, offset, out) => expand(true, 0, from, offset, out),
    expandReachedBy: (call, from, offset, out) => expand(false, call, from, offset, out),
    leftOut: () => leftOut,
    get counts() {
      recall?.count();
      return plain.counts;
    },
  };
}

/** The same for what is not to be remembered. */
export function withoutMemory(plain: Expansion): RememberingExpansion {
  const { maxSuccessors, expand, counts } = plain;
  const calls = new Uint16Array(maxSuccessors + 1);
  const expandReachedBy: RememberingExpansion['expandReachedBy'] = (_, rows, offset, out) =>
    expand(rows, offset, out);
  return { maxSuccessors, expand, counts, calls, expandReachedBy, leftOut: () => 0 };
}

/** Calls of operations that are remembered are written together, up to one that is not. */
function recalling<S>(
  { memory, words }: RowMemory,
  expanders: ReturnType<typeof compileExpansion>['expanders'],
  recall: Recall<S>,
  calls: Uint16Array,
): Expand {
  const steps = expanders.map(
    ({ operation: i }) => `if (isDirect[${i}] === 1) {
        if (from < first[${i}]) n = recall.write(rows, offset, out, n, from, first[${i}], known, calls);
        const before = n;
        n = x${i}(rows, offset, out, n);
        for (let k = before / ${words}; k < n / ${words}; k++) calls[k] = 0;
        from = first[${i + 1}];
      }`,
  );
  return new Function(
    'M',
    'recall',
    'calls',
    ...expanders.map(({ operation }) => `x${operation}`),
    `const { isDirect, first } = recall;
    return function expand(isAll, call, rows, offset, out) {
      ${loadingSource(words)}
      recall.mark(rows, offset, isAll);
      const known = recall.known(call);
      let n = 0, from = 0;
      ${steps.join('\n')}
      n = recall.write(rows, offset, out, n, from, first[first.length - 1], known, calls);
      return n / ${words};
    }`,
  )(memory, recall, calls, ...expanders.map(({ expand }) => expand)) as Expand;
}
