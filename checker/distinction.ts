/** What tells two machines apart: calls made on both, written down as a trace for each. */
import {
  errnoOf,
  guardOf,
  IMPOSSIBLE,
  type Errno,
  type Machine,
  type OutcomeCode,
} from '../model/machine/index.js';
import { NONE } from '../model/state/index.js';
import { operationsOf, type Alignment, type Sides } from './alignment.js';
import type { Contrast, Looks } from './comparison.js';
import type { CallDifference, JointCall } from './joint-machine.js';
import { Recorder, type Trace } from './trace.js';

/** Something that is not the same on both sides behind the last call. */
export interface ContrastFound {
  readonly kind: 'sight' | 'alive' | 'aspect';
  /** What was compared: `packet(eth0)`, or the aspect's name. */
  readonly name: string;
  readonly contrast: Contrast;
  /** Of `alive`: the object of each side, one of which is alive. */
  readonly objects: Sides<number> | undefined;
}

/** What a refused call was told. */
export interface Refusal {
  readonly errno: Errno;
  /** The guard that refused; undefined if the effect itself did. */
  readonly guard: string | undefined;
}

/** A shortest sequence of calls that tells the machines apart in one way. */
export interface Distinction {
  /** The last call's operation, by the first machine's name; undefined if the first states differ. */
  readonly operation: string | undefined;
  readonly how: CallDifference | 'contrast';
  /** Where the last call was refused. */
  readonly refusals: Sides<Refusal | undefined>;
  /** Everything that is not the same behind the last call; empty unless the call itself came out alike. */
  readonly contrasts: readonly ContrastFound[];
  /** The joint calls: where each stands in the trace of each side; NONE where that side was not called. */
  readonly calls: readonly Sides<number>[];
  /** How many of them do something; those behind look at what is not the same. */
  readonly length: number;
  /** What each side was called. */
  readonly traces: Sides<Trace>;
}

/** A joint call, to keep. */
export type KeptCall = Pick<JointCall, 'operation' | 'args' | 'made' | 'codes'>;

/** Joint calls written down as a trace for each side. */
export class JointScript<S> {
  readonly calls: Sides<number>[] = [];
  private readonly recorders: Sides<Recorder<S>>;

  constructor(
    machines: Sides<Machine<S>>,
    private readonly alignment: Alignment,
  ) {
    this.recorders = [new Recorder(machines[0]), new Recorder(machines[1])];
  }

  get traces(): Sides<Trace> {
    return [this.recorders[0].trace, this.recorders[1].trace];
  }

  add({ operation, args, made, codes }: KeptCall): void {
    const indices = this.alignment.operations[operation]!.operation;
    this.calls.push([
      made[0] ? this.record(0, indices[0], args[0], codes[0]) : NONE,
      made[1] ? this.record(1, indices[1], args[1], codes[1]) : NONE,
    ]);
  }

  look({ operation, args }: Looks): void {
    this.calls.push([this.record(0, operation[0], args[0], 0), this.record(1, operation[1], args[1], 0)]);
  }

  private record(side: 0 | 1, operation: number, args: readonly number[], code: OutcomeCode): number {
    this.recorders[side].add(operation, args, code);
    return this.recorders[side].trace.length - 1;
  }
}

/** A copy of the present call. */
export function kept({ operation, args, made, codes }: JointCall): KeptCall {
  return { operation, args: [[...args[0]], [...args[1]]], made: [...made], codes: [...codes] };
}

/** Where a call was refused, and why. */
export function refusalsOf<S>(
  machines: Sides<Machine<S>>,
  { operations }: Alignment,
  { operation, made, codes }: KeptCall,
): Sides<Refusal | undefined> {
  const refusal = (side: 0 | 1): Refusal | undefined => {
    const code = codes[side];
    if (!made[side] || code >= 0 || code === IMPOSSIBLE) return undefined;
    const called = operationsOf(machines, operations[operation]!.operation)[side]!;
    return { errno: errnoOf(called, code), guard: guardOf(called, code)?.name };
  };
  return [refusal(0), refusal(1)];
}
