/** Writes the outcomes that a script asks for, or does not give, into its text. All else stays as it is. */
import { outcomeText } from '../checker/playback.js';
import type { Script } from './case.js';
import { linesOf } from './parse-lines.js';
import { OUTCOME_COLUMN } from './print.js';
import { ASKED, type TriedScript } from './try-script.js';

/** `text` is what the script was read from. Its lines end as on Unix. */
export function fillScript(text: string, script: Script, { calls: tried }: TriedScript): string {
  const lines = linesOf(text);
  const outcomeColumn = arrowColumn(lines, script);
  script.calls.forEach(({ at, outcome }, i) => {
    const told = outcomeText(tried[i]!.outcome);
    const characters = Array.from(lines[at.line - 1]!);
    if (outcome === ASKED) characters.splice(at.outcome - 1, ASKED.length, told);
    else if (outcome === undefined) {
      const end = characters.indexOf(')', at.verb) + 1;
      const blanks = ' '.repeat(Math.max(1, outcomeColumn - end));
      const rest = characters.slice(end).join('').trim();
      characters.splice(end, Infinity, `${blanks}-> ${told}${rest === '' ? '' : `  ${rest}`}`);
    }
    lines[at.line - 1] = characters.join('');
  });
  return lines.join('\n');
}

/** How many characters stand in front of the arrows: of the first one there is, or where the tool writes them. */
function arrowColumn(lines: readonly string[], { calls }: Script): number {
  const first = calls.find(({ outcome }) => outcome !== undefined);
  if (first) return Array.from(lines[first.at.line - 1]!).lastIndexOf('>', first.at.outcome - 1) - 1;
  const widths = calls.map(({ at }) => Array.from(lines[at.line - 1]!).indexOf(')', at.verb) + 2);
  return Math.max(OUTCOME_COLUMN, ...widths);
}
