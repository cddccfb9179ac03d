/** Writes a case the one way in which the tool writes it: headers in a fixed order, outcomes in a column. */
import type { Case, CallText, CaseText, HeaderName } from './case.js';
import { parseCase } from './parse.js';

/** Outcomes stand here at least, so that most cases align alike and a changed call moves no other line. */
export const OUTCOME_COLUMN = 32;

/**
 * The canonical text of a case. Reading it gives the same case again, provided that the words of the case are words, and
 * its lines of free text one line each, without blanks around them.
 */
export function printCase(text: CaseText): string {
  const blocks = [headLines(text).join('\n')];
  const calls = callLines(text.calls);
  if (calls.length > 0) blocks.push(calls.join('\n'));
  if (text.closing.length > 0) blocks.push(commentLines(text.closing).join('\n'));
  return `${blocks.join('\n\n')}\n`;
}

/** A case made of parts, as if it had been read from `file`. Throws a {@link CaseSyntaxError} for parts that are no words. */
export function caseFrom(text: CaseText, file: string): Case {
  return parseCase(printCase(text), file);
}

/** A call on one line, without its outcome: `link = A.attach(prog, eth0)`. */
export function printCall({
  result,
  actor,
  verb,
  args,
}: Pick<CallText, 'result' | 'actor' | 'verb' | 'args'>): string {
  const call = `${actor === undefined ? '' : `${actor}.`}${verb}(${args.join(', ')})`;
  return result === undefined ? call : `${result} = ${call}`;
}

function headLines(text: CaseText): string[] {
  const bounds = Object.entries(text.bounds).map(([name, count]) => `${name}=${count}`);
  const header = (name: HeaderName, ...values: readonly string[]): string[] => {
    if (values.length === 0) return [];
    return [...commentLines(text.headerComments[name] ?? []), ...values.map((value) => `${name}: ${value}`)];
  };
  return [
    ...commentLines(text.comments),
    ...header('case', text.title),
    ...header('proposal', text.proposal),
    ...(text.property === undefined ? [] : header('property', text.property)),
    ...(text.expect === undefined ? [] : header('expect', text.expect)),
    ...header('origin', ...text.origins),
    ...(bounds.length > 0 ? header('bounds', bounds.join(' ')) : []),
    ...(text.without.length > 0 ? header('without', text.without.join(' ')) : []),
  ];
}

function callLines(calls: readonly CallText[]): string[] {
  const withOutcome = calls.filter(({ outcome }) => outcome !== undefined);
  const width = withOutcome.reduce(
    (most, call) => Math.max(most, printCall(call).length + 1),
    OUTCOME_COLUMN,
  );
  return calls.flatMap((call, i) => {
    const { outcome, remark } = call;
    const written = outcome === undefined ? printCall(call) : `${printCall(call).padEnd(width)}-> ${outcome}`;
    return [
      ...(call.paragraph && i > 0 ? [''] : []),
      ...commentLines(call.comments),
      remark === undefined ? written : `${written}  # ${remark}`,
    ];
  });
}

function commentLines(comments: readonly string[]): string[] {
  return comments.map((comment) => (comment === '' ? '#' : `# ${comment}`));
}
