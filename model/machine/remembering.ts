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

/** Rows expanded before anything is remembered: a search that ends sooner is not kept waiting for a second machine. */
const WARM_UP = 1 << 10;

/**
 * @param trace makes a machine of the same rules over a traced memory
 */
export function compileRememberingExpansion<S>(
  operations: readonly Operation<S>[],
  memory: RowMemory,
  state: S,
  observers: readonly (StepObserver | undefined)[],
  counting: Counting,
  trace: () => TracedMachine<S>,
  only?: readonly number[],
): Expansion {
  const plain = compileExpansion(operations, memory, state, observers, counting, only);
  let recall: Recall<S> | undefined;
  let rows = 0;
  // An operation whose steps somebody wants to see is not remembered.
  const start = (): Expansion['expand'] => {
    const expanded = new Set(plain.expanders.map(({ operation }) => operation));
    const isRemembered = (i: number): boolean => expanded.has(i) && observers[i] === undefined;
    recall = new Recall(trace(), plain.counts, counting, isRemembered);
    return recalling(memory, plain.expanders, recall);
  };
  let { expand } = plain;
  return {
    maxSuccessors: plain.maxSuccessors,
    expand(from, offset, out) {
      if (rows++ === WARM_UP) expand = start();
      const n = expand(from, offset, out);
      recall?.rowDone();
      return n;
    },
    get counts() {
      recall?.count();
      return plain.counts;
    },
  };
}

/** Calls of operations that are remembered are written together, up to one that is not. */
function recalling<S>(
  { memory, words }: RowMemory,
  expanders: ReturnType<typeof compileExpansion>['expanders'],
  recall: Recall<S>,
): Expansion['expand'] {
  const steps = expanders.map(
    ({ operation: i }) => `if (isDirect[${i}] === 1) {
        if (from < first[${i}]) n = recall.write(rows, offset, out, n, from, first[${i}]);
        n = x${i}(rows, offset, out, n);
        from = first[${i + 1}];
      }`,
  );
  return new Function(
    'M',
    'recall',
    ...expanders.map(({ operation }) => `x${operation}`),
    `const { isDirect, first } = recall;
    return function expand(rows, offset, out) {
      ${loadingSource(words)}
      recall.mark(rows, offset);
      let n = 0, from = 0;
      ${steps.join('\n')}
      n = recall.write(rows, offset, out, n, from, first[first.length - 1]);
      return n / ${words};
    }`,
  )(memory, recall, ...expanders.map(({ expand }) => expand)) as Expansion['expand'];
}
