/** Which guards and references are load-bearing, as a person reads it. */
import { columns, GAP } from './columns.js';
import {
  standingOf,
  unprotected,
  type GuardsReport,
  type Standing,
  type SwitchOutcome,
  type TestedProposal,
  type TestedSwitch,
} from './guards.js';
import type { Look } from './look.js';
import type { Finding } from './report.js';
import { counted } from './sentences.js';
import { showHeaded } from './show-finding.js';
import { hangingWords, wrapWords } from './wrap.js';

const INDENT = '  ';

/** Characters that the last column gets at least, however narrow the terminal. */
const LEAST_ROOM = 30;

/** How much is shown: a line for each claim that falls, or the shortest sequence of each in full as well. */
export type GuardsShown = 'lines' | 'in-full';

export function formatGuardsText(report: GuardsReport, look: Look, shown: GuardsShown): string {
  const proposals = report.proposals.flatMap((proposal) => [...showProposal(proposal, look, shown), '']);
  return [...proposals, ...showScore(report, look), ''].join('\n');
}

function showProposal(proposal: TestedProposal, look: Look, shown: GuardsShown): string[] {
  const { paint } = look;
  const ofStanding = (...standings: Standing[]): TestedSwitch[] =>
    proposal.tested.filter((one) => standings.includes(standingOf(one)));
  const sections = [
    showNeeded(ofStanding('needed', 'stale'), look),
    showOthers('No claim needs:', ofStanding('explained', 'unexplained'), look),
    showOthers('Decides only which errno is told:', ofStanding('errno'), look),
    showOthers('Explained as needed by no claim, and needed:', ofStanding('stale'), look),
    showOthers('Not known:', ofStanding('undecided'), look),
    proposal.isWhole ? showUnprotected(proposal, look) : [],
    ...(shown === 'in-full' ? proposal.tested.map((one) => showInFull(proposal, one, look)) : []),
    showEffort(proposal, look),
  ];
  return [
    paint.bold(`${proposal.name}: ${proposal.title}`),
    ...sections.filter((lines) => lines.length > 0).flatMap((lines) => ['', ...lines]),
  ];
}

function showNeeded(tested: readonly TestedSwitch[], look: Look): string[] {
  if (tested.length === 0) return [];
  const { paint } = look;
  const name = widest(tested.map((one) => one.name));
  const room = Math.max(LEAST_ROOM, look.width - name - GAP);
  const rows = tested.map((one) => [one.name, whatFalls(one.outcome, look, room).join('\n')]);
  return columns([['Switched off', 'What falls, and in how many calls'].map(paint.bold), ...rows]);
}

/** The claims that fall, a line for each, with the length of its shortest sequence. */
function whatFalls(outcome: SwitchOutcome, { paint, marks }: Look, room: number): string[] {
  if (outcome.kind === 'fails') {
    const sentence = `the rules cannot go on: ${outcome.calls.at(-1)!} fails ${afterCalls(outcome.calls.length - 1)}`;
    return wrapWords(sentence, room).map(paint.magenta);
  }
  if (outcome.kind !== 'falls') return [];
  const cells = outcome.fallen.map((finding) => `${finding.property} ${fallenCell(finding, marks.broken)}`);
  return cells.map(paint.yellow);
}

function fallenCell(finding: Finding, broken: string): string {
  if (finding.verdict.kind === 'violated') return `${broken} ${finding.verdict.counterexample.trace.length}`;
  return finding.verdict.kind === 'vacuous' ? 'vacuous' : 'missing';
}

function afterCalls(calls: number): string {
  return calls === 0 ? 'at once' : `after ${counted(calls, 'call')}`;
}

/** Names in one column; in the other what is to be said of them, and the reason given. */
function showOthers(title: string, tested: readonly TestedSwitch[], look: Look): string[] {
  if (tested.length === 0) return [];
  const room = Math.max(LEAST_ROOM, look.width - INDENT.length - widest(tested.map((one) => one.name)) - GAP);
  const rows = tested.map((one) => [one.name, remarks(one, look, room).join('\n')]);
  return [look.paint.bold(title), ...columns(rows).map((line) => INDENT + line)];
}

function remarks(one: TestedSwitch, { paint }: Look, room: number): string[] {
  const standing = standingOf(one);
  const said = wrapWords(difference(one.outcome), room).map(paint.dim);
  if (one.reason !== undefined) return [...said, ...wrapWords(one.reason, room)];
  return standing === 'unexplained' ? [...said, paint.red('unexplained')] : said;
}

function difference(outcome: SwitchOutcome): string {
  switch (outcome.kind) {
    case 'idle':
      return 'it never refuses a call';
    case 'errno':
      return 'other guards refuse the same calls';
    case 'unneeded':
      return outcome.sameStates
        ? 'calls come through, and lead nowhere new'
        : 'calls come through, and lead to other states';
    case 'undecided':
      return `nothing falls by sequences of up to ${counted(outcome.depth, 'call')}; longer ones were not looked at`;
    case 'falls':
    case 'fails':
      return 'something falls, see above';
  }
}

function showUnprotected(proposal: TestedProposal, { paint, width }: Look): string[] {
  const claims = unprotected(proposal);
  if (claims.length === 0) return [];
  return [
    paint.bold('No guard or reference alone protects:'),
    ...wrapWords(claims.join(', '), width - INDENT.length).map((line) => INDENT + line),
  ];
}

function showInFull(proposal: TestedProposal, { name, outcome }: TestedSwitch, look: Look): string[] {
  const { paint, width } = look;
  if (outcome.kind === 'fails') {
    return [
      ...hangingWords(`Without ${name}: ${outcome.message}`, width).map(paint.magenta),
      '',
      ...outcome.calls.map((call) => INDENT + call),
    ];
  }
  if (outcome.kind !== 'falls') return [];
  return outcome.fallen.flatMap((finding, i) => [
    ...(i === 0 ? [] : ['']),
    ...showHeaded(`without ${name}: ${proposal.name}`, finding, look, paint.yellow),
  ]);
}

function showEffort(
  { states, stoppedBy, bounds, tested, kept, milliseconds }: TestedProposal,
  look: Look,
): string[] {
  const within = Object.entries(bounds)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name}=${count}`);
  const looked = stoppedBy === undefined ? 'all' : `the first (stopped by: ${stoppedBy})`;
  const shortened = tested.some(({ outcome }) => outcome.kind === 'falls' && outcome.depth !== undefined);
  const sentences = [
    `${counted(kept.length, 'claim')} checked each time; as it is, it has ${looked} ${counted(states, 'state')} within ` +
      `${within.join(' ')}; ${(milliseconds / 1000).toFixed(1)} s.`,
    ...(shortened
      ? [
          'Where a claim has fallen the search ends early: others may fall by longer sequences (--max-states).',
        ]
      : []),
  ];
  return sentences.flatMap((sentence) => hangingWords(sentence, look.width).map(look.paint.dim));
}

/** How many of all that was switched off something needs. */
function showScore(report: GuardsReport, { paint, width }: Look): string[] {
  const tested = report.proposals.flatMap((proposal) => proposal.tested);
  const count = (standing: Standing): number => tested.filter((one) => standingOf(one) === standing).length;
  const needed = count('needed') + count('stale');
  const parts: readonly (readonly [number, string])[] = [
    [count('errno'), 'only for the errno'],
    [count('explained'), 'by no claim, and explained'],
    [count('unexplained'), 'by no claim, and unexplained'],
    [count('stale'), 'needed, and explained as if not'],
    [count('undecided'), 'not known'],
  ];
  const others = parts.filter(([number]) => number > 0).map(([number, text]) => `${number} ${text}`);
  const share = tested.length === 0 ? 0 : Math.round((100 * needed) / tested.length);
  const sentence =
    `${tested.length === 1 ? '1 guard or reference' : `${tested.length} guards and references`} switched off, one at a time: ` +
    `${needed} needed (${share} %)${others.map((other) => `, ${other}`).join('')}.`;
  const isGood = count('unexplained') + count('stale') === 0;
  return hangingWords(sentence, width).map(isGood ? paint.green : paint.red);
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}
