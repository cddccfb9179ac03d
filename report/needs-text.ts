/** What broken claims need, as a person reads it: a table of all, or one claim in full. */
import { columns, GAP } from './columns.js';
import type { Look } from './look.js';
import {
  isBroken,
  worthOf,
  type ClaimNeeds,
  type NeededRestriction,
  type NeededSet,
  type NeedsReport,
  type ProposalNeeds,
  type Worth,
} from './needs.js';
import { counted, findingText, lengthText } from './sentences.js';
import { showFinding } from './show-finding.js';
import { showPlayback } from './show-playback.js';
import { cellText } from './verdict-cell.js';
import { hangingWords, wrapWords } from './wrap.js';

const INDENT = '  ';

/** Characters that sets get at least in the table, however narrow the terminal. */
const LEAST_SETS = 40;

/** So many sets of a claim are all shown in the table. */
const FEW_SETS = 4;

/** Under these, something can still be attached. */
const OF_USE: readonly Worth[] = ['holds', 'up-to', 'silent'];

/** A table for each proposal: its broken claims, and the smallest sets of each. */
export function formatNeedsTable(report: NeedsReport, look: Look): string {
  return textOf(report.proposals.map((proposal) => showTable(proposal, report, look)));
}

/** Which sets are shown: those under which something can still be attached, or all. */
export type SetsShown = 'of-use' | 'all';

/** Each claim with its counterexample and its sets, and what each restriction of a set keeps out if that was asked for. */
export function formatNeedsClaims(report: NeedsReport, look: Look, shown: SetsShown): string {
  return textOf(report.proposals.map((proposal) => showClaims(proposal, report, look, shown)));
}

function textOf(sections: readonly (readonly string[])[]): string {
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function showTable(proposal: ProposalNeeds, report: NeedsReport, look: Look): string[] {
  const { paint, marks, width } = look;
  const broken = proposal.claims.filter(isBroken);
  const names = Math.max(0, ...broken.map(({ finding }) => finding.property.length));
  const cells = Math.max(0, ...broken.map(({ finding }) => cellText(finding, marks).length));
  const room = Math.max(LEAST_SETS, width - INDENT.length - names - cells - 2 * GAP);
  const rows = broken.map((claim) => [
    claim.finding.property,
    paint.yellow(cellText(claim.finding, marks)),
    smallestSets(claim, proposal, report, room).join('\n'),
  ]);
  return [
    paint.bold(`${proposal.name}: ${proposal.title}`),
    '',
    ...(broken.length === 0
      ? [noneBroken(proposal)]
      : columns([['Broken claim', '', 'It holds'].map(paint.dim), ...rows])),
    '',
    ...hangingWords(effort(proposal, report), width).map(paint.dim),
  ].map((line) => line.trimEnd());
}

function noneBroken({ claims }: ProposalNeeds): string {
  const isKept = claims.every(({ finding }) => ['holds', 'vacuous'].includes(finding.verdict.kind));
  return isKept ? 'No claim is broken.' : 'No claim is broken as far as was looked.';
}

/** The best sets there are: all if they are few, else the smallest of them and how many others are as good. */
function smallestSets(
  claim: ClaimNeeds,
  proposal: ProposalNeeds,
  report: NeedsReport,
  room: number,
): string[] {
  const worth = OF_USE.find((one) => setsWorth(claim, one).length > 0);
  if (worth === undefined) return hangingWords(noAnswer(proposal, report), room);
  const sets = setsWorth(claim, worth);
  const size = Math.min(...sets.map(({ restrictions }) => restrictions.length));
  const isFew = sets.length <= FEW_SETS;
  const smallest = sets.filter(({ restrictions }) => isFew || restrictions.length === size);
  const larger = sets.length - smallest.length;
  return [
    ...(worth === 'holds' ? [] : hangingWords(`(${REMARKS[worth]})`, room)),
    ...smallest.flatMap((set, i) => hangingWords(`${i === 0 ? '' : 'or '}if ${sentenceOf(set)}`, room)),
    ...(larger > 0 ? [`(and ${counted(larger, 'larger set')})`] : []),
  ];
}

const REMARKS: Readonly<Record<Exclude<Worth, 'holds'>, string>> = {
  'up-to': 'as far as was looked',
  silent: 'only because its situation never arises',
  useless: 'only because nothing is attached any more',
};

function showClaims(proposal: ProposalNeeds, report: NeedsReport, look: Look, shown: SetsShown): string[] {
  return apart([
    ...proposal.claims.map((claim) => showClaim(claim, proposal, report, look, shown)),
    hangingWords(effort(proposal, report), look.width).map(look.paint.dim),
  ]);
}

function showClaim(
  claim: ClaimNeeds,
  proposal: ProposalNeeds,
  report: NeedsReport,
  look: Look,
  shown: SetsShown,
): string[] {
  const { verdict, property } = claim.finding;
  const { paint, width } = look;
  if (verdict.kind !== 'violated') {
    const sentence = `${property} is not broken on ${proposal.name}: ${findingText(claim.finding)}`;
    return hangingWords(sentence, width).map(paint.green);
  }
  const headline = `${property} is broken on ${proposal.name} ${lengthText(verdict.counterexample.trace.length)}:`;
  const worths: readonly Worth[] = shown === 'all' ? [...OF_USE, 'useless'] : OF_USE;
  const holds = setsWorth(claim, 'holds').length + setsWorth(claim, 'up-to').length > 0;
  return apart([
    hangingWords(headline, width).map(paint.yellow),
    showFinding(claim.finding, look),
    holds ? [] : hangingWords(`${sentenceCase(noAnswer(proposal, report))}.`, width),
    ...worths.map((worth) => showSets(setsWorth(claim, worth), worth, look)),
    shown === 'all' ? [] : leftOut(setsWorth(claim, 'useless').length, look),
  ]);
}

function leftOut(useless: number, { paint, width }: Look): string[] {
  if (useless === 0) return [];
  const sets = useless === 1 ? '1 other set leaves' : `${useless} other sets leave`;
  const sentence = `${sets} nothing attached: --all shows ${useless === 1 ? 'it' : 'them'}.`;
  return hangingWords(sentence, width).map(paint.dim);
}

/** Blocks of lines with an empty line between each two. */
function apart(blocks: readonly (readonly string[])[]): string[] {
  return blocks.filter((lines) => lines.length > 0).flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]));
}

const HEADINGS: Readonly<Record<Worth, string>> = {
  holds: 'It holds',
  'up-to': 'As far as was looked, it holds',
  silent: 'It is not broken, only because its situation never arises,',
  useless: 'It is not broken, only because nothing is attached any more,',
};

function showSets(sets: readonly NeededSet[], worth: Worth, look: Look): string[] {
  if (sets.length === 0) return [];
  const blocks = sets.map((set, i) => showSet(set, i === 0, look));
  const isExplained = sets.some(({ needed }) => needed.length > 0);
  return [look.paint.bold(HEADINGS[worth]), ...(isExplained ? apart(blocks) : blocks.flat())];
}

function showSet(set: NeededSet, isFirst: boolean, look: Look): string[] {
  const sentence = `${isFirst ? '' : 'or '}if ${sentenceOf(set)}`;
  const lines = hangingWords(sentence, look.width - INDENT.length).map(
    (line) => INDENT + look.paint.green(line),
  );
  return apart([lines, ...set.needed.map((needed) => showNeeded(needed, look))]);
}

/** What a restriction keeps out. */
function showNeeded({ restriction, instead, clause, playback }: NeededRestriction, look: Look): string[] {
  const indent = INDENT.repeat(3);
  const narrower = { ...look, width: look.width - indent.length };
  const weaker = instead.at(-1);
  const change =
    weaker === undefined
      ? `Without "${restriction.sentence}"`
      : `With "${weaker.sentence}" instead of "${restriction.sentence}"`;
  return [
    ...wrapWords(`${change}, ${clause}:`, narrower.width),
    ...showPlayback(playback, narrower).map((line) => INDENT + line),
  ].map((line) => indent + line);
}

function setsWorth({ sets }: ClaimNeeds, worth: Worth): NeededSet[] {
  return sets.filter((set) => worthOf(set) === worth);
}

function sentenceOf({ restrictions, verdict }: NeededSet): string {
  const sentence = restrictions.map((restriction) => restriction.sentence).join(' and ');
  return verdict.kind === 'holds-up-to' ? `${sentence}, for ${verdict.bound}` : sentence;
}

/** Said of a claim that no set makes hold in its situation. */
function noAnswer({ stoppedBy }: ProposalNeeds, { size }: NeedsReport): string {
  const sets = size === 1 ? 'single restriction' : `set of up to ${size} restrictions`;
  return stoppedBy === undefined
    ? `no ${sets} makes it hold where it speaks`
    : `nothing found (stopped by: ${stoppedBy})`;
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** How much was tried. */
function effort({ stoppedBy, ...tried }: ProposalNeeds, { size }: NeedsReport): string {
  const { restrictions, searches, states, milliseconds } = tried;
  const scope = `sets of up to ${size} of ${counted(restrictions, 'restriction')}`;
  const work = `${counted(searches, 'set')} searched, ${counted(states, 'state')}, ${(milliseconds / 1000).toFixed(1)} s`;
  return stoppedBy === undefined
    ? `All ${scope} were considered (${work}).`
    : `Not all ${scope} were considered: stopped by ${stoppedBy} (${work}).`;
}
