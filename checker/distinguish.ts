/**
 * Telling two machines apart: both are searched at once, breadth first, over all calls that can be made on both. The search
 * does not go on behind a difference, so that each sequence it comes back with has none before its last call, and is a
 * shortest one of its kind. It reads as any other: the first process to act is A, because A's calls are tried first.
 */
import type { Errno, Machine, OutcomeCode } from '../model/machine/index.js';
import { NONE } from '../model/state/index.js';
import { align, type Alignment, type SameOperations, type Sides } from './alignment.js';
import type { Aspect, Contrast } from './comparison.js';
import {
  JointScript,
  kept,
  refusalsOf,
  type ContrastFound,
  type Distinction,
  type KeptCall,
} from './distinction.js';
import { ImpureModelFault, ModelFault } from './faults.js';
import {
  JointMachine,
  type CallDifference,
  type Contrasting,
  type JointCall,
  type JointListener,
} from './joint-machine.js';
import type { Progress } from './search.js';
import { createStateStore, type StateStore } from './state-store.js';
import type { StopReason } from './verdict.js';

export interface DistinguishOptions<S> {
  /** Operations that are the same although nothing says so. */
  readonly same?: readonly SameOperations[];
  /** Errors that say that a table is full: a call that is refused with one is not compared, and the bound is noted. */
  readonly fullErrnos?: readonly Errno[];
  /** What is compared behind each call, besides what is seen and which objects are alive. */
  readonly aspects?: readonly Aspect<S>[];
  /** Calls of the longest sequence looked at. */
  readonly depth?: number;
  readonly maxStates?: number;
  /** Bytes of the search's own tables. */
  readonly maxBytes?: number;
}

export interface DistinguishResult {
  /** A shortest sequence for each kind of difference, shortest first. */
  readonly distinctions: readonly Distinction[];
  /** Every sequence within the machines' bounds was looked at, up to its first difference. */
  readonly closed: boolean;
  readonly stoppedBy?: StopReason;
  readonly statistics: DistinguishStatistics;
}

export interface DistinguishStatistics {
  /** Distinct joint states. */
  readonly states: number;
  /** Joint calls made, refused ones too. */
  readonly calls: number;
  /** All sequences of so many calls were looked at. */
  readonly depth: number;
  readonly bytes: number;
  /** The machines' own bounds that kept a call from being made. */
  readonly boundsMet: readonly string[];
}

/** Joint states expanded before their successors are looked up. */
const BATCH = 32;

const SAME: Contrasting = { contrast: 'same', objects: undefined };

const HOW = ['outcome', 'errno', 'possible', 'object'] as const;
const CONTRASTS = ['same', 'other', 'only-first', 'only-second'] as const;

/** A difference as it was met: from which state, and by which call. */
interface Met {
  readonly state: number;
  /** Undefined for the first state itself. */
  readonly call: KeptCall | undefined;
  readonly how: CallDifference | 'contrast';
  /** How everything contrasts behind the call, as in {@link JointMachine.compared}; empty where the call itself differs. */
  readonly contrasts: readonly Contrasting[];
}

export class DistinguishSearch<S> {
  readonly alignment: Alignment;
  private readonly joint: JointMachine<S>;
  private readonly listener: JointListener;
  private readonly store: StateStore;
  private readonly successors: Int32Array;
  private reached = 0;
  /** One for each kind of difference, in the order in which they were met. */
  private readonly met: Met[] = [];
  /** For each thing compared, the first one of its group: an observation with other arguments makes no other kind. */
  private readonly groups: readonly number[];
  /** The kinds met so far. */
  private readonly known = new Set<number>();
  /** The next state to expand, and the first one behind its level. */
  private next = 0;
  private levelEnd = 1;
  private level = 0;
  private stoppedBy: StopReason | undefined;

  /** The machines must not share their memory. Throws an UnknownOperationError for a pair of operations that there is not. */
  constructor(
    private readonly machines: Sides<Machine<S>>,
    private readonly options: DistinguishOptions<S> = {},
  ) {
    this.alignment = align(machines, options.same);
    this.joint = new JointMachine(machines, this.alignment, options.aspects ?? [], options.fullErrnos ?? []);
    this.listener = {
      moved: () => {
        this.joint.save(this.successors, this.reached++ * this.joint.words);
      },
      differs: (how) => {
        this.meet(how, callKey(this.joint.call, how), () => []);
      },
      contrasts: (index, contrast) => {
        const key = contrastKey(this.joint.call, this.groups[index]!, contrast);
        this.meet('contrast', key, () => this.joint.contrasts());
      },
    };
    const { compared } = this.joint;
    this.groups = compared.map(({ looks }, i) => {
      return looks ? compared.findIndex((other) => other.looks?.operation === looks.operation) : i;
    });
    const most = this.joint.maxCalls() + 1;
    this.successors = new Int32Array(most * this.joint.words);
    this.store = createStateStore(this.joint.words, most * BATCH);
    this.store.offer(this.joint.initialRow(), 1, NONE);
    this.store.resolve();
    this.compareFirstStates();
  }

  /** Expands some more states; false when there is nothing left to do. */
  advance(portion: number): boolean {
    const end = this.next + portion;
    while (this.next < end && this.stoppedBy === undefined) {
      if (this.next === this.levelEnd) {
        if (this.levelEnd === this.store.count()) return false;
        this.level++;
        this.levelEnd = this.store.count();
      }
      if (this.level >= (this.options.depth ?? Infinity)) this.stop('depth');
      else this.expandBatch();
      if (this.store.count() >= (this.options.maxStates ?? Infinity)) this.stop('states');
      else if (this.store.bytes() >= (this.options.maxBytes ?? Infinity)) this.stop('memory');
    }
    return this.stoppedBy === undefined;
  }

  /** Ends the search before its time. */
  stop(reason: StopReason): void {
    if (this.next < this.store.count()) this.stoppedBy ??= reason;
  }

  progress(): Progress {
    return {
      states: this.store.count(),
      transitions: this.joint.calls,
      depth: this.level,
      waiting: this.store.count() - this.next,
      runs: 0,
      bytes: this.store.bytes(),
      violated: this.met.map(({ call, how }) => `${this.nameOf(call) ?? ''} ${how}`),
    };
  }

  result(): DistinguishResult {
    const closed = this.stoppedBy === undefined && this.next === this.store.count();
    const calls = this.joint.calls;
    const wholeLevel = this.next === this.levelEnd && this.stoppedBy !== 'depth';
    return {
      distinctions: this.met.map((met) => this.distinction(met)),
      closed,
      ...(closed ? {} : { stoppedBy: this.stoppedBy ?? 'interrupted' }),
      statistics: {
        states: this.store.count(),
        calls,
        depth: wholeLevel ? this.level + 1 : this.level,
        bytes: this.store.bytes(),
        boundsMet: [...this.joint.boundsMet],
      },
    };
  }

  private compareFirstStates(): void {
    const rows = this.store.rows();
    this.joint.load(rows, 0);
    const contrasts = this.joint.contrasts();
    if (contrasts.every(({ contrast }) => contrast === 'same')) return;
    this.met.push({ state: 0, call: undefined, how: 'contrast', contrasts });
    // Nothing is compared behind a difference.
    this.next = this.levelEnd;
  }

  private expandBatch(): void {
    const { store, joint, successors } = this;
    const rows = store.rows();
    const last = Math.min(this.next + BATCH, this.levelEnd);
    for (; this.next < last; this.next++) {
      this.reached = 0;
      try {
        joint.expand(rows, this.next * joint.words, this.listener);
      } catch (error) {
        this.diagnose(error);
      }
      store.offer(successors, this.reached, this.next);
    }
    store.resolve();
  }

  private meet(how: Met['how'], kind: number, contrasts: () => Contrasting[]): void {
    if (this.known.has(kind)) return;
    this.known.add(kind);
    this.met.push({ state: this.next, call: kept(this.joint.call), how, contrasts: contrasts() });
  }

  private nameOf(call: KeptCall | undefined): string | undefined {
    return call && this.alignment.operations[call.operation]!.name;
  }

  private distinction({ state, call, how, contrasts }: Met): Distinction {
    const path = this.pathTo(state);
    const script = new JointScript(this.machines, this.alignment);
    for (const step of call ? [...path, call] : path) script.add(step);
    const length = script.calls.length;
    const found = this.joint.compared.flatMap(({ kind, name, looks }, i): ContrastFound[] => {
      const { contrast, objects } = contrasts[i] ?? SAME;
      if (contrast === 'same') return [];
      if (looks) script.look(looks);
      return [{ kind, name, contrast, objects }];
    });
    return {
      operation: this.nameOf(call),
      how,
      refusals: call ? refusalsOf(this.machines, this.alignment, call) : [undefined, undefined],
      contrasts: found,
      calls: script.calls,
      length,
      traces: script.traces,
    };
  }

  /** The calls that lead to a state, found again by going through the successors of each state on the way. */
  private pathTo(state: number): KeptCall[] {
    const parents = this.store.parents();
    const path: number[] = [];
    for (let at = state; at >= 0; at = parents[at]!) path.push(at);
    path.reverse();
    return path.slice(1).map((to, i) => this.callBetween(path[i]!, to));
  }

  private callBetween(from: number, to: number): KeptCall {
    const { joint } = this;
    const rows = this.store.rows();
    const row = new Int32Array(joint.words);
    let found: KeptCall | undefined;
    joint.expand(rows, from * joint.words, {
      moved() {
        if (found) return;
        joint.save(row, 0);
        if (row.every((word, i) => word === rows[to * joint.words + i])) found = kept(joint.call);
      },
      differs: () => undefined,
      contrasts: () => undefined,
    });
    if (found) return found;
    throw new ImpureModelFault(this.machines[0].name, 'unknown', []);
  }

  /** Something threw during an expansion: says which call of which machine, if it was one. */
  private diagnose(error: unknown): never {
    const { machines, joint } = this;
    const call = kept(joint.call);
    const rows = this.store.rows();
    const path = this.pathTo(this.next);
    for (const side of [0, 1] as const) {
      const machine = machines[side];
      const index = this.alignment.operations[call.operation]!.operation[side];
      joint.load(rows, this.next * joint.words);
      try {
        if (call.made[side]) machine.call(index, call.args[side]);
      } catch (cause) {
        const script = new JointScript(machines, this.alignment);
        for (const step of [...path, call]) script.add(step);
        throw new ModelFault(machine.name, machine.operations[index]!.name, script.traces[side], cause);
      }
    }
    throw error;
  }
}

/** Calls that came out in the same two ways are of one kind: the same operation, done or refused by the same guards. */
function callKey({ operation, codes }: JointCall, how: CallDifference): number {
  return ((operation * 4 + HOW.indexOf(how)) * 4096 + classOf(codes[0])) * 4096 + classOf(codes[1]);
}

/** A number for what a call came to, whatever number it handed out: below 4096. */
function classOf(code: OutcomeCode): number {
  return code >= 0 ? 0 : Math.min(-code, 4095);
}

/** Contrasts are of one kind where the same operation leads to the same thing being different in the same way. */
function contrastKey({ operation, made }: JointCall, index: number, contrast: Contrast): number {
  const sides = (made[0] ? 1 : 0) + (made[1] ? 2 : 0);
  return -(((operation * 4 + sides) * 4096 + index) * 4 + CONTRASTS.indexOf(contrast)) - 1;
}

/** Runs a search to its end. */
export function distinguish<S>(
  machines: Sides<Machine<S>>,
  options: DistinguishOptions<S> = {},
): DistinguishResult {
  const search = new DistinguishSearch(machines, options);
  while (search.advance(1 << 14));
  return search.result();
}
