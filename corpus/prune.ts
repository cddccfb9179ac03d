/** Finding cases that say the same thing twice. */
import type { CaseText } from './case.js';
import { fingerprint } from './fingerprint.js';
import { byPath } from './path-order.js';

export interface Duplicate {
  /** The file that can go. */
  readonly file: string;
  /** The file that says the same. */
  readonly keeps: string;
}

/** Which files can be removed, by path: of those that say the same, the first by path is kept. */
export function pruneDuplicates(
  cases: readonly { readonly file: string; readonly case: CaseText }[],
): Duplicate[] {
  const kept = new Map<string, string>();
  const sorted = [...cases].sort((a, b) => byPath(a.file, b.file));
  return sorted.flatMap(({ file, case: text }) => {
    const key = fingerprint(text);
    const keeps = kept.get(key);
    if (keeps !== undefined) return [{ file, keeps }];
    kept.set(key, file);
    return [];
  });
}
