/** What tells two designs apart, as a person reads it in a terminal. */
import type { Sides } from '../checker/alignment.js';
import type { OnlyThere } from '../checker/interface.js';
import { callText, outcomeText, type PlayedStep } from '../checker/playback.js';
import { columns } from './columns.js';
import { differenceText, stepsOf } from './diff-sentences.js';
import type { DiffReport, ShownDistinction } from './diff.js';
import type { Look } from './look.js';
import { counted } from './sentences.js';
import { showSideBySide } from './side-by-side.js';
import { hangingWords, wrapWords } from './wrap.js';

/** So many differences are shown in full unless all are asked for; the others get a line each. */
const IN_FULL = 8;

/** Characters that what only one side has gets at least, however narrow the terminal. */
const LEAST_ONLY = 40;

/** Characters of a call before it is continued on the next line. */
const LABEL_WIDTH = 36;

/** Which differences are shown with their calls; the others get a line each. */
export type DiffShown = 'first' | 'all' | 'none';

export function formatDiffText(report: DiffReport, look: Look, shown: DiffShown = 'first'): string {
  const inFull = { first: IN_FULL, all: Infinity, none: 0 }[shown];
  const { differences } = report;
  const sections = [
    showHeader(report, look),
    showInterface(report, look),
    ...differences.slice(0, inFull).map((difference, i) => showDifference(difference, i, report, look)),
    showInShort(report, inFull, look),
    showVerdict(report, look),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function titlesOf({ designs }: DiffReport): Sides<string> {
  return [designs[0].title, designs[1].title];
}

function showHeader(report: DiffReport, { paint, width }: Look): string[] {
  const bounds = Object.entries(report.bounds).filter(([, count]) => count > 0);
  const within = `within ${bounds.map(([name, count]) => `${name}=${count}`).join(' ')}`;
  return [
    ...hangingWords(titlesOf(report).join(' and '), width).map(paint.bold),
    ...hangingWords(within, width).map(paint.dim),
  ];
}

/** A table of what only one of the two has: whose it is, of which operation, and what. */
function showInterface(report: DiffReport, { paint, width }: Look): string[] {
  const titles = titlesOf(report);
  const groups = new Map<string, { readonly first: OnlyThere; readonly texts: string[] }>();
  for (const side of [0, 1] as const) {
    for (const item of report.interface.filter((one) => one.side === side)) {
      const place = placeOf(item);
      const group = groups.get(`${side} ${place}`) ?? { first: item, texts: [] };
      group.texts.push(onlyText(item));
      groups.set(`${side} ${place}`, group);
    }
  }
  if (groups.size === 0) return [paint.dim('Both have the same operations, arguments and checks.')];
  const rows = [...groups.values()].map(({ first, texts }) => [first, texts] as const);
  const places = rows.map(([item]) => placeOf(item));
  const taken =
    Math.max(...titles.map(({ length }) => length)) + Math.max(...places.map(({ length }) => length)) + 4;
  const room = Math.max(LEAST_ONLY, width - taken);
  return [
    paint.bold('Only one of them has:'),
    ...columns(
      rows.map(([{ side }, texts], i) => [
        i > 0 && rows[i - 1]![0].side === side ? '' : titles[side],
        paint.dim(places[i]),
        wrapWords(texts.join(', '), room).join('\n'),
      ]),
    ),
  ];
}

/** The operation that it is part of, or what it is itself. */
function placeOf({ what, operation }: OnlyThere): string {
  return what === 'operation' ? 'operations' : (operation ?? 'references');
}

function onlyText({ what, text }: OnlyThere): string {
  switch (what) {
    case 'name':
      return 'this name';
    case 'parameter':
      return `the parameter ${text}`;
    case 'number':
      return `hands out ${text}`;
    case 'reference':
      return `${text} keeps what it refers to`;
    case 'operation':
    case 'value':
    case 'guard':
      return text;
  }
}

function showDifference(
  difference: ShownDistinction,
  index: number,
  report: DiffReport,
  look: Look,
): string[] {
  return [
    ...headline(difference, index, report, look).map(look.paint.yellow),
    '',
    ...showCalls(difference, report, look),
  ];
}

function headline(
  difference: ShownDistinction,
  index: number,
  report: DiffReport,
  { width }: Look,
): string[] {
  const text = differenceText(difference, titlesOf(report));
  return hangingWords(`${index + 1}. ${text} [${counted(difference.length, 'call')}]`, width);
}

/** The calls, with what came of them on each side; the row in which the difference shows is marked. */
function showCalls(difference: ShownDistinction, report: DiffReport, look: Look): string[] {
  const { calls, length } = difference;
  const [one, other] = report.designs;
  const rows = calls.map((_, i) => stepsOf(difference, i));
  const label = rows.map(([a, b], i) => {
    const number = i < length ? `${i + 1} ` : '';
    return hangingWords(number + callText((a ?? b)!), LABEL_WIDTH).join('\n');
  });
  const cells = (side: 0 | 1): string[] =>
    rows.map((steps, i) => cellText(steps, side, i === length - 1, look));
  return showSideBySide(
    {
      label: { title: '', cells: label },
      columns: [
        { title: one.heading, cells: cells(0) },
        { title: other.heading, cells: cells(1) },
      ],
      firstDivergence: calls.length - 1,
    },
    look,
  );
}

/** What a call came to; before it the call itself where it reads otherwise than on the first side. */
function cellText(
  steps: Sides<PlayedStep | undefined>,
  side: 0 | 1,
  isLast: boolean,
  { paint }: Look,
): string {
  const step = steps[side];
  if (!step) return paint.dim('(not called)');
  const first = steps[0] ?? step;
  const own = written(step) === written(first) ? [] : [paint.dim(written(step))];
  return [
    ...own,
    paint.bold(outcomeText(step.outcome)),
    ...(isLast ? changes(step, steps[1 - side], paint) : []),
  ].join('\n');
}

/** A call without who makes it and what its result is called. */
function written(step: PlayedStep): string {
  return callText({ ...step, actor: undefined, result: undefined });
}

/** What refused the call, and what it changed here and not on the other side. */
function changes(
  { outcome, gained, lost }: PlayedStep,
  other: PlayedStep | undefined,
  paint: Look['paint'],
): string[] {
  const isOwn =
    (facts: readonly string[] = []) =>
    (fact: string): boolean =>
      !facts.includes(fact);
  return [
    ...(outcome.kind === 'refused' && outcome.guard !== undefined ? [paint.dim(outcome.guard)] : []),
    ...gained.filter(isOwn(other?.gained)).map((fact) => paint.green(`+ ${fact}`)),
    ...lost.filter(isOwn(other?.lost)).map((fact) => paint.red(`- ${fact}`)),
  ];
}

function showInShort(report: DiffReport, inFull: number, look: Look): string[] {
  const { differences } = report;
  const left = differences.slice(inFull);
  if (left.length === 0) return [];
  const lines = left.flatMap((difference, i) => headline(difference, inFull + i, report, look));
  return inFull === 0 ? lines : [...lines, look.paint.dim('(--all shows the calls of these too)')];
}

function showVerdict(report: DiffReport, { paint, width }: Look): string[] {
  const { differences, statistics, milliseconds } = report;
  const { states, calls, boundsMet } = statistics;
  const seconds = (milliseconds / 1000).toFixed(1);
  const effort = `${counted(states, 'joint state')}, ${counted(calls, 'joint call')}, ${seconds} s`;
  const met = boundsMet.length === 0 ? '' : `; bounds met: ${boundsMet.join(', ')}`;
  const colour = differences.length > 0 ? paint.yellow : paint.green;
  return [
    ...hangingWords(verdictText(report), width).map(colour),
    ...hangingWords(effort + met, width).map(paint.dim),
  ];
}

/** Whether they can be told apart, and how far was looked. */
export function verdictText(report: DiffReport): string {
  const { differences, closed, stoppedBy, statistics } = report;
  const [one, other] = titlesOf(report);
  const upTo = `sequences of up to ${counted(statistics.depth, 'call')}`;
  const end = stoppedBy === undefined || stoppedBy === 'depth' ? '' : ` (stopped by: ${stoppedBy})`;
  if (differences.length === 0) {
    return closed
      ? `${one} and ${other} cannot be told apart by any sequence of calls within the bounds.`
      : `${one} and ${other} cannot be told apart by ${upTo}${end}.`;
  }
  const shortest = `the shortest by ${counted(differences[0]!.length, 'call')}`;
  const ways =
    differences.length === 1
      ? `in one way, ${shortest.slice(13)}`
      : `in ${differences.length} ways, ${shortest}`;
  const looked = closed
    ? 'All sequences within the bounds were looked at, each up to its first difference.'
    : `All ${upTo} were looked at${end}.`;
  return `${one} and ${other} are told apart ${ways}. ${looked}`;
}
