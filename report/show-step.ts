/** One call as a person reads it right after it was made. */
import { callText, outcomeText, type PlayedStep } from '../checker/playback.js';
import type { Look } from './look.js';
import { changes } from './show-playback.js';

/** The call with its number in the trace, what it came to, and what it changed. */
export function showStep(step: PlayedStep, number: number, { paint }: Look): string[] {
  const outcome = outcomeText(step.outcome);
  const colour = step.outcome.kind === 'refused' ? paint.yellow : paint.bold;
  const label = `${number}  `;
  const indent = ' '.repeat(label.length);
  return [
    `${paint.dim(label)}${callText(step)} -> ${colour(outcome)}`,
    ...changes(step, paint).map((line) => indent + line),
  ];
}
