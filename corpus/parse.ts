/** Reads a case from text. Nothing is executed, and nothing is asked of a machine; see `bind.ts` for that. */
import type { Case, CaseLine } from './case.js';
import { columnAt, LineScanner } from './line-scanner.js';
import { commentText, parseCall } from './parse-call.js';
import { HeadReader } from './parse-head.js';
import { CaseSyntaxError } from './syntax-error.js';

/** Control characters, halves of characters, and such as hide or reorder what a reader sees; only a tab is welcome. */
const UNPRINTABLE = /(?!\t)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * Reads a case. `file` is what errors say. Lines may end as on Unix, Windows or old Macs; blanks at their ends, blank lines
 * and a byte order mark are no part of what a case says.
 *
 * Throws a {@link CaseSyntaxError} for the first thing that is wrong, and nothing else.
 */
export function parseCase(text: string, file: string): Case {
  const head = new HeadReader(file);
  const calls: CaseLine[] = [];
  let comments: string[] = [];
  let isApart = false;
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  lines.forEach((content, i) => {
    const line = i + 1;
    checkPrintable(content, file, line);
    if (content.trim() === '') {
      isApart = true;
    } else if (/^\s*#/.test(content)) {
      comments.push(commentText(content));
    } else if (HeadReader.isHeader(content)) {
      if (calls.length > 0) throw lateHeader(content, file, line);
      head.add(line, content, comments);
      comments = [];
    } else {
      const call = parseCall(new LineScanner(file, line, content));
      calls.push({ ...call, comments, paragraph: isApart && calls.length > 0 });
      comments = [];
      isApart = false;
    }
  });
  return { ...head.finish(), calls, closing: comments };
}

function checkPrintable(content: string, file: string, line: number): void {
  const found = UNPRINTABLE.exec(content);
  if (found === null) return;
  const code = found[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  const column = columnAt(content, found.index);
  throw new CaseSyntaxError(
    file,
    line,
    column,
    `U+${code} cannot be printed`,
    'a case is plain text; remove it',
  );
}

function lateHeader(content: string, file: string, line: number): CaseSyntaxError {
  const name = content.trim().split(/\s*:/)[0]!;
  const column = columnAt(content, content.length - content.trimStart().length);
  return new CaseSyntaxError(
    file,
    line,
    column,
    `the header '${name}' stands below a call`,
    'move it above the first call',
  );
}
