/** One call line: `prog2 = B.load(prog) -> fd3  # comment`. */
import type { CallPositions, CallText } from './case.js';
import type { LineScanner } from './line-scanner.js';

/** A name of a result, an actor or a verb. */
const NAME = /[A-Za-z_]\w*(?:-\w+)*/y;

/** What a call looks like, for one who wrote something else. */
export const CASE_CALL = 'prog1 = A.load(prog) -> fd3';

type WrittenCall = Pick<CallText, 'result' | 'actor' | 'verb' | 'args' | 'outcome' | 'remark'>;

/** Whether a word can be written where a result is named. */
export function isName(word: string): boolean {
  return new RegExp(`^(?:${NAME.source})$`).test(word);
}

/**
 * Reads a call. Throws a {@link CaseSyntaxError} at the first character that cannot belong to one; what an error shows as a call
 * is the `example`.
 */
export function parseCall(
  scanner: LineScanner,
  example = CASE_CALL,
): WrittenCall & { readonly at: CallPositions } {
  const { line } = scanner;
  const remedy = `write a call as '${example}'`;
  const result = takeResult(scanner);
  const callee = takeCallee(scanner, remedy);
  const args = takeArguments(scanner, remedy);
  const outcome = takeOutcome(scanner);
  const remark = takeRemark(scanner);
  return {
    result: result?.word,
    actor: callee.actor?.word,
    verb: callee.verb.word,
    args: args.map(({ word }) => word),
    outcome: outcome?.word,
    remark,
    at: {
      line,
      result: result?.column ?? 0,
      actor: callee.actor?.column ?? 0,
      verb: callee.verb.column,
      args: args.map(({ column }) => column),
      outcome: outcome?.column ?? 0,
    },
  };
}

interface PlacedWord {
  readonly word: string;
  readonly column: number;
}

function takeName(scanner: LineScanner, what: string, remedy: string): PlacedWord {
  scanner.skipBlanks();
  const { column } = scanner;
  const word = scanner.take(NAME);
  if (word !== undefined) return { word, column };
  throw scanner.error(`${what} is expected here, not ${quoted(scanner)}`, remedy);
}

function takeResult(scanner: LineScanner): PlacedWord | undefined {
  scanner.skipBlanks();
  const { column } = scanner;
  const assigned = scanner.take(/[^\s=(#]+(?=\s*=)/y);
  if (assigned === undefined) return undefined;
  if (!isName(assigned)) {
    throw scanner.error(
      `'${assigned}' cannot be the name of a result`,
      "a name is made of letters, digits, '_' and '-', and starts with a letter",
      column,
    );
  }
  scanner.take(/\s*=/y);
  return { word: assigned, column };
}

function takeCallee(
  scanner: LineScanner,
  remedy: string,
): { actor: PlacedWord | undefined; verb: PlacedWord } {
  const first = takeName(scanner, 'a call', remedy);
  if (scanner.take(/\./y) === undefined) return { actor: undefined, verb: first };
  return { actor: first, verb: takeName(scanner, 'a verb', remedy) };
}

function takeArguments(scanner: LineScanner, remedy: string): PlacedWord[] {
  scanner.skipBlanks();
  const opened = scanner.column;
  if (scanner.take(/\(/y) === undefined) {
    throw scanner.error(`'(' is expected here, not ${quoted(scanner)}`, remedy);
  }
  const args: PlacedWord[] = [];
  if (scanner.take(/\s*\)/y) !== undefined) return args;
  for (;;) {
    scanner.skipBlanks();
    const { column } = scanner;
    const word = scanner.take(/[^\s,()#][^\s,()]*/y);
    if (word === undefined) throw argumentError(scanner, opened);
    args.push({ word, column });
    if (scanner.take(/\s*\)/y) !== undefined) return args;
    if (scanner.take(/\s*,/y) === undefined) throw argumentError(scanner, opened);
  }
}

function argumentError(scanner: LineScanner, opened: number): Error {
  scanner.skipBlanks();
  if (scanner.atEnd || scanner.ahead() === '#') {
    return scanner.error("this '(' is never closed", "write ')' behind the last argument", opened);
  }
  if (/^[,)]/.test(scanner.ahead())) {
    return scanner.error(
      'an argument is missing here',
      'arguments are words with a comma between two of them',
    );
  }
  return scanner.error(
    `',' or ')' is expected here, not ${quoted(scanner)}`,
    'arguments are words with a comma between two of them',
  );
}

function takeOutcome(scanner: LineScanner): PlacedWord | undefined {
  scanner.skipBlanks();
  if (scanner.take(/->/y) === undefined) return undefined;
  scanner.skipBlanks();
  const { column } = scanner;
  const words: string[] = [];
  for (;;) {
    const word = scanner.take(/[^\s#]\S*/y);
    if (word === undefined) break;
    words.push(word);
    scanner.skipBlanks();
  }
  if (words.length > 0) return { word: words.join(' '), column };
  throw scanner.error(
    "an outcome is missing behind '->'",
    "write 'ok', a value like 'fd3', an errno like 'EBUSY', or what was seen; or leave out '->'",
  );
}

/** The comment at the end, if there is nothing else. */
function takeRemark(scanner: LineScanner): string | undefined {
  scanner.skipBlanks();
  const text = scanner.take(/(?<!\S)#.*/y);
  if (text !== undefined) return commentText(text) || undefined;
  if (scanner.atEnd) return undefined;
  throw scanner.error(
    `a call ends with ')', and ${quoted(scanner)} stands behind it`,
    "write the outcome behind '->', and a comment behind a blank and '#'",
  );
}

/** What a comment says, from its `#` on. */
export function commentText(text: string): string {
  return text.replace(/^\s*# ?/, '').trimEnd();
}

function quoted(scanner: LineScanner): string {
  return scanner.ahead() === '' ? 'the end of the line' : `'${scanner.ahead()}'`;
}
