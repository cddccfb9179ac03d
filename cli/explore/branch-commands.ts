/** Taking calls back, making them again, and going another way. */
import { remedyFor } from '../../corpus/index.js';
import { counted } from '../../report/index.js';
import { UsageError } from '../errors.js';
import { wholeNumber } from '../option-values.js';
import { sayLastCall, type Exploration, type ExploreCommand } from './exploration.js';

export const branchCommands: readonly ExploreCommand[] = [
  {
    usage: 'undo [calls]',
    aliases: ['u'],
    summary: 'takes back the last call, or so many',
    run(exploration, [count]) {
      const made = exploration.session.trace.length;
      if (made === 0) throw new UsageError('No call is made: there is nothing to take back.');
      goTo(exploration, made - numberIn(count, 'undo', 1, made, 1));
    },
  },
  {
    usage: 'redo [calls]',
    aliases: ['r'],
    summary: 'makes a call again that was taken back, or so many',
    run(exploration, [count]) {
      const { session } = exploration;
      if (session.undone === 0)
        throw new UsageError('No call was taken back: there is nothing to make again.');
      for (let left = numberIn(count, 'redo', 1, session.undone, 1); left > 0; left--) {
        session.goTo(session.trace.length + 1);
        sayLastCall(exploration);
      }
    },
  },
  {
    usage: 'back <call>',
    summary: 'goes to where this call had just been made; 0 is the beginning',
    run(exploration, [call]) {
      goTo(exploration, numberIn(call, 'back', 0, exploration.session.branch.calls.length));
    },
  },
  {
    usage: 'fork [call] [name]',
    summary: 'begins a branch behind this call, or here; the other stays as it is',
    run(exploration, words) {
      const { session } = exploration;
      const { length } = session.branch.calls;
      const [place, name] = /^\d+$/.test(words[0] ?? '') ? words : [String(session.trace.length), words[0]];
      const calls = numberIn(place, 'fork', 0, length);
      if (name !== undefined && session.branches.some((branch) => branch.name === name)) {
        throw new UsageError(`There is a branch '${name}': 'branch ${name}' goes there.`);
      }
      session.goTo(calls);
      session.fork(name);
      exploration.say(`On ${session.branch.name}, with ${counted(calls, 'call')}.`);
    },
  },
  {
    usage: 'branches',
    summary: 'the branches there are',
    run(exploration) {
      const { session } = exploration;
      const { paint } = exploration.look();
      for (const branch of session.branches) {
        const { name, calls, from } = branch;
        const origin = from ? `, from ${from.branch} behind call ${from.calls}` : '';
        const line = `${name}: ${counted(calls.length, 'call')}${origin}`;
        exploration.say(branch === session.branch ? paint.bold(`* ${line}`) : `  ${line}`);
      }
    },
  },
  {
    usage: 'branch <name>',
    summary: 'goes to the end of a branch',
    run(exploration, [name = '']) {
      const { session } = exploration;
      const names = session.branches.map((branch) => branch.name);
      if (!names.includes(name))
        throw new UsageError(`There is no branch '${name}': ${remedyFor(name, names)}`);
      session.switchTo(name);
      exploration.say(`On ${name}, with ${counted(session.trace.length, 'call')}.`);
    },
    complete: ({ session }) => session.branches.map(({ name }) => name),
  },
];

function goTo(exploration: Exploration, calls: number): void {
  const { session } = exploration;
  session.goTo(calls);
  const undone = session.undone > 0 ? `; ${session.undone} taken back, which redo makes again` : '';
  exploration.say(`${counted(calls, 'call')} made${undone}.`);
}

/** A number that a command takes; where it may be left out, what is meant then. */
export function numberIn(
  word: string | undefined,
  command: string,
  least: number,
  most: number,
  otherwise?: number,
): number {
  if (word === undefined && otherwise !== undefined) return otherwise;
  return wholeNumber(`'${command}'`, least, most)(word ?? '');
}
