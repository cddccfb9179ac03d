/** The order in which cases are read, replayed and kept. */

/** What cases are called on disk. */
export const CASE_SUFFIX = '.case';

/** The same on every system and in every language, and `x.case` before `x-2.case`. */
export function byPath(a: string, b: string): number {
  const [first, second] = [withoutSuffix(a), withoutSuffix(b)];
  if (first === second) return 0;
  return first < second ? -1 : 1;
}

function withoutSuffix(file: string): string {
  return file.endsWith(CASE_SUFFIX) ? file.slice(0, -CASE_SUFFIX.length) : file;
}
