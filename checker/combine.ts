/** Several searches of the same proposal, brought to one verdict for each property. */
import type { PropertyResult, Verdict } from './verdict.js';

/** Stronger verdicts first: a breach is a fact, a closed space is an answer, the rest say how far was looked. */
const STRENGTH: Readonly<Record<Verdict['kind'], number>> = {
  violated: 0,
  witnessed: 0,
  holds: 1,
  vacuous: 2,
  'witness-missing': 2,
  'holds-up-to': 3,
  undecided: 4,
};

/** The stronger of two results for a property; of two breaches the shorter, of two bounds both. */
export function combine(one: PropertyResult, other: PropertyResult): PropertyResult {
  const spoke = one.spoke + other.spoke;
  return { property: one.property, verdict: stronger(one.verdict, other.verdict), spoke };
}

function stronger(one: Verdict, other: Verdict): Verdict {
  if (one.kind === 'holds-up-to' && other.kind === 'holds-up-to') {
    return { kind: 'holds-up-to', bound: `${one.bound}; ${other.bound}` };
  }
  if (one.kind === 'undecided' && other.kind === 'undecided') {
    return { kind: 'undecided', why: `${one.why}; ${other.why}` };
  }
  if (one.kind === other.kind) return lengthOf(other) < lengthOf(one) ? other : one;
  // A situation that one search met is not vacuous: the other one's bounds were too small for it.
  if (one.kind === 'vacuous' && other.kind === 'holds-up-to') return other;
  if (other.kind === 'vacuous' && one.kind === 'holds-up-to') return one;
  return STRENGTH[other.kind] < STRENGTH[one.kind] ? other : one;
}

function lengthOf(verdict: Verdict): number {
  if (verdict.kind === 'violated') return verdict.counterexample.trace.length;
  return verdict.kind === 'witnessed' ? verdict.example.length : 0;
}
