/**
 * Which refusals somebody else than the caller can end. In the first states of a breadth-first walk, each refused call is made
 * again after each call that another actor, or nobody, can make.
 */
import {
  IMPOSSIBLE,
  LATE,
  type Expansion,
  type Machine,
  type OutcomeCode,
  type StepObserver,
} from '../model/machine/index.js';
import { NONE } from '../model/state/index.js';
import { hasActor } from './judge.js';
import type { RefusedCall } from './refused-calls.js';
import { createStateStore } from './state-store.js';

export interface EndableRefusals {
  /** Whether a refusal of the operation with this outcome was ended by a call of somebody else, in any state looked at. */
  has(operation: number, code: OutcomeCode): boolean;
  /** States looked at. */
  readonly states: number;
  /** These are all states there are. */
  readonly closed: boolean;
}

/** Enough for what anybody meets in the first few calls; a look takes about a second. */
const STATES = 1 << 12;

/** Refused calls made again, at most: where a state has thousands of calls, fewer states are looked at. */
const CALLS = 1 << 20;

/** The machine is left in the state it is in. */
export function endableRefusals<S>(machine: Machine<S>): EndableRefusals {
  const { memory } = machine.memory;
  const rows = memory.slice();
  try {
    return new Look(machine).result();
  } finally {
    memory.set(rows);
  }
}

class Look<S> implements EndableRefusals {
  states = 0;
  /** Refused calls that were made again. */
  private made = 0;
  closed = false;
  /** For each operation, the outcomes that somebody has ended. */
  private readonly ended: readonly Set<OutcomeCode>[];
  /** The refused calls of the state looked at that nobody has ended yet. */
  private open: RefusedCall[] = [];
  /** Who made the calls of that state that were done, and the rows behind them, one after the other. */
  private doneBy: number[] = [];
  private readonly rowsBehind: Int32Array;
  private readonly expansion: Expansion;

  constructor(private readonly machine: Machine<S>) {
    this.ended = machine.operations.map(() => new Set());
    this.expansion = machine.expansion(machine.operations.map((_, i) => this.observer(i)));
    this.rowsBehind = new Int32Array((this.expansion.maxSuccessors + 1) * machine.words);
  }

  has(operation: number, code: OutcomeCode): boolean {
    return this.ended[operation]!.has(code);
  }

  result(): EndableRefusals {
    const { words, initialRow } = this.machine;
    const { maxSuccessors } = this.expansion;
    const successors = new Int32Array((maxSuccessors + 1) * words);
    const store = createStateStore(words, maxSuccessors + 1);
    store.offer(initialRow, 1, -1);
    store.resolve();
    for (; this.states < Math.min(STATES, store.count()) && this.made < CALLS; this.states++) {
      this.open = [];
      this.doneBy = [];
      const count = this.expansion.expand(store.rows(), this.states * words, successors);
      this.doneBy.forEach((actor, i) => {
        this.makeAgain(actor, i * words);
      });
      store.offer(successors, count, this.states);
      store.resolve();
    }
    this.closed = this.states === store.count();
    return this;
  }

  /** Notes the calls of a state: who made those that were done, and those that were refused. */
  private observer(operation: number): StepObserver {
    const { machine } = this;
    const op = machine.operations[operation]!;
    const count = Object.keys(op.params).length;
    const acts = hasActor(op);
    return {
      refusals: true,
      see: (code, a, b, c, d, e) => {
        const actor = acts ? a : NONE;
        if (code >= 0) {
          machine.save(this.rowsBehind, this.doneBy.length * machine.words);
          this.doneBy.push(actor);
        } else if (!this.has(operation, code))
          this.open.push({ operation, args: [a, b, c, d, e].slice(0, count), code, actor });
      },
    };
  }

  /** Behind a call that was done, the refused calls of the others are made again, and taken back. */
  private makeAgain(actor: number, behind: number): void {
    const { machine, rowsBehind } = this;
    machine.load(rowsBehind, behind);
    for (const call of this.open) {
      if (call.actor === actor || this.has(call.operation, call.code)) continue;
      this.made++;
      const again = machine.call(call.operation, call.args);
      if (isPast(again, call.code)) this.ended[call.operation]!.add(call.code);
      if (changedSomething(again)) machine.load(rowsBehind, behind);
    }
  }
}

/** Whether a call may have changed the state: it was done, or its effect had begun. Guards change nothing. */
function changedSomething(code: OutcomeCode): boolean {
  return code >= 0 || (code <= LATE && code !== IMPOSSIBLE);
}

/** Whether a call came further than the refusal it met before: it succeeded, or was refused by something behind that. */
function isPast(code: OutcomeCode, before: OutcomeCode): boolean {
  if (code >= 0) return true;
  return code !== IMPOSSIBLE && before > LATE && code < before;
}
