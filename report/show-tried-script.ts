/** A script that was tried, as a person reads it: each line with what it came to, and then what can be done next. */
import { outcomeText } from '../checker/playback.js';
import type { ScriptBreach, TriedCall, TriedScript } from '../corpus/try-script.js';
import { columns } from './columns.js';
import type { Look } from './look.js';
import { counted } from './sentences.js';
import { showPossibleCalls } from './show-possible-calls.js';
import { showState } from './show-state.js';
import { hangingWords } from './wrap.js';

const INDENT = '  ';

export function showTriedScript(tried: TriedScript, look: Look): string[] {
  const { paint } = look;
  const narrower = { ...look, width: look.width - INDENT.length };
  const sections: [string, string[]][] = [
    ['state behind the last call', indented(showState(tried.state, narrower))],
    ['claims broken by these calls', tried.breaches.flatMap((breach) => showBreach(breach, look))],
    [
      'calls possible next',
      indented(
        showPossibleCalls(
          tried.next.map((call) => [undefined, call]),
          narrower,
        ),
      ),
    ],
  ];
  return [
    ...showCalls(tried.calls, look),
    ...showTally(tried, look),
    ...sections.flatMap(([title, lines]) => (lines.length > 0 ? ['', paint.bold(title), ...lines] : [])),
  ];
}

function showCalls(calls: readonly TriedCall[], look: Look): string[] {
  return columns(
    calls.map((tried) => [
      markOf(tried, look),
      String(tried.line),
      tried.call,
      outcomeText(tried.outcome),
      remarkOf(tried, look),
    ]),
    { align: ['left', 'right'] },
  );
}

function markOf({ status }: TriedCall, { paint, marks }: Look): string {
  switch (status) {
    case 'as-expected':
      return paint.green(marks.kept);
    case 'otherwise':
      return paint.red(marks.broken);
    case 'told':
      return paint.cyan(marks.undecided);
    case 'made':
      return paint.dim(marks.silent);
  }
}

function remarkOf({ status, expected, because }: TriedCall, { paint }: Look): string {
  return [
    ...(status === 'otherwise' ? [paint.red(`expected ${expected!}`)] : []),
    ...(because === undefined ? [] : [paint.dim(because)]),
  ].join(', ');
}

function showTally({ calls, expectation }: TriedScript, { paint, marks, width }: Look): string[] {
  const count = (status: TriedCall['status']): number =>
    calls.filter((call) => call.status === status).length;
  const otherwise = count('otherwise');
  const counts = [
    `${count('as-expected')} as expected`,
    ...(otherwise > 0 ? [`${otherwise} not`] : []),
    ...(count('told') > 0 ? [`${count('told')} asked for`] : []),
    ...(count('made') > 0 ? [`${count('made')} without an outcome to compare`] : []),
  ];
  const lines = hangingWords(`${counted(calls.length, 'call')}: ${counts.join(', ')}.`, width);
  const tally = lines.map(otherwise > 0 ? paint.red : paint.green);
  if (!expectation) return ['', ...tally];
  const { property, expected, got } = expectation;
  const isMet = expected === got;
  const said = `${isMet ? marks.kept : marks.broken} ${property}: expected '${expected}', and it is '${got.replace('-', ' ')}'.`;
  return ['', ...tally, ...hangingWords(said, width).map(isMet ? paint.green : paint.red)];
}

function showBreach(
  { property, line, clause, objects }: ScriptBreach,
  { paint, marks, width }: Look,
): string[] {
  const where = line === 0 ? 'before any call' : `line ${line}`;
  const parts = Object.entries(objects).map(([part, name]) => `${part}: ${name}`);
  const named = parts.length > 0 ? ` (${parts.join(', ')})` : '';
  const lines = hangingWords(
    `${marks.broken} ${property}, ${where}: ${clause}${named}`,
    width - INDENT.length,
  );
  return indented(lines.map(paint.red));
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => INDENT + line);
}
