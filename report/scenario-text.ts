/** A scenario as a person reads it: the designs side by side, step by step. */
import { callText } from '../checker/playback.js';
import type { Outcome, RunStep } from '../scenario/index.js';
import type { PlayedScenario } from './comparison.js';
import type { Look } from './look.js';
import { counted } from './sentences.js';
import { showSideBySide } from './side-by-side.js';
import { hangingWords, wrapName } from './wrap.js';

/** Longer names of guards are broken after a hyphen. */
const GUARD_WIDTH = 18;

/** What stands in a cell: what the step comes to; or also the calls that it becomes in the design. */
export type CellDetail = 'outcomes' | 'calls';

export function showScenario(played: PlayedScenario, detail: CellDetail, look: Look): string[] {
  const { scenario, runs, divergence } = played;
  const { paint, width } = look;
  const columns = runs.map(({ proposal, steps }) => ({
    title: proposal,
    cells: steps.map((step) => cell(step, detail, look)),
  }));
  const label = { title: 'step', cells: scenario.steps.map(({ call }) => callText(call)) };
  return [
    ...hangingWords(scenario.title, width).map(paint.bold),
    ...scenario.origins.flatMap((origin) => hangingWords(`origin  ${origin}`, width).map(paint.dim)),
    '',
    ...showSideBySide({ label, columns, firstDivergence: divergence?.step }, look),
    '',
    ...showConclusion(played, look),
  ];
}

function cell({ outcome, calls }: RunStep, detail: CellDetail, look: Look): string {
  // Who calls is said in the step, and so is the packet.
  const made = (outcome.kind === 'met' ? [] : calls).map((call) =>
    look.paint.cyan(callText({ ...call, actor: undefined })),
  );
  return [...outcomeLines(outcome, look), ...(detail === 'calls' ? made : [])].join('\n');
}

function outcomeLines(outcome: Outcome, { paint, marks }: Look): string[] {
  switch (outcome.kind) {
    case 'done':
      return ['ok'];
    case 'met':
      return [outcome.programs.length === 0 ? paint.red('nothing') : paint.green(outcome.programs.join(' '))];
    case 'nothing-to-do':
      return [paint.dim(`${marks.silent} ${outcome.why}`)];
    case 'refused':
      return [
        paint.magenta(outcome.errno),
        ...(outcome.guard === undefined ? [] : wrapName(outcome.guard, GUARD_WIDTH).map(paint.dim)),
      ];
    case 'out-of-reach':
      return [paint.magenta('out of reach:'), paint.dim(outcome.why)];
    case 'cannot-be-said':
      return [paint.bold('cannot be said:'), paint.dim(outcome.why)];
  }
}

/** Where the designs part, which of them cannot say it all, and what the mark in a cell means. */
function showConclusion({ runs, divergence, unsaid, scenario }: PlayedScenario, look: Look): string[] {
  const { width, marks, paint } = look;
  const reasons = [...new Set(unsaid.map(({ why }) => why))];
  const sentences = [
    ...unsaidSentences(),
    divergence === undefined
      ? agreement(runs.length - unsaid.length, unsaid.length === 0)
      : `${marks.diverges} First difference, at ${callText(scenario.steps[divergence.step]!.call)}: ` +
        `${divergence.groups.map(({ gist, proposals }) => `${gist} in ${proposals.join(', ')}`).join('; ')}.`,
  ];
  const idle = runs.some(({ steps }) => steps.some(({ outcome }) => outcome.kind === 'nothing-to-do'));
  return [
    ...sentences.flatMap((sentence) => hangingWords(sentence, width)),
    ...(idle
      ? [
          paint.dim(
            `${marks.silent} Nothing is done, and nothing need be: the design has no such descriptor.`,
          ),
        ]
      : []),
  ];

  function unsaidSentences(): string[] {
    return reasons.map((reason) => {
      const silent = unsaid.filter(({ why }) => why === reason).map(({ proposal }) => proposal);
      return `${silent.join(', ')} cannot say it all: ${reason}.`;
    });
  }
}

function agreement(designs: number, isEverybody: boolean): string {
  if (designs === 0) return 'No design can say it all.';
  if (designs === 1) return 'One design can say it all.';
  return isEverybody
    ? 'They agree at every step.'
    : `${counted(designs, 'design')} can say it all, and agree at every step.`;
}
