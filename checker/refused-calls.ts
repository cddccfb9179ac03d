/** The calls that are refused in a state. */
import type { Machine, OutcomeCode, StepObserver } from '../model/machine/index.js';
import { NONE } from '../model/state/index.js';
import { hasActor } from './judge.js';

export interface RefusedCall {
  readonly operation: number;
  readonly args: readonly number[];
  /** What it came to. */
  readonly code: OutcomeCode;
  /** Who made it; NONE where the operation has no actor. */
  readonly actor: number;
}

export class RefusedCalls<S> {
  private found: RefusedCall[] = [];
  private readonly expansion: ReturnType<Machine<S>['expansion']>;
  private readonly successors: Int32Array;

  /** @param wanted which outcomes of which operations are listed */
  constructor(
    machine: Machine<S>,
    private readonly wanted: (operation: number, code: OutcomeCode) => boolean,
  ) {
    this.expansion = machine.expansion(machine.operations.map((_, i) => this.observer(machine, i)));
    this.successors = new Int32Array((this.expansion.maxSuccessors + 1) * machine.words);
  }

  /** Those of the state in the row at `offset`, in the order in which an expansion makes them. */
  in(rows: Int32Array, offset: number): readonly RefusedCall[] {
    this.found = [];
    this.expansion.expand(rows, offset, this.successors);
    return this.found;
  }

  private observer(machine: Machine<S>, operation: number): StepObserver {
    const op = machine.operations[operation]!;
    const count = Object.keys(op.params).length;
    const acts = hasActor(op);
    return {
      refusals: true,
      see: (code, a, b, c, d, e) => {
        if (code >= 0 || !this.wanted(operation, code)) return;
        this.found.push({ operation, args: [a, b, c, d, e].slice(0, count), code, actor: acts ? a : NONE });
      },
    };
  }
}
