/**
 * Looks at states: makes all calls from each, asks the properties about it and about the calls, and makes sure now and then that the
 * rules are functions of the state, and treat alike what is said to be interchangeable.
 */
import type {
  CallCounts,
  Counting,
  Expansion,
  Machine,
  RememberingExpansion,
  StepObserver,
} from '../model/machine/index.js';
import { argumentLists } from './calls.js';
import type { Asymmetry } from './faults.js';
import type { Orbits } from './orbits.js';
import type { Property } from './property.js';
import { PropertyWatch, type BreachListener } from './watch.js';

/** The first expansions, and then one in so many, are made twice, to notice an impure model. */
const PURITY_FIRST = 1 << 6;
const PURITY_SAMPLE = 1 << 12;

/** In the first states, and then in one of so many, it is asked whether swaps change anything. */
const SYMMETRY_FIRST = 1 << 4;
const SYMMETRY_SAMPLE = 1 << 10;

/** Thrown when an operation gave two results for one call in one state. */
export class Impurity extends Error {
  constructor(readonly operation: string) {
    super(`the operation '${operation}' gave two results`);
  }
}

/** Thrown when something tells things apart that are said to be interchangeable. */
export class ToldApart extends Error {
  constructor(readonly by: Asymmetry) {
    super(`'${by.name}' tells apart what is interchangeable`);
  }
}

/** To be called where a row has no canonical form. */
export function noCanonicalForm(): never {
  throw new ToldApart({ kind: 'free-place', name: '' });
}

export class Expander<S> {
  readonly watch: PropertyWatch<S>;
  /** Successors of the state expanded last, one after the other. Overwritten by the next one. */
  readonly successors: Int32Array;
  /** For each of them the number of its call; 0 where that is not known. */
  readonly calls: Uint16Array;
  /** At most so many come from one state. */
  readonly maxSuccessors: number;
  private readonly expansion: RememberingExpansion;
  private readonly checkState: () => void;
  /** For making an expansion a second time, unwatched. */
  private second: { readonly expansion: Expansion; readonly successors: Int32Array } | undefined;

  /**
   * @param orbits what is interchangeable; undefined where all states are looked at
   * @param seen what all threads of a search share about calls, as {@link Machine.rememberingExpansion} has it
   */
  constructor(
    private readonly machine: Machine<S>,
    properties: readonly Property<S>[],
    private readonly orbits: Orbits | undefined,
    private readonly counting: Counting,
    listener: BreachListener,
    seen?: Int32Array,
  ) {
    this.watch = new PropertyWatch(machine, properties, listener);
    this.expansion = machine.rememberingExpansion(this.watch.observers, counting, undefined, seen);
    // The row being looked at stays in `before` when it has been expanded.
    this.checkState = this.watch.stateCheck(machine.before);
    this.calls = this.expansion.calls;
    this.maxSuccessors = this.expansion.maxSuccessors;
    this.successors = new Int32Array((this.maxSuccessors + 1) * machine.words);
  }

  /** How often each operation was done and refused so far. */
  get counts(): CallCounts {
    return this.expansion.counts;
  }

  /**
   * Makes all calls from the state whose row is at `offset`, and returns how many {@link successors} were written down. Those are
   * {@link leftOut} of which it is known that they were reached before, by the call by which the state was first reached, or that they
   * are the state itself, or come of another call, too.
   */
  expand(rows: Int32Array, offset: number, state: number, call: number): number {
    const isTwice = state < PURITY_FIRST || state % PURITY_SAMPLE === 0;
    const n = isTwice
      ? this.expansion.expand(rows, offset, this.successors)
      : this.expansion.expandReachedBy(call, rows, offset, this.successors);
    this.checkState();
    if (isTwice) this.checkPurity(rows, offset, n);
    if (this.orbits && (state < SYMMETRY_FIRST || state % SYMMETRY_SAMPLE === 0)) {
      const asymmetry = this.orbits.asymmetryIn(rows.slice(offset, offset + this.machine.words), state);
      if (asymmetry) throw new ToldApart(asymmetry);
    }
    return n;
  }

  /** How many successors of the state expanded last were left out. */
  leftOut(): number {
    return this.expansion.leftOut();
  }

  /** Takes the calls from the states from `first` to before `end` back from the counts. */
  uncount(rows: Int32Array, first: number, end: number): void {
    this.addCounts(-1, rows, first, end);
  }

  /** Makes the counts those of the calls from the first `end` states. */
  countAnew(rows: Int32Array, end: number): void {
    for (const counts of countsIn(this.counts)) counts.fill(0);
    this.addCounts(1, rows, 0, end);
  }

  private addCounts(times: 1 | -1, rows: Int32Array, first: number, end: number): void {
    const { machine, watch, counting, successors } = this;
    const { expand, counts } = machine.expansion(watch.observers.map(muted), counting);
    for (let state = first; state < end; state++) expand(rows, state * machine.words, successors);
    const counted = countsIn(counts);
    countsIn(this.counts).forEach((list, i) => {
      for (let j = 0; j < list.length; j++) list[j]! += times * counted[i]![j]!;
    });
  }

  /** Asks the properties about a state from which no calls are to be made. */
  lookAt(rows: Int32Array, offset: number): void {
    this.machine.load(rows, offset);
    this.machine.remember();
    this.checkState();
  }

  private checkPurity(rows: Int32Array, offset: number, n: number): void {
    const { machine } = this;
    this.second ??= { expansion: machine.expansion([]), successors: new Int32Array(this.successors.length) };
    const { expansion, successors: again } = this.second;
    const count = expansion.expand(rows, offset, again);
    const { words } = machine;
    const { memory } = machine.memory;
    let same = count === n;
    for (let i = 0; same && i < n * words; i++) same = again[i] === this.successors[i];
    for (let i = 0; same && i < words; i++) same = memory[i] === rows[offset + i];
    if (!same) throw new Impurity(this.impureOperation(rows, offset));
  }

  /** Which operation gives two results for one call in the state at `offset`. */
  private impureOperation(rows: Int32Array, offset: number): string {
    const { machine } = this;
    const first = new Int32Array(machine.words);
    const second = new Int32Array(machine.words);
    for (let operation = 0; operation < machine.operations.length; operation++) {
      for (const args of argumentLists(machine, operation)) {
        machine.load(rows, offset);
        const code = machine.call(operation, args);
        machine.save(first, 0);
        machine.load(rows, offset);
        const codeAgain = machine.call(operation, args);
        machine.save(second, 0);
        if (code !== codeAgain || !first.every((word, i) => word === second[i]))
          return machine.operations[operation]!.name;
      }
    }
    return 'unknown';
  }
}

/** All arrays of counts, in an order that is the same for all expansions of a machine. */
export function countsIn({ done, refused, late, impossible }: CallCounts): readonly Float64Array[] {
  return [done, ...refused, ...late, ...impossible];
}

/** An observer for whom the same is counted, and who sees nothing. */
function muted(observer: StepObserver | undefined): StepObserver | undefined {
  return observer && { ...observer, see: () => undefined };
}
