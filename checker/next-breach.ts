/** The nearest breach from where a trace has led: which calls, made next, break a property that the trace has not broken. */
import type { Machine } from '../model/machine/index.js';
import { ExhaustiveSearch, type ExhaustiveLimits } from './exhaustive.js';
import type { Property } from './property.js';
import type { Progress } from './search.js';
import type { Trace, TraceCall } from './trace.js';
import { traceBehind, type PropertyResult, type StopReason } from './verdict.js';

export type NextBreach =
  /** These calls, and no fewer, break the property (or reach the witness); none, if a witness is there already. */
  | { readonly kind: 'found'; readonly property: string; readonly calls: readonly TraceCall[] }
  /** The whole space behind the trace was looked at. */
  | { readonly kind: 'none' }
  /** Nothing within so many calls; then the search was stopped, with so many states found. */
  | {
      readonly kind: 'not-found';
      readonly depth: number;
      readonly states: number;
      readonly stoppedBy: StopReason;
    };

/** A search that is carried on in portions, like any other. */
export class NextBreachSearch<S> {
  private readonly search: ExhaustiveSearch<S>;
  private found: { readonly property: string; readonly calls: readonly TraceCall[] } | undefined;

  /** The properties must not have been broken by the trace. */
  constructor(
    machine: Machine<S>,
    private readonly properties: readonly Property<S>[],
    private readonly trace: Trace,
    limits: Omit<ExhaustiveLimits, 'after'> = {},
  ) {
    this.search = new ExhaustiveSearch(machine, properties, { ...limits, after: trace });
  }

  /** Looks at some more states; false when it is known what comes next, or nothing is left to look at. */
  advance(portion: number): boolean {
    const isLeft = this.search.advance(portion);
    this.found = this.nearest();
    // A breach of a state is seen when the search comes to the state, one of a call when it is made: one level earlier.
    const isShortest = this.found !== undefined && this.search.progress().depth >= this.found.calls.length;
    return isLeft && !isShortest;
  }

  stop(reason: StopReason): void {
    this.search.stop(reason);
  }

  progress(): Progress {
    return this.search.progress();
  }

  result(): NextBreach {
    const { results, closed, stoppedBy } = this.search.result();
    const found = this.found ?? this.fewest(results);
    if (found) return { kind: 'found', ...found };
    if (closed) return { kind: 'none' };
    const { depth, states } = this.search.progress();
    // Of the level it was in, not all states were looked at.
    return {
      kind: 'not-found',
      depth: Math.max(0, depth - 1),
      states,
      stoppedBy: stoppedBy ?? 'interrupted',
    };
  }

  private nearest(): typeof this.found {
    const isWitness = this.properties.some(({ kind }) => kind === 'witness');
    if (!isWitness && this.search.progress().violated.length === 0) return undefined;
    return this.fewest(this.search.result().results);
  }

  private fewest(results: readonly PropertyResult[]): typeof this.found {
    const found = results.flatMap((result) => {
      const trace = traceBehind(result.verdict);
      return trace ? [{ property: result.property, calls: trace.slice(this.trace.length) }] : [];
    });
    const fewest = Math.min(...found.map(({ calls }) => calls.length));
    return found.find(({ calls }) => calls.length === fewest);
  }
}
