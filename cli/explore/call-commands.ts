/** Calls: which are possible, making one, and what there is after it. */
import { callText, outcomeText, type PossibleCall } from '../../checker/index.js';
import { bindNext, parseTyped, remedyFor } from '../../corpus/index.js';
import { showPlayback, showPossibleCalls, showState, type NumberedCall } from '../../report/index.js';
import { UsageError } from '../errors.js';
import { makeCall, type Exploration, type ExploreCommand } from './exploration.js';

/** What errors about a typed line say it is in. */
const TYPED = 'here';

export const callCommands: readonly ExploreCommand[] = [
  {
    usage: 'calls [word…]',
    aliases: ['c'],
    summary: 'the calls possible now, numbered; only those with all the words in them',
    run(exploration, words) {
      const numbered = numberedCalls(exploration);
      const shown = numbered.filter(([, call]) => words.every((word) => textOf(call).includes(word)));
      if (shown.length === 0) {
        exploration.say(
          words.length > 0 ? `No possible call has '${words.join(' ')}' in it.` : 'No call is possible.',
        );
      }
      exploration.say(...showPossibleCalls(shown, exploration.look()));
    },
    complete: () => ['accepted', 'refused'],
  },
  {
    usage: 'state',
    aliases: ['s'],
    summary: 'what is there now',
    run: sayState,
  },
  {
    usage: 'trace',
    aliases: ['t'],
    summary: 'the calls made so far',
    run(exploration) {
      const { session } = exploration;
      exploration.say(...showPlayback(session.playback, exploration.look()));
      if (session.undone > 0) exploration.say(`${session.undone} taken back: redo makes them again.`);
    },
  },
];

/** The state, and what looking at it shows. */
export function sayState(exploration: Exploration): void {
  const { session } = exploration;
  const look = exploration.look();
  const seen = session.possible().filter(({ outcome }) => outcome.kind === 'saw');
  exploration.say(
    ...showState(session.view(), look),
    ...seen.map((call) => look.paint.dim(`${callText(call)} -> ${outcomeText(call.outcome)}`)),
  );
}

export function numberedCalls({ session }: Exploration): NumberedCall[] {
  return session.possible().map((call, i) => [String(i + 1), call]);
}

/** All that a filter can find in a possible call. */
function textOf(call: PossibleCall): string {
  const { outcome } = call;
  const guard = outcome.kind === 'refused' ? (outcome.guard ?? '') : '';
  const part = outcome.kind === 'refused' ? 'refused' : 'accepted';
  return `${callText(call)} ${outcomeText(outcome)} ${guard} ${part}`;
}

/** Makes the call that a line says: as it stands in a case, or by its number in the list, each with or without a name for its result. */
export function makeTypedCall(exploration: Exploration, line: string): void {
  const [, name, number] = /^(?:(\S+)\s*=\s*)?(\d+)$/.exec(line) ?? [];
  if (number === undefined) makeWrittenCall(exploration, line);
  else makeListedCall(exploration, number, name);
}

function makeWrittenCall(exploration: Exploration, line: string): void {
  const { session } = exploration;
  const written = parseTyped(line, TYPED);
  if (!written) return;
  const call = bindNext({ ...written, outcome: undefined }, session.machine, session, TYPED);
  makeCall(exploration, call, written.result);
  const got = outcomeText(session.playback.steps.at(-1)!.outcome);
  const { outcome: expected = got } = written;
  if (expected !== got && expected !== '?')
    exploration.say(exploration.look().paint.red(`expected ${expected}`));
}

function makeListedCall(exploration: Exploration, number: string, name: string | undefined): void {
  const calls = numberedCalls(exploration);
  const found = calls.find(([known]) => known === number);
  if (!found) throw new UsageError(`There are calls 1 to ${calls.length}: 'calls' lists them.`);
  const [, { call, ...words }] = found;
  // Written and read again, so that the name is checked as in a call that was typed; by its operation, so that it is this one.
  if (name === undefined) makeCall(exploration, call);
  else makeWrittenCall(exploration, callText({ ...words, verb: words.operation, result: name }));
}

/** Whether a line is meant as a call, not as a command. */
export function isCall(line: string): boolean {
  return /^\d+$/.test(line) || /^\S+\s*=/.test(line) || line.includes('(');
}

/** What an unknown word is answered. */
export function unknownWord(word: string, known: readonly string[]): UsageError {
  return new UsageError(`There is no command '${word}': ${remedyFor(word, known)}`);
}
