/** The calls that can be made next as a person reads them: numbered, those that are accepted first. */
import { callText, outcomeText } from '../checker/playback.js';
import type { PossibleCall } from '../checker/possible-calls.js';
import { columns } from './columns.js';
import type { Look } from './look.js';
import { counted } from './sentences.js';
import { hangingWords } from './wrap.js';

/** A call, and the number by which it can be asked for; none where it cannot. */
export type NumberedCall = readonly [number: string | undefined, call: PossibleCall];

export function showPossibleCalls(calls: readonly NumberedCall[], look: Look): string[] {
  const { paint, width } = look;
  const isRefused = ([, { outcome }]: NumberedCall): boolean => outcome.kind === 'refused';
  const rows = calls.map((numbered) => [
    ...(numbered[0] === undefined ? [] : [numbered[0]]),
    callText(numbered[1]),
    isRefused(numbered) ? paint.yellow(outcomeText(numbered[1].outcome)) : outcomeText(numbered[1].outcome),
    paint.dim(guardOf(numbered[1])),
  ]);
  const isNumbered = calls.some(([number]) => number !== undefined);
  const lines = columns(rows, { align: [isNumbered ? 'right' : 'left'] }).map((line) => `  ${line}`);
  const accepted = calls.filter((call) => !isRefused(call)).length;
  const alike = calls.reduce((sum, [, call]) => sum + call.alike, 0);
  const left = `${counted(alike, 'more call')} ${alike === 1 ? 'differs' : 'differ'} from one of these in names only.`;
  return [
    ...(accepted > 0 ? [paint.bold('accepted'), ...lines.slice(0, accepted)] : []),
    ...(accepted < calls.length ? [paint.bold('refused'), ...lines.slice(accepted)] : []),
    ...(alike > 0 ? hangingWords(left, width).map(paint.dim) : []),
  ];
}

function guardOf({ outcome }: PossibleCall): string {
  return outcome.kind === 'refused' ? (outcome.guard ?? '') : '';
}
