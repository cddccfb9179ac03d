/** A trace as a person reads it: numbered calls, what came of each, and what it changed. */
import { callText, outcomeText, type Playback, type PlayedStep } from '../checker/playback.js';
import { columns } from './columns.js';
import { createPaint, type Look, type Paint } from './look.js';

const HEADINGS = ['', 'who', 'call', 'outcome', 'what changed'];

/** The calls in aligned columns; where these are too wide, what changed stands under each call. */
export function showPlayback({ steps }: Playback, { paint, width }: Look): string[] {
  if (steps.length === 0) return [paint.dim('(no call: it is so in the first state)')];
  const isTooWide = columns(besideEachOther(steps, createPaint(false))).some((line) => line.length > width);
  return isTooWide ? underEachOther(steps, paint) : columns(besideEachOther(steps, paint));
}

function besideEachOther(steps: readonly PlayedStep[], paint: Paint): string[][] {
  return [
    HEADINGS.map(paint.dim),
    ...steps.map((step, i) => [...callCells(step, i, paint), changes(step, paint).join('\n')]),
  ];
}

function underEachOther(steps: readonly PlayedStep[], paint: Paint): string[] {
  const [head, ...calls] = columns([
    HEADINGS.slice(0, -1).map(paint.dim),
    ...steps.map((step, i) => callCells(step, i, paint)),
  ]);
  const indent = ' '.repeat(String(steps.length).length + 4);
  return [
    head!,
    ...steps.flatMap((step, i) => [calls[i]!, ...changes(step, paint).map((change) => indent + change)]),
  ];
}

function callCells(step: PlayedStep, index: number, paint: Paint): string[] {
  const outcome = outcomeText(step.outcome);
  return [
    String(index + 1),
    step.actor ?? '',
    callText({ ...step, actor: undefined }),
    step.outcome.kind === 'refused' ? paint.yellow(outcome) : outcome,
  ];
}

/** What a call changed, and which guard refused it, one line each. */
export function changes({ outcome, gained, lost }: PlayedStep, paint: Paint): string[] {
  return [
    ...(outcome.kind === 'refused' && outcome.guard !== undefined
      ? [paint.dim(`refused: ${outcome.guard}`)]
      : []),
    ...gained.map((fact) => paint.green(`+ ${fact}`)),
    ...lost.map((fact) => paint.red(`- ${fact}`)),
  ];
}
