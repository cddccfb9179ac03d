/** What a difference comes to, in one sentence without a full stop. */
import type { Sides } from '../checker/alignment.js';
import type { ContrastFound, Refusal } from '../checker/distinction.js';
import { outcomeText, type PlayedStep } from '../checker/playback.js';
import type { ShownDistinction } from './diff.js';

/** What differs behind the calls, or in the last of them. */
export function differenceText(difference: ShownDistinction, titles: Sides<string>): string {
  const { how, operation, refusals } = difference;
  const [one, other] = titles;
  const call = operation ?? 'before any call';
  switch (how) {
    case 'outcome': {
      const [does, refuses] = refusals[0] ? [other, one] : [one, other];
      return `${call}: done in ${does}, refused in ${refuses} with ${refusalText(refusals[0] ?? refusals[1]!)}`;
    }
    case 'errno':
      return `${call}: refused in both, with ${refusalText(refusals[0]!)} in ${one} and ${refusalText(refusals[1]!)} in ${other}`;
    case 'possible':
      return `${call}: can be called in one of them only`;
    case 'object':
      return `${call}: hands out a number of another object`;
    case 'contrast':
      return `${call}${calledAlone(difference, titles)}: then ${contrastTexts(difference, titles).join('; ')}`;
  }
}

/** The steps of each side behind a joint call; undefined where a side was not called. */
export function stepsOf({ calls, playbacks }: ShownDistinction, call: number): Sides<PlayedStep | undefined> {
  const [a, b] = calls[call]!;
  return [playbacks[0].steps[a], playbacks[1].steps[b]];
}

function calledAlone({ calls, length }: ShownDistinction, titles: Sides<string>): string {
  const last = calls[length - 1];
  if (!last?.some((at) => at < 0)) return '';
  return ` in ${titles[last[0] < 0 ? 1 : 0]} alone`;
}

function contrastTexts(difference: ShownDistinction, titles: Sides<string>): string[] {
  let sights = 0;
  return difference.contrasts.map((contrast) => {
    if (contrast.kind === 'sight') return sightText(difference, difference.length + sights++, titles);
    return contrast.kind === 'alive'
      ? aliveText(difference, contrast, titles)
      : `they differ in ${contrast.name}`;
  });
}

function sightText(difference: ShownDistinction, call: number, titles: Sides<string>): string {
  const [a, b] = stepsOf(difference, call) as Sides<PlayedStep>;
  const look = `${a.verb}(${a.args.join(', ')})`;
  return `${look} shows ${outcomeText(a.outcome)} in ${titles[0]} and ${outcomeText(b.outcome)} in ${titles[1]}`;
}

function aliveText(
  { playbacks }: ShownDistinction,
  { contrast, objects }: ContrastFound,
  titles: Sides<string>,
): string {
  const side = contrast === 'only-first' ? 0 : 1;
  const name = playbacks[side].names[objects![side]] ?? 'an object';
  return `${name} is alive in ${titles[side]} only`;
}

function refusalText({ errno, guard }: Refusal): string {
  return guard === undefined ? errno : `${errno} (${guard})`;
}
