/** Sequence diagrams for Mermaid, https://mermaid.js.org/syntax/sequenceDiagram.html: who calls, and what comes back. */
import {
  callText,
  outcomeText,
  type Playback,
  type PlayedOutcome,
  type PlayedStep,
} from '../checker/playback.js';
import type { Account } from './account.js';
import { oneLine } from './wrap.js';

/** One diagram after the other, each under a comment that names it: a reader of Mermaid wants them one at a time. */
export function formatMermaid(accounts: readonly Account[]): string {
  if (accounts.length === 0) return '%% no counterexample\n';
  return accounts
    .map(({ proposal, property, playback, verdict }) => {
      const name = `${proposal.name} ${property.name}`;
      const conclusion = verdict.kind === 'broken' ? `broken: ${verdict.clause}` : verdict.kind;
      return `%% ${oneLine(name)}\n${sequenceDiagram(playback, { title: name, conclusion })}`;
    })
    .join('\n');
}

export interface DiagramTexts {
  readonly title?: string;
  /** A note under the last call. */
  readonly conclusion?: string;
}

const KERNEL = 'kernel';
/** Who calls where an operation has no actor: a packet arrives. */
const OUTSIDE = 'outside';

/** A played trace as one diagram. */
export function sequenceDiagram({ steps }: Playback, { title, conclusion }: DiagramTexts = {}): string {
  const callers = [...new Set(steps.map(callerOf))].sort();
  const people = [
    ...callers.filter((caller) => caller !== OUTSIDE),
    KERNEL,
    ...callers.filter((c) => c === OUTSIDE),
  ];
  const names = new Map(people.map((name, i) => [name, `p${i + 1}`]));
  const ends = [names.get(people[0]!)!, names.get(people.at(-1)!)!];
  const lines = [
    ...(title === undefined ? [] : [`title ${escaped(title)}`]),
    ...people.map((name) => `participant ${names.get(name)!} as ${escaped(name)}`),
    ...steps.flatMap((step, i) => stepLines(step, i, names.get(callerOf(step))!, names.get(KERNEL)!)),
    ...(conclusion === undefined
      ? []
      : [`Note over ${[...new Set(ends)].join(',')}: ${escaped(conclusion)}`]),
  ];
  return ['sequenceDiagram', ...lines.map((line) => `  ${line}`)].map((line) => `${line}\n`).join('');
}

function callerOf({ actor }: PlayedStep): string {
  return actor ?? OUTSIDE;
}

function stepLines(step: PlayedStep, index: number, caller: string, kernel: string): string[] {
  const { outcome, gained, lost } = step;
  const isRefused = outcome.kind === 'refused' || outcome.kind === 'impossible';
  const changes = [...gained.map((fact) => `+ ${fact}`), ...lost.map((fact) => `- ${fact}`)].map(escaped);
  return [
    `${caller}->>${kernel}: ${escaped(`${index + 1}. ${callText({ ...step, actor: undefined })}`)}`,
    ...(changes.length === 0 ? [] : [`Note over ${kernel}: ${changes.join('<br/>')}`]),
    `${kernel}${isRefused ? '--x' : '-->>'}${caller}: ${escaped(answerText(outcome))}`,
  ];
}

function answerText(outcome: PlayedOutcome): string {
  const guard = outcome.kind === 'refused' ? outcome.guard : undefined;
  return `${outcomeText(outcome)}${guard === undefined ? '' : ` (${guard})`}`;
}

/**
 * Text that ends no statement and starts no comment or markup: whatever could is written as its entity code, `#59;` for a
 * semicolon.
 */
function escaped(text: string): string {
  return oneLine(text).replaceAll(/[^\p{L}\p{N} _\-.,:=()/+?!'×→…]/gu, (c) => `#${c.codePointAt(0)!};`);
}
