/**
 * Depth first from many states, with a table of bits for those that were met: what {@link BitstateSearch} does where the states
 * themselves have no room any more. The order in which calls are followed is drawn anew in each state.
 */
import type { CallCounts, Counting, Expansion, Machine } from '../model/machine/index.js';
import type { BitTable } from './bit-table.js';
import { callBetween, type FoundCall } from './calls.js';
import { faultBehind } from './fault-finding.js';
import { ImpureModelFault } from './faults.js';
import { createPrng } from './prng.js';
import type { Broken, Property } from './property.js';
import { shortened } from './shortcuts.js';
import { Recorder, type Trace } from './trace.js';
import { PropertyWatch } from './watch.js';

export interface DeepSearchOptions<S> {
  readonly machine: Machine<S>;
  readonly properties: readonly Property<S>[];
  readonly table: BitTable;
  /** Rows from which it begins, one after the other; they are in the table already. */
  readonly roots: Roots;
  /** Calls behind a root in the longest sequence looked at. */
  readonly depth: number;
  /** For the states that wait, and those on the way from the root. */
  readonly maxBytes: number;
  readonly seed: number;
  readonly counting: Counting;
}

export interface Roots {
  readonly rows: Int32Array;
  /** Where the first root stands among the rows, and how many there are. */
  readonly first: number;
  readonly count: number;
  /** With which of them to begin; behind the last one comes the first one. */
  readonly begin: number;
  /** The calls that lead to a row. */
  traceTo(row: number): readonly FoundCall[];
}

interface Breach {
  readonly path: Path;
  readonly broken: Broken | undefined;
  readonly call: Omit<FoundCall, 'code'> | undefined;
}

/** The states between a root and the one that is looked at, both included. */
interface Path {
  /** Number of the root's row. */
  readonly root: number;
  readonly rows: Int32Array;
}

/** Rows of the stack before it grows for the first time. */
const FIRST_ROOM = 1 << 10;

export class DeepSearch<S> {
  readonly watch: PropertyWatch<S>;
  readonly properties: readonly Property<S>[];
  private readonly breaches: (Breach | undefined)[];
  /** States that were looked at and were not known before, the roots not among them. */
  states = 0;
  transitions = 0;
  /** Calls behind its root of the deepest state looked at. */
  deepest = 0;
  /** How often a state was looked at, and no calls were made from it: too deep, or no room. It may have been met elsewhere. */
  cut = 0;
  private readonly expansion: Expansion;
  private readonly successors: Int32Array;
  private readonly checkState: () => void;
  private readonly random = createPrng();
  /** Rows that wait, the next one last, and how deep each of them lies. */
  private stack: Int32Array;
  private depths: Int32Array;
  private waiting = 0;
  private readonly mostWaiting: number;
  private rootsBegun = 0;
  /** Rows from the root to the one that is looked at. */
  private path: Int32Array;
  private pathLength = 0;
  private root = 0;

  constructor(private readonly options: DeepSearchOptions<S>) {
    const { machine, properties, counting, seed } = options;
    this.properties = properties;
    this.breaches = properties.map(() => undefined);
    this.watch = new PropertyWatch(machine, properties, (property, broken, call) => {
      this.breaches[property] = { path: this.shortPath(), broken, call };
    });
    this.expansion = machine.expansion(this.watch.observers, counting);
    this.checkState = this.watch.stateCheck(machine.before);
    this.successors = new Int32Array((this.expansion.maxSuccessors + 1) * machine.words);
    this.stack = new Int32Array(FIRST_ROOM * machine.words);
    this.depths = new Int32Array(FIRST_ROOM);
    this.path = new Int32Array(FIRST_ROOM * machine.words);
    // A row that waits, how deep it lies, and a row on the way from the root.
    this.mostWaiting = Math.max(FIRST_ROOM, Math.floor(options.maxBytes / (4 * (2 * machine.words + 1))));
    this.random.seed(seed);
  }

  counts(): CallCounts {
    return this.expansion.counts;
  }

  /** Names of the properties that it found broken. */
  violated(): string[] {
    return this.properties.filter((p, k) => p.kind !== 'witness' && this.breaches[k]).map((p) => p.name);
  }

  /** How a property was broken, or a witness reached (then there is no clause); undefined if it was not. */
  breachOf(property: number): { readonly trace: Trace; readonly broken: Broken | undefined } | undefined {
    const breach = this.breaches[property];
    return breach && { trace: this.traceOf(breach.path, breach.call), broken: breach.broken };
  }

  /** States that wait: on the stack, and roots from which it has not begun. */
  get left(): number {
    return this.waiting + this.options.roots.count - this.rootsBegun;
  }

  bytes(): number {
    return this.stack.byteLength + this.depths.byteLength + this.path.byteLength;
  }

  /** Makes all calls from so many more states; false if none is left. */
  advance(portion: number): boolean {
    try {
      for (let i = 0; i < portion; i++) {
        if (this.waiting === 0 && !this.beginRoot()) return false;
        this.expandNext();
      }
    } catch (error) {
      this.diagnose(error);
    }
    return this.left > 0;
  }

  private beginRoot(): boolean {
    const { first, count, begin, rows } = this.options.roots;
    if (this.rootsBegun === count) return false;
    this.root = first + ((begin + this.rootsBegun++) % count);
    this.push(rows, this.root * this.options.machine.words, 0);
    return true;
  }

  private expandNext(): void {
    const { expansion, successors, stack } = this;
    const { words } = this.options.machine;
    const at = --this.waiting;
    const depth = this.depths[at]!;
    this.enter(stack, at * words, depth);
    const n = expansion.expand(stack, at * words, successors);
    this.transitions += n;
    this.checkState();
    if (n === 0) return;
    const turned = this.random.next(Math.min(n, 0x10000));
    const isLast = depth + 1 >= this.options.depth;
    for (let i = 0; i < n; i++) {
      const offset = ((i + turned) % n) * words;
      if (isLast || this.waiting === this.mostWaiting) this.lookAt(offset, depth + 1);
      else if (this.options.table.add(successors, offset)) {
        this.states++;
        this.push(successors, offset, depth + 1);
      }
    }
  }

  /** Looks at a successor that is not gone on from. It is not noted, so that this is done where it is met elsewhere. */
  private lookAt(offset: number, depth: number): void {
    const { successors } = this;
    const { machine, table } = this.options;
    if (table.has(successors, offset)) return;
    this.cut++;
    this.enter(successors, offset, depth);
    machine.load(successors, offset);
    machine.remember();
    this.checkState();
  }

  private push(from: Int32Array, offset: number, depth: number): void {
    const { words } = this.options.machine;
    if (this.waiting === this.depths.length) {
      const room = Math.min(2 * this.waiting, this.mostWaiting);
      this.stack = grown(this.stack, room * words);
      this.depths = grown(this.depths, room);
    }
    for (let i = 0; i < words; i++) this.stack[this.waiting * words + i] = from[offset + i]!;
    this.depths[this.waiting++] = depth;
  }

  private enter(from: Int32Array, offset: number, depth: number): void {
    const { words } = this.options.machine;
    if ((depth + 1) * words > this.path.length) this.path = grown(this.path, 2 * this.path.length);
    for (let i = 0; i < words; i++) this.path[depth * words + i] = from[offset + i]!;
    this.pathLength = depth + 1;
    if (depth > this.deepest) this.deepest = depth;
  }

  /** The path so far with what is roundabout left out, found while the machine is in the middle of something. */
  private shortPath(): Path {
    const { machine } = this.options;
    const { memory } = machine.memory;
    const rows = memory.slice();
    const { root, rows: path } = this.pathSoFar();
    const shorter = shortened(machine, path);
    memory.set(rows);
    return { root, rows: shorter };
  }

  private pathSoFar(): Path {
    return { root: this.root, rows: this.path.slice(0, this.pathLength * this.options.machine.words) };
  }

  /** The calls of a path, with one more behind them if it is given. */
  private traceOf({ root, rows }: Path, last?: Omit<FoundCall, 'code'>): Trace {
    const { machine, roots } = this.options;
    const { words } = machine;
    const recorder = new Recorder(machine);
    for (const { operation, args, code } of roots.traceTo(root)) recorder.add(operation, args, code);
    for (let at = words; at < rows.length; at += words) {
      const call = callBetween(machine, rows.subarray(at - words, at), rows.subarray(at, at + words));
      if (!call) throw new ImpureModelFault(machine.name, 'unknown', recorder.trace);
      recorder.add(call.operation, call.args, call.code);
    }
    if (last) recorder.add(last.operation, last.args, 0);
    return recorder.trace;
  }

  private diagnose(error: unknown): never {
    const { machine, properties } = this.options;
    const path = this.pathSoFar();
    const row = path.rows.slice(-machine.words);
    const traceTo = (last?: Omit<FoundCall, 'code'>): Trace => this.traceOf(path, last);
    throw faultBehind(machine, properties, row, traceTo, error);
  }
}

function grown(array: Int32Array, length: number): Int32Array {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}
