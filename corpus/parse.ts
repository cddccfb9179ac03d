/** Reads a case from text. Nothing is executed, and nothing is asked of a machine; see `bind.ts` for that. */
import type { Case } from './case.js';
import { CASE_CALL } from './parse-call.js';
import { HeadReader } from './parse-head.js';
import { parseLines, type Notation } from './parse-lines.js';
import { CaseSyntaxError } from './syntax-error.js';

const CASE: Notation = { what: 'a case', example: CASE_CALL };

/**
 * Reads a case. `file` is what errors say. Lines may end as on Unix, Windows or old Macs; blanks at their ends, blank lines
 * and a byte order mark are no part of what a case says.
 *
 * Throws a {@link CaseSyntaxError} for the first thing that is wrong, and nothing else.
 */
export function parseCase(text: string, file: string): Case {
  const head = new HeadReader(file);
  const { calls, closing } = parseLines(text, file, CASE, (line, content, comments) => {
    head.add(line, content, comments);
  });
  const read = { ...head.finish(), calls, closing };
  if (read.property === undefined && calls.every(({ outcome }) => outcome === undefined)) {
    const remedy = "write what the calls come to, or 'property:' and 'expect:'";
    throw new CaseSyntaxError(file, 1, 1, 'the case says neither outcomes nor a claim', remedy);
  }
  return read;
}
