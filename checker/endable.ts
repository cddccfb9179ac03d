/**
 * Which refusals somebody else than the caller can end. In the first states of a breadth-first walk, each refused call is made
 * again after each call that another actor, or nobody, can make.
 */
import {
  decidingArguments,
  IMPOSSIBLE,
  LATE,
  refusalCodes,
  type Expansion,
  type Machine,
  type OutcomeCode,
  type StepObserver,
} from '../model/machine/index.js';
import { NONE } from '../model/state/index.js';
import { hasActor } from './judge.js';
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

/** Refused calls made again, at most: where a state has very many calls, fewer states are looked at. */
const CALLS = 1 << 19;

/** Refused calls of an operation that agree in who made them and in the arguments which decided that they are refused. */
interface Alike {
  readonly operation: number;
  readonly code: OutcomeCode;
  readonly actor: number;
  /** Five for each call. */
  readonly args: number[];
}

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
  private open: Alike[] = [];
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
    const acts = hasActor(op);
    const deciding = new Map(
      refusalCodes(op).map((code) => [code, Math.max(acts ? 1 : 0, decidingArguments(op, code))]),
    );
    return {
      refusals: true,
      see: (code, a, b, c, d, e) => {
        const actor = acts ? a : NONE;
        if (code >= 0) {
          machine.save(this.rowsBehind, this.doneBy.length * machine.words);
          this.doneBy.push(actor);
          return;
        }
        if (this.has(operation, code)) return;
        // An expansion makes calls that agree in their first arguments one after the other.
        const last = this.open.at(-1);
        if (last?.operation === operation && last.code === code) {
          const { args } = last;
          const count = deciding.get(code)!;
          const isAlike =
            (count < 1 || args[0] === a) &&
            (count < 2 || args[1] === b) &&
            (count < 3 || args[2] === c) &&
            (count < 4 || args[3] === d) &&
            (count < 5 || args[4] === e);
          if (isAlike) {
            args.push(a, b, c, d, e);
            return;
          }
        }
        this.open.push({ operation, code, actor, args: [a, b, c, d, e] });
      },
    };
  }

  /** Behind a call that was done, the refused calls of the others are made again, and taken back. */
  private makeAgain(actor: number, behind: number): void {
    const { machine, rowsBehind } = this;
    machine.load(rowsBehind, behind);
    for (const { operation, code, actor: refused, args } of this.open) {
      if (refused === actor || this.has(operation, code)) continue;
      const call = machine.caller(operation);
      for (let at = 0; at < args.length; at += 5) {
        this.made++;
        const again = call(args[at]!, args[at + 1]!, args[at + 2]!, args[at + 3]!, args[at + 4]!);
        if (changedSomething(again)) machine.load(rowsBehind, behind);
        if (isPast(again, code)) this.ended[operation]!.add(code);
        // If one comes past what refused it, so do the others, and if not, neither do they; but one may meet a bound of the model.
        if (again !== IMPOSSIBLE) break;
      }
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
