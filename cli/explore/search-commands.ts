/** Letting calls be found: at random, or those that break a claim next. */
import { setImmediate } from 'node:timers/promises';
import { NextBreachSearch, type NextBreach, type Property } from '../../checker/index.js';
import type { KernelState } from '../../model/kernel/model.js';
import { counted, hangingWords } from '../../report/index.js';
import { UsageError } from '../errors.js';
import { numberIn } from './branch-commands.js';
import { claimsNamed } from './claim-commands.js';
import { judge, makeCall, type Exploration, type ExploreCommand } from './exploration.js';

/** Calls of a walk, if no number is given; and the most it takes. */
const WALK = { calls: 10, most: 1000 };

/** States that `next` looks at before it gives up, and between two looks at whether it was interrupted. */
const MAX_STATES = 1_000_000;
const PORTION = 1 << 13;

export const searchCommands: readonly ExploreCommand[] = [
  {
    usage: 'walk [calls] [seed]',
    aliases: ['w'],
    summary: `makes ${WALK.calls} random calls, or so many; ends early where a claim breaks`,
    run(exploration, [calls, seed]) {
      const { session } = exploration;
      const count = numberIn(calls, 'walk', 1, WALK.most, WALK.calls);
      const drawnFrom = numberIn(seed, 'walk … seed', 0, 0x7fffffff, exploration.walks + 1);
      const drawn = session.draw(count, drawnFrom);
      exploration.walks++;
      exploration.say(exploration.look().paint.dim(`seed ${drawnFrom}`));
      if (drawn.length === 0) exploration.say('No call is possible.');
      for (const call of drawn) if (makeCall(exploration, call)) return;
    },
  },
  {
    usage: 'next [claim…]',
    aliases: ['n'],
    summary:
      'makes the fewest calls that break a watched claim; or one of these, which are watched from then on',
    run: next,
    complete: ({ properties }) => properties.map(({ name }) => name),
  },
];

async function next(exploration: Exploration, words: readonly string[]): Promise<void> {
  const asked = words.length > 0 ? claimsNamed(exploration, words) : exploration.watched;
  const wanted = words.length > 0 ? asked : asked.filter(({ kind }) => kind !== 'witness');
  const open = wanted.filter((property) => isOpen(exploration, property));
  if (open.length === 0) throw new UsageError(whyNone(wanted, words));
  // What is asked for is to be heard of when it happens.
  exploration.watched = [...new Set([...exploration.watched, ...asked])];
  const { session } = exploration;
  const found = await search(
    exploration,
    new NextBreachSearch(session.machine, open, session.trace, { maxStates: MAX_STATES }),
  );
  if (found.kind === 'found') for (const call of found.calls) makeCall(exploration, call);
  else exploration.say(...hangingWords(sentenceFor(found, open), exploration.look().width));
}

/** Whether it is still to be seen what a property comes to: not broken, or for a witness not reached, by the calls made. */
function isOpen(exploration: Exploration, property: Property<KernelState>): boolean {
  const { kind } = judge(exploration, property).verdict;
  return kind !== 'broken' && kind !== 'reached';
}

function whyNone(wanted: readonly Property<KernelState>[], words: readonly string[]): string {
  if (wanted.length === 0)
    return "No claim is watched: 'watch all' watches those that speak about the proposal.";
  return `${words.length > 0 ? 'These claims are' : 'All watched claims are'} broken or reached already: 'claims' says by which call.`;
}

async function search(exploration: Exploration, breach: NextBreachSearch<KernelState>): Promise<NextBreach> {
  exploration.interrupted = false;
  while (breach.advance(PORTION)) {
    await setImmediate();
    if (isInterrupted(exploration)) breach.stop('interrupted');
  }
  return breach.result();
}

function isInterrupted({ interrupted }: Exploration): boolean {
  return interrupted;
}

function sentenceFor(
  found: Exclude<NextBreach, { readonly kind: 'found' }>,
  open: readonly Property<KernelState>[],
): string {
  const breaks = open.every(({ kind }) => kind === 'witness') ? 'reaches' : 'breaks';
  const what = `${breaks} ${open.length === 1 ? open[0]!.name : 'any of these claims'}`;
  if (found.kind === 'none') return `Nothing from here ${what}: all states within the bounds were looked at.`;
  const { depth, states, stoppedBy } = found;
  const why = stoppedBy === 'states' ? counted(states, 'state') : stoppedBy;
  return `Nothing within ${counted(depth, 'call')} from here ${what}; farther was not looked (${why}).`;
}
