/** What a property says of a trace now, in the terms of what a case can expect. */
import type { Machine } from '../model/machine/index.js';
import { judgeTrace } from '../checker/judge.js';
import type { Property } from '../checker/property.js';
import type { Trace } from '../checker/trace.js';

export type Finding =
  /** Broken by the last call; calls behind it that only look do not count. */
  | { readonly kind: 'violated'; readonly clause: string }
  /** Broken before the last call: after call `after`, or in the first state if that is -1. */
  | { readonly kind: 'violated-earlier'; readonly clause: string; readonly after: number }
  | { readonly kind: 'kept' }
  /** Never broken, because the situation it speaks about never arose. */
  | { readonly kind: 'vacuous' }
  /** A witness: true at the end. */
  | { readonly kind: 'reached' }
  /** A witness: not true at the end. */
  | { readonly kind: 'not-reached' };

/** Judges a trace from the first state. Throws what the rules of the machine or the property throw. */
export function findingOf<S>(machine: Machine<S>, property: Property<S>, trace: Trace): Finding {
  const { brokenAt, broken, spoke } = judgeTrace(machine, property, trace);
  if (property.kind === 'witness')
    return { kind: property.reached(machine.state) ? 'reached' : 'not-reached' };
  if (brokenAt === undefined || broken === undefined) return { kind: spoke > 0 ? 'kept' : 'vacuous' };
  const { clause } = broken;
  return brokenAt === lastCall(machine, trace)
    ? { kind: 'violated', clause }
    : { kind: 'violated-earlier', clause, after: brokenAt };
}

/** Index of the last call that does more than look; -1 if there is none. */
export function lastCall<S>(machine: Machine<S>, trace: Trace): number {
  for (let i = trace.length - 1; i >= 0; i--) if (!machine.operations[trace[i]!.operation]!.observe) return i;
  return -1;
}
