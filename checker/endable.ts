/**
 * Which refusals somebody else than the caller can end. In the first states of a breadth-first walk, each refused call is made
 * again after each call that another actor, or nobody, can make.
 */
import {
  IMPOSSIBLE,
  LATE,
  type Machine,
  type OutcomeCode,
  type StepObserver,
} from '../model/machine/index.js';
import { NONE } from '../model/state/index.js';
import { hasActor } from './judge.js';
import { RefusedCalls, type RefusedCall } from './refused-calls.js';
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
  private readonly ended: readonly Set<OutcomeCode>[];
  private readonly refused: RefusedCalls<S>;
  /** The refused calls of the state looked at that nobody has ended yet. */
  private open: readonly RefusedCall[] = [];

  constructor(private readonly machine: Machine<S>) {
    this.ended = machine.operations.map(() => new Set());
    this.refused = new RefusedCalls(machine, (operation, code) => !this.has(operation, code));
  }

  has(operation: number, code: OutcomeCode): boolean {
    return this.ended[operation]!.has(code);
  }

  result(): EndableRefusals {
    const { machine } = this;
    const expansion = machine.expansion(machine.operations.map((_, i) => this.observer(i)));
    const successors = new Int32Array((expansion.maxSuccessors + 1) * machine.words);
    const store = createStateStore(machine.words, expansion.maxSuccessors + 1);
    store.offer(machine.initialRow, 1, -1);
    store.resolve();
    for (; this.states < Math.min(STATES, store.count()) && this.made < CALLS; this.states++) {
      const offset = this.states * machine.words;
      this.open = this.refused.in(store.rows(), offset);
      store.offer(successors, expansion.expand(store.rows(), offset, successors), this.states);
      store.resolve();
    }
    this.closed = this.states === store.count();
    return this;
  }

  /** After each call that was done: the refused calls of the others are made again, and taken back. */
  private observer(operation: number): StepObserver {
    const { machine } = this;
    const acts = hasActor(machine.operations[operation]!);
    const row = new Int32Array(machine.words);
    return {
      refusals: false,
      see: (code, a) => {
        if (code < 0 || this.open.length === 0) return;
        const actor = acts ? a : NONE;
        machine.save(row, 0);
        for (const call of this.open) {
          if (call.actor === actor || this.has(call.operation, call.code)) continue;
          this.made++;
          const again = machine.call(call.operation, call.args);
          if (isPast(again, call.code)) this.ended[call.operation]!.add(call.code);
          if (changedSomething(again)) machine.load(row, 0);
        }
      },
    };
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
