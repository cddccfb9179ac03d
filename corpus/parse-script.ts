/** Reads a script: calls to be tried, in the words of a case, none of whose headers must be there. */
import type { Script } from './case.js';
import { CASE_CALL } from './parse-call.js';
import { HeadReader } from './parse-head.js';
import { parseLines, type Notation } from './parse-lines.js';

const SCRIPT: Notation = { what: 'a list of calls', example: CASE_CALL };

/** Reads a script as `parseCase` reads a case: throws a {@link CaseSyntaxError} for the first thing that is wrong. */
export function parseScript(text: string, file: string): Script {
  const head = new HeadReader(file);
  const { calls } = parseLines(text, file, SCRIPT, (line, content, comments) => {
    head.add(line, content, comments);
  });
  return { ...head.given(), calls };
}

/** Reads one call, as it is typed. Undefined for a line that says nothing: a blank one, or a comment. */
export function parseTyped(line: string, file: string): Script['calls'][number] | undefined {
  return parseLines(line, file, SCRIPT, () => undefined).calls[0];
}
