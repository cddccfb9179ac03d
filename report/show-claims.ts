/** What claims say of some calls, as a person reads it. */
import type { Look } from './look.js';
import { hangingWords } from './wrap.js';

/** A claim, and what it says of some calls. */
export interface JudgedClaim {
  readonly name: string;
  readonly verdict:
    /** Broken behind so many calls. */
    | { readonly kind: 'broken'; readonly calls: number; readonly clause: string }
    /** Said something so often, and was never broken. */
    | { readonly kind: 'kept'; readonly spoke: number }
    /** What it speaks about has not arisen. */
    | { readonly kind: 'silent' }
    /** A witness: there behind so many calls, for the first time. */
    | { readonly kind: 'reached'; readonly calls: number };
}

/** The broken ones with their clauses, then witnesses that were reached, then the names of the others. */
export function showClaims(claims: readonly JudgedClaim[], look: Look): string[] {
  const { paint, marks, width } = look;
  const broken = claims.flatMap(({ name, verdict }) => {
    if (verdict.kind !== 'broken') return [];
    const sentence = `${marks.broken} ${name}: broken ${behind(verdict.calls)}: ${verdict.clause}`;
    return hangingWords(sentence, width).map(paint.red);
  });
  const reached = claims.flatMap(({ name, verdict }) =>
    verdict.kind === 'reached'
      ? [paint.green(`${marks.kept} ${name}: reached ${behind(verdict.calls)}`)]
      : [],
  );
  const named = (kind: JudgedClaim['verdict']['kind']): string =>
    claims.flatMap(({ name, verdict }) => (verdict.kind === kind ? [name] : [])).join(', ');
  const list = (label: string, names: string): string[] =>
    names === '' ? [] : hangingWords(`${label}: ${names}`, width);
  return [
    ...broken,
    ...reached,
    ...list(`${marks.kept} kept so far`, named('kept')),
    ...list(`${marks.silent} nothing said yet`, named('silent')).map(paint.dim),
  ];
}

function behind(calls: number): string {
  return calls === 0 ? 'before any call' : `by call ${calls}`;
}
