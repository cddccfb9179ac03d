/**
 * A counterexample as a mail to a list: plain text in ASCII within 72 columns, without markup, to be pasted as it stands. It
 * says what is broken and where that was promised, the calls, the state before and after the last one, and how to see it again.
 */
import { callText, outcomeText, type PlayedStep } from '../checker/playback.js';
import type { Account } from './account.js';
import { toAscii } from './ascii.js';
import { foldBehind, foldCommand } from './fold.js';
import { counted } from './sentences.js';
import { oneLine } from './wrap.js';

/** What mailing lists ask for, so that a line can be quoted a few times and still fits a terminal. */
export const MAIL_WIDTH = 72;

const INDENT = '  ';

/** One mail after the other, with a line of equals signs between two. */
export function formatMail(accounts: readonly Account[]): string {
  if (accounts.length === 0) return 'No counterexample.\n';
  return accounts.map(mailText).join(`\n${'='.repeat(MAIL_WIDTH)}\n\n`);
}

function mailText(account: Account): string {
  const { origins = [], property, expectedReason, reproduce } = account;
  const paragraphs = [
    ...(account.title === undefined ? [] : [prose(`${account.title}${references(origins)}`)]),
    prose(`${openingOf(account)}:`),
    [`${property.name}:`, ...indented(`${property.claim} [1]`)],
    ...callParagraphs(account),
    prose(conclusionOf(account)),
    ...(expectedReason === undefined ? [] : [prose(`This is known of the design: ${expectedReason}.`)]),
    ['To see it again:', '', ...foldCommand(toAscii(reproduce), INDENT, MAIL_WIDTH)],
    [property.source, ...origins].flatMap((source, i) => folded(`[${i + 1}] `, source)),
  ];
  const lines = paragraphs
    .map((paragraph) => paragraph.join('\n'))
    .join('\n\n')
    .split('\n');
  return lines.map((line) => `${unquoted(line)}\n`).join('');
}

function openingOf({ proposal, playback, verdict }: Account): string {
  const calls = playback.steps.length;
  const design = `${proposal.name} (${proposal.title})`;
  const without = proposal.without.length === 0 ? '' : `, with ${proposal.without.join(', ')} switched off`;
  const subject = calls === 0 ? 'The first state' : counted(calls, 'call');
  const one = calls < 2;
  switch (verdict.kind) {
    case 'broken':
      return `${subject} ${one ? 'breaks' : 'break'} a claim made for ${design}${without}`;
    case 'kept':
      return `${subject} ${one ? 'keeps' : 'keep'} a claim made for ${design}${without}`;
    case 'reached':
      return `${subject} ${one ? 'leads' : 'lead'} where ${design}${without} must be able to get`;
  }
}

function conclusionOf({ playback, verdict }: Account): string {
  const last = playback.steps.length;
  if (verdict.kind === 'kept') return 'None of the calls breaks the claim.';
  if (verdict.kind === 'reached') return last === 0 ? 'It is so from the start.' : `Call ${last} gets there.`;
  const objects = Object.entries(verdict.objects).map(([part, name]) => `${part}: ${name}`);
  const named = objects.length === 0 ? '' : ` (${objects.join(', ')})`;
  return `Broken ${last === 0 ? 'from the start' : `by call ${last}`}: ${verdict.clause}${named}.`;
}

/** `[2] [3]`: the sources behind the first one, which is the claim's. */
function references(origins: readonly string[]): string {
  return origins.map((_, i) => ` [${i + 2}]`).join('');
}

/** The numbered calls, and what is true around the one that breaks the claim, or at the end if none does. */
function callParagraphs({ playback: { steps, initialFacts }, verdict }: Account): string[][] {
  const last = steps.at(-1);
  if (!last) return [['True from the start:', ...factLines(initialFacts)]];
  const calls = ['The calls, and what each of them changed:', '', ...callLines(steps)];
  if (verdict.kind !== 'broken') return [calls, ['True at the end:', ...factLines(last.facts)]];
  return [
    calls,
    [`True before call ${steps.length}:`, ...factLines(steps.at(-2)?.facts ?? initialFacts)],
    last.gained.length + last.lost.length === 0
      ? ['True after it: the same.']
      : ['True after it:', ...factLines(last.facts)],
  ];
}

function factLines(facts: readonly string[]): string[] {
  return facts.length === 0
    ? [`${INDENT}nothing to speak of`]
    : facts.flatMap((fact) => folded(INDENT, fact));
}

/** Each call as a case writes it, the outcomes below each other as far as there is room, and under it what it changed. */
function callLines(steps: readonly PlayedStep[]): string[] {
  const digits = String(steps.length).length;
  const calls = steps.map((step) => toAscii(callText(step)));
  const outcomes = steps.map((step) => `-> ${toAscii(outcomeWords(step))}`);
  const room = MAIL_WIDTH - INDENT.length - digits - '. '.length;
  const fitting = calls.filter((call, i) => call.length + 1 + outcomes[i]!.length <= room);
  const column = Math.max(0, ...fitting.map((call) => call.length));
  return steps.flatMap(({ gained, lost }, i) => {
    const head = `${INDENT}${String(i + 1).padStart(digits)}. `;
    const aligned = `${calls[i]!.padEnd(column)} ${outcomes[i]!}`;
    const indent = ' '.repeat(head.length + INDENT.length);
    return [
      ...(aligned.length <= room ? [head + aligned] : folded(head, `${calls[i]!} ${outcomes[i]!}`)),
      ...gained.flatMap((fact) => folded(`${indent}+ `, fact)),
      ...lost.flatMap((fact) => folded(`${indent}- `, fact)),
    ];
  });
}

function outcomeWords({ outcome }: PlayedStep): string {
  const guard = outcome.kind === 'refused' ? outcome.guard : undefined;
  return guard === undefined ? outcomeText(outcome) : `${outcomeText(outcome)} (${guard})`;
}

function prose(text: string): string[] {
  return folded('', text);
}

function indented(text: string): string[] {
  return folded(INDENT, text);
}

/** One column is kept free for what {@link unquoted} may put in front. */
function folded(head: string, text: string): string[] {
  return foldBehind(head, toAscii(oneLine(text)), MAIL_WIDTH - 1);
}

/** Mailboxes take a line with `From ` for the next mail, and readers one with `>` for a quotation: such a line is moved. */
function unquoted(line: string): string {
  return /^(From |>)/.test(line) ? ` ${line}` : line;
}
