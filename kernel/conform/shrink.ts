/** Smaller sequences that still mismatch, each tried on the running system. */
import { smallerTraces } from '../../checker/shrink.js';
import type { Trace } from '../../checker/trace.js';
import type { Machine } from '../../model/machine/index.js';
import type { Mismatch } from './step.js';

export interface Shrunk {
  readonly trace: Trace;
  /** Sequences tried on the way. */
  readonly tried: number;
}

/** What makes two mismatches the same one, in sequences of different length: where they are, and how the outcome differs. */
export function sameMismatch(a: Mismatch, b: Mismatch): boolean {
  return a.kind === b.kind && a.what === b.what && (a.kind === 'view' || manner(a) === manner(b));
}

/** How an outcome differs, apart from which number is handed out: it is refused with an errno, or not refused as it should be. */
function manner({ observed, allowed }: Mismatch): string {
  const ending = (outcome: string): string => (isErrno(outcome) ? outcome : 'done');
  return `${ending(observed)} for ${[...new Set(allowed.map(ending))].sort().join()}`;
}

function isErrno(outcome: string): boolean {
  return /^E[A-Z0-9]+$/.test(outcome);
}

/**
 * The smallest sequence found that still mismatches as `mismatch` does. `mismatchOf` runs a sequence on the running system. What
 * happens there now and then only may be lost on the way; the sequence that comes out did mismatch when it was tried last.
 */
export async function shrinkMismatch<S>(
  machine: Machine<S>,
  found: Trace,
  mismatch: Mismatch,
  mismatchOf: (trace: Trace) => Promise<(Mismatch & { readonly index: number }) | undefined>,
  mostTries: number,
): Promise<Shrunk> {
  let trace = found;
  let tried = 0;
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const smaller of smallerTraces(machine, trace)) {
      if (tried++ >= mostTries) return { trace, tried };
      const now = await mismatchOf(smaller);
      if (!now || !sameMismatch(now, mismatch)) continue;
      trace = smaller.slice(0, now.index + 1);
      isSmaller = true;
      break;
    }
  }
  return { trace, tried };
}
