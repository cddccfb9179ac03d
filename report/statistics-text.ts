/** What the searches tried, and what came of it: for each operation and guard, and for each witness. */
import { grouped } from '../checker/grouped.js';
import type { OperationStatistics } from '../checker/verdict.js';
import { columns } from './columns.js';
import type { Look } from './look.js';
import type { CheckedProposal, Finding, Search } from './report.js';
import { counted, verdictText } from './sentences.js';
import { showPlayback } from './show-playback.js';
import { hangingWords } from './wrap.js';

const HEADINGS = ['operation', 'tried', 'done', 'refused', 'by'];
const ALIGN = ['left', 'right', 'right', 'right', 'left'] as const;
const INDENT = '  ';

/** Calls that were done or refused; those that the model has no room for are not tried. */
export function triedIn({ done, refused, refusedLate }: OperationStatistics): number {
  return done + sumOf(refused) + sumOf(refusedLate);
}

export function showStatistics(proposals: readonly CheckedProposal[], look: Look): string[] {
  return proposals.flatMap((proposal, i) => [
    ...(i === 0 ? [] : ['']),
    ...proposal.searches.flatMap((search) => [...showCalls(proposal.name, search, look), '']),
    ...showWitnesses(proposal, look),
  ]);
}

function showCalls(name: string, { statistics }: Search, { paint, width }: Look): string[] {
  const { method, operations } = statistics;
  // What only looks is tried by no search.
  const followed = operations.filter((one) => triedIn(one) > 0 || sumOf(one.keptBack) > 0 || hasGuards(one));
  const rows = followed.map((one) => [
    one.operation,
    grouped(triedIn(one)),
    grouped(one.done),
    grouped(sumOf(one.refused) + sumOf(one.refusedLate)),
    refusers(one).join('\n'),
  ]);
  const notes = [
    ...listed(
      'never done',
      followed.filter(({ done }) => done === 0).map(({ operation }) => operation),
    ),
    ...listed('guards that refused nothing', followed.flatMap(idleGuards)),
    ...listed('not tried for want of room', bounds(followed)),
  ];
  return [
    paint.bold(`${name}: calls of the ${method} search`),
    ...columns([HEADINGS.map((heading) => paint.dim(heading)), ...rows], { align: ALIGN }),
    ...notes.flatMap((note) => hangingWords(note, width)),
  ];
}

function refusers({ refused, refusedLate }: OperationStatistics): string[] {
  const counts = [
    ...Object.entries(refused),
    ...Object.entries(refusedLate).map(([errno, count]) => [`the effect, ${errno}`, count] as const),
  ].filter(([, count]) => count > 0);
  return columns(
    counts.map(([guard, count]) => [grouped(count), guard]),
    { align: ['right'] },
  );
}

function hasGuards({ refused }: OperationStatistics): boolean {
  return Object.keys(refused).length > 0;
}

function idleGuards({ operation, refused }: OperationStatistics): string[] {
  return Object.entries(refused).flatMap(([guard, count]) => (count === 0 ? [`${operation}/${guard}`] : []));
}

/** How many calls each bound kept back, of all operations together. */
function bounds(operations: readonly OperationStatistics[]): string[] {
  const totals = new Map<string, number>();
  for (const { keptBack } of operations) {
    for (const [bound, count] of Object.entries(keptBack))
      totals.set(bound, (totals.get(bound) ?? 0) + count);
  }
  return [...totals].map(([bound, count]) => `${counted(count, 'call')} by ${bound}`);
}

function listed(what: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${what}: ${items.join(', ')}`];
}

function showWitnesses({ name, findings }: CheckedProposal, look: Look): string[] {
  const witnesses = findings.filter(({ kind }) => kind === 'witness');
  if (witnesses.length === 0) return [];
  const narrower = { ...look, width: look.width - INDENT.length };
  return [
    look.paint.bold(`${name}: witnesses`),
    ...witnesses.flatMap((finding, i) => [...(i === 0 ? [] : ['']), ...showWitness(finding, narrower)]),
  ];
}

function showWitness(finding: Finding, look: Look): string[] {
  const { property, spoke, example, nearest } = finding;
  const met = spoke === 0 ? '' : `, and true in ${counted(spoke, 'state')}`;
  const headline = hangingWords(`${property}: ${verdictText(finding)}${met}`, look.width);
  const playback = example ?? nearest?.playback;
  const near = nearest
    ? hangingWords(
        `nearest: ${nearest.met.length} of ${nearest.met.length + nearest.missing.length} conditions; ` +
          `${nearest.met.length > 0 ? `met: ${nearest.met.join(', ')}; ` : ''}missing: ${nearest.missing.join(', ')}`,
        look.width,
      )
    : [];
  const calls = playback ? showPlayback(playback, look) : [];
  return [...headline, ...[...near, ...calls].map((line) => INDENT + line)];
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
