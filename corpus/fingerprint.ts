/** What makes two cases the same. */
import type { CallText, CaseText } from './case.js';

/**
 * Equal for two cases that say the same of the same calls: whatever their results are called, and whatever their titles,
 * origins and comments say. A case has one fingerprint only if it fits its machine; of two that do, those with the same
 * fingerprint are the same.
 */
export function fingerprint(text: CaseText): string {
  const definitions = new Map<string, number>();
  const calls = text.calls.map((call, i) => {
    const written = callKey(call, definitions);
    if (call.result !== undefined) definitions.set(call.result, i);
    return [...written, outcomeKey(call, definitions)];
  });
  const bounds = Object.entries(text.bounds).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([text.proposal, text.property, text.expect, bounds, [...text.without].sort(), calls]);
}

type Word = string | number | null;

/** Names are replaced by the number of the call that gave them; words are left. */
function callKey(
  { actor, verb, args }: CallText,
  definitions: ReadonlyMap<string, number>,
): (Word | Word[])[] {
  return [actor ?? null, verb, args.map((word) => definitions.get(word) ?? word)];
}

function outcomeKey({ outcome }: CallText, definitions: ReadonlyMap<string, number>): Word[] | null {
  return outcome?.split(' ').map((word) => definitions.get(word) ?? word) ?? null;
}
