/** How far each proposal was searched, and what ended the search. */
import { grouped as withCommas } from '../checker/grouped.js';
import { columns } from './columns.js';
import type { Look } from './look.js';
import type { CheckedProposal, Finding, Search } from './report.js';
import { counted } from './sentences.js';
import { hangingWords } from './wrap.js';

const HEADINGS = ['Searches', 'states', 'transitions', 'depth', 'ended', 'time', 'bounds met'];
const ALIGN = ['left', 'right', 'right', 'right', 'left', 'right', 'left'] as const;

/** A line for each search; under them within which bounds it was made, and how far claims hold that it did not decide. */
export function showSearches(proposals: readonly CheckedProposal[], { paint, width }: Look): string[] {
  const searched = proposals.filter(({ searches }) => searches.length > 0);
  if (searched.length === 0) return [];
  const rows = searched.flatMap(({ name, searches }) =>
    searches.map((search, i) => [i === 0 ? name : '', ...searchCells(search)]),
  );
  const shared = [boundsText, withoutText, symmetryText].flatMap((text) => grouped(searched, text));
  const notes = [...shared.flatMap((note) => hangingWords(note, width)), ...holdsUpTo(searched, width)];
  return [...columns([HEADINGS.map(paint.bold), ...rows], { align: ALIGN }), ...notes.map(paint.dim)];
}

function searchCells({ statistics, closed, stoppedBy, milliseconds, seed, shard }: Search): string[] {
  const { method, states, transitions, depth, runs, boundsMet } = statistics;
  const isRandom = method === 'random';
  const end = closed ? 'closed' : `stopped: ${stoppedBy ?? 'not said'}`;
  const drawn = seed === undefined ? '' : `, seed ${seed}`;
  const part = shard === undefined ? '' : `, part ${shard.index}/${shard.of}`;
  return [
    isRandom ? '' : withCommas(states),
    withCommas(transitions),
    String(depth),
    `${isRandom ? counted(runs, 'random run') : end}${isRandom || hasChance(statistics) ? drawn + part : ''}`,
    `${(milliseconds / 1000).toFixed(1)} s`,
    boundsMet.join(', '),
  ];
}

/** Whether the seed has a part in what was looked at. */
function hasChance({ coverage, fingerprints }: Search['statistics']): boolean {
  return coverage !== undefined || fingerprints !== undefined;
}

function boundsText({ bounds }: CheckedProposal): string {
  const given = Object.entries(bounds).filter(([, count]) => count > 0);
  return given.length === 0 ? '' : `within ${given.map(([name, count]) => `${name}=${count}`).join(' ')}`;
}

function withoutText({ without }: CheckedProposal): string {
  return without.length === 0 ? '' : `without ${without.join(', ')}`;
}

function symmetryText({ searches }: CheckedProposal): string {
  return searches.some(({ statistics }) => statistics.upToSymmetry)
    ? 'up to symmetry: one of all states that differ by swaps of interchangeable things is looked at and counted'
    : '';
}

/** What is said of proposals, once for all of which it is true. */
function grouped(
  proposals: readonly CheckedProposal[],
  textOf: (proposal: CheckedProposal) => string,
): string[] {
  const groups = new Map<string, string[]>();
  for (const proposal of proposals) {
    const text = textOf(proposal);
    if (text !== '') groups.set(text, [...(groups.get(text) ?? []), proposal.name]);
  }
  return [...groups].map(([text, names]) => {
    return `${names.length === proposals.length ? 'all' : names.join(', ')} ${text}`;
  });
}

/** For each bound up to which claims hold, how many do. */
function holdsUpTo(proposals: readonly CheckedProposal[], width: number): string[] {
  const longestName = Math.max(...proposals.map(({ name }) => name.length));
  const room = width - longestName - '  1,000  '.length;
  const rows = proposals.flatMap(({ name, findings }) =>
    [...countBounds(findings)].map(([bound, count], i) => {
      const text = `${count === 1 ? 'claim holds' : 'claims hold'} for ${bound}`;
      return [i === 0 ? name : '', String(count), hangingWords(text, room).join('\n')];
    }),
  );
  return columns(rows, { align: ['left', 'right'] });
}

function countBounds(findings: readonly Finding[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { verdict } of findings) {
    if (verdict.kind === 'holds-up-to') counts.set(verdict.bound, (counts.get(verdict.bound) ?? 0) + 1);
  }
  return counts;
}
