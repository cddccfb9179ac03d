/**
 * Calls in a mail: the lines that are calls or headers of a case, alone or in what is quoted, stay where they are; all else is
 * blanked, so that what is left is a script whose words stand in the lines and columns of the mail.
 */
import { HEADERS } from './case.js';
import { HEADER, linesOf } from './parse-lines.js';
import { CaseSyntaxError } from './syntax-error.js';

/** How a mail begins, if it was saved with its headers. */
const MAIL_HEADER =
  /^(?:From |(?:From|To|Cc|Date|Subject|Message-ID|In-Reply-To|References|Reply-To|Return-Path|Received|Delivered-To|MIME-Version|Content-Type|List-Id|X-[\w-]+):)/i;

/** `> > `, and the indentation in front of what is said. */
const QUOTING = /^[\s>|]*/;

/** How a call of an actor begins, `A.load(`; or one of a verb that nobody in particular calls, `packet(`. */
const START = /^(?:[A-Za-z_][\w-]*\s*=\s*)?(?:(?<actor>[A-Z])\.)?(?<verb>[A-Za-z_][\w-]*)\s*\(/;

/** How a call goes on that is one: it ends with its brackets, its outcome, or a comment. */
const WHOLE = /^[^()]*\([^()]*\)\s*(?:$|->|#)/;

export interface MailText {
  /** As many lines as the mail. */
  readonly text: string;
  /** The lines that begin like a call, and were left out because they go on like prose. From 1. */
  readonly doubtful: readonly number[];
}

/** Whether a text is a mail: it begins with a mail's headers. */
export function isMail(text: string): boolean {
  const first = linesOf(text).find((line) => line.trim() !== '');
  return first !== undefined && MAIL_HEADER.test(first);
}

/**
 * What a mail says in calls. `isVerb` tells the verbs that a call without an actor can have, because prose has brackets too.
 * Throws a {@link CaseSyntaxError} for a mail in an encoding that hides its text.
 */
export function callsInMail(mail: string, file: string, isVerb: (word: string) => boolean): MailText {
  const doubtful: number[] = [];
  const headers = new Set<string>();
  let isBelowCall = false;
  const lines = linesOf(mail).map((line, i) => {
    checkEncoding(line, file, i + 1);
    const quoting = QUOTING.exec(line)![0];
    const said = line.slice(quoting.length);
    const start = START.exec(said)?.groups;
    if (start && (start['actor'] !== undefined || isVerb(start['verb']!))) {
      if (WHOLE.test(said)) {
        isBelowCall = true;
        return blanks(quoting) + said;
      }
      doubtful.push(i + 1);
    }
    const header = HEADER.exec(said)?.[2];
    const isOurs = HEADERS.some((name) => name === header) && !isBelowCall;
    if (!isOurs || (headers.has(header!) && header !== 'origin')) return '';
    headers.add(header!);
    return blanks(quoting) + said;
  });
  return { text: lines.join('\n'), doubtful };
}

/** As wide as a text, so that columns stay what they are. */
function blanks(text: string): string {
  return ' '.repeat(text.length);
}

function checkEncoding(line: string, file: string, number: number): void {
  const encoding = /^Content-Transfer-Encoding:\s*(quoted-printable|base64)\s*$/i.exec(line)?.[1];
  if (encoding === undefined) return;
  const column = line.length - line.trimStart().length + line.indexOf(encoding) + 1;
  const remedy = "save the mail's text as it reads, for example from a web archive's plain view";
  throw new CaseSyntaxError(file, number, column, `the mail is encoded as ${encoding}`, remedy);
}
