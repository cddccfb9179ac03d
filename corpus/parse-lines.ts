/** What cases and scenarios have in common: lines of headers, below them lines of calls, and comments anywhere. */
import type { CaseLine } from './case.js';
import { columnAt, LineScanner } from './line-scanner.js';
import { commentText, parseCall } from './parse-call.js';
import { CaseSyntaxError } from './syntax-error.js';

/** `name: value`; the name with its indentation in two groups. */
export const HEADER = /^(\s*)([A-Za-z][\w-]*)\s*:/;

/** Control characters, halves of characters, and such as hide or reorder what a reader sees; only a tab is welcome. */
const UNPRINTABLE = /(?!\t)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** How the file is spoken of in errors. */
export interface Notation {
  /** With its article. */
  readonly what: string;
  /** What a call looks like. */
  readonly example: string;
}

/** Takes a header line, and the comments above it. */
type TakeHeader = (line: number, content: string, comments: readonly string[]) => void;

export interface ReadLines {
  readonly calls: readonly CaseLine[];
  /** The lines of comment below the last call. */
  readonly closing: readonly string[];
}

/**
 * Reads the lines of a text. Lines may end as on Unix, Windows or old Macs; blanks
 * at their ends, blank lines and a byte order mark are no part of what it says. Throws a {@link CaseSyntaxError} for the first
 * thing that is wrong.
 */
export function parseLines(
  text: string,
  file: string,
  { what, example }: Notation,
  takeHeader: TakeHeader,
): ReadLines {
  const calls: CaseLine[] = [];
  let comments: string[] = [];
  let isApart = false;
  linesOf(text).forEach((content, i) => {
    const line = i + 1;
    checkPrintable(content, file, line, what);
    if (content.trim() === '') {
      isApart = true;
    } else if (/^\s*#/.test(content)) {
      comments.push(commentText(content));
    } else if (HEADER.test(content)) {
      if (calls.length > 0) throw lateHeader(content, file, line);
      takeHeader(line, content, comments);
      comments = [];
    } else {
      const call = parseCall(new LineScanner(file, line, content), example);
      calls.push({ ...call, comments, paragraph: isApart && calls.length > 0 });
      comments = [];
      isApart = false;
    }
  });
  return { calls, closing: comments };
}

/** The lines of a text, without what ends them. */
export function linesOf(text: string): string[] {
  return text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
}

function checkPrintable(content: string, file: string, line: number, what: string): void {
  const found = UNPRINTABLE.exec(content);
  if (found === null) return;
  const code = found[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  const column = columnAt(content, found.index);
  throw new CaseSyntaxError(
    file,
    line,
    column,
    `U+${code} cannot be printed`,
    `${what} is plain text; remove it`,
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
