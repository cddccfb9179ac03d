/** A finding as a person reads it: the calls that break the claim, what is broken after the last, how to see it again. */
import { columns } from './columns.js';
import type { Look } from './look.js';
import type { Finding, ShownCounterexample } from './report.js';
import { findingText, verdictText } from './sentences.js';
import { showPlayback } from './show-playback.js';
import { hangingWords, wrapWords } from './wrap.js';

const INDENT = '  ';
const LABEL_WIDTH = 'expected  '.length;

/** A finding with its counterexample. */
export type BrokenFinding = Finding & { readonly counterexample: ShownCounterexample };

export function hasCounterexample(finding: Finding): finding is BrokenFinding {
  return finding.counterexample !== undefined;
}

/** A finding under a headline that says of which proposal it is and what it came to. */
export function showHeaded(
  proposal: string,
  finding: Finding,
  look: Look,
  colour: (text: string) => string,
): string[] {
  // With a counterexample, the clause and what was expected stand under the calls.
  const found = finding.counterexample ? verdictText(finding) : findingText(finding);
  const headline = `${look.marks.broken} ${proposal} ${finding.property}: ${found}`;
  return [...hangingWords(headline, look.width).map(colour), '', ...showFinding(finding, look)];
}

/** The calls of the counterexample, if there is one, and under them the claim and all that belongs to it. */
export function showFinding(finding: Finding, look: Look): string[] {
  const narrower = { ...look, width: look.width - INDENT.length };
  const calls = hasCounterexample(finding)
    ? [...showPlayback(finding.counterexample.playback, narrower), '']
    : [];
  return [...calls, ...showFacts(finding, narrower)].map((line) => (line === '' ? '' : INDENT + line));
}

function showFacts(
  { counterexample, claim, source, expectedReason }: Finding,
  { paint, width }: Look,
): string[] {
  const objects = Object.entries(counterexample?.objects ?? {}).map(([part, name]) => `${part}: ${name}`);
  const wrapped = (text = ''): string[] => wrapWords(text, width - LABEL_WIDTH);
  const facts: [string, string[]][] = [
    ['broken', wrapped(counterexample?.clause).map((line) => (line === '' ? '' : paint.bold(line)))],
    ['objects', wrapped(objects.join(', '))],
    ['claim', wrapped(claim)],
    ['source', wrapped(source)],
    ['expected', wrapped(expectedReason)],
    ['case', [counterexample?.caseFile ?? '']],
    ['replay', [counterexample?.reproduce ?? '']],
  ];
  const given = facts.filter(([, lines]) => lines.join('') !== '');
  return columns(given.map(([label, lines]) => [paint.dim(label), lines.join('\n')]));
}
