/** Answers what is typed in an exploration: a command, or a call. */
import { callText, ImpureModelFault, ModelFault, PropertyFault } from '../../checker/index.js';
import { CaseSyntaxError, CorpusWriteError } from '../../corpus/index.js';
import { columns, hangingWords, wrapWords } from '../../report/index.js';
import { UsageError } from '../errors.js';
import { branchCommands } from './branch-commands.js';
import { callCommands, isCall, makeTypedCall, unknownWord } from './call-commands.js';
import { claimCommands } from './claim-commands.js';
import type { Partner } from './dialogue.js';
import { nameOf, type Exploration, type ExploreCommand } from './exploration.js';
import { searchCommands } from './search-commands.js';

const commands: readonly ExploreCommand[] = [
  ...callCommands,
  ...branchCommands,
  ...searchCommands,
  ...claimCommands,
  { usage: 'help', aliases: ['h', '?'], summary: 'these commands', run: sayHelp },
];

const QUIT = ['quit', 'exit', 'q'];

const KNOWN = [...commands.flatMap((command) => [nameOf(command), ...(command.aliases ?? [])]), ...QUIT];

/** How a result is named in front of a call. */
const NAMING = /^\s*(?:\S+\s*=\s*)?/;

export class Explorer implements Partner {
  /** Whether a line could not be answered. */
  failed = false;

  constructor(private readonly exploration: Exploration) {}

  get prompt(): string {
    const { proposal, session } = this.exploration;
    const { name } = session.branch;
    const place = name === 'main' ? '' : `${name}:`;
    return `${proposal.name} ${place}${session.trace.length}> `;
  }

  async answer(line: string): Promise<boolean> {
    const typed = line.trim();
    const [word = '', ...words] = typed.split(/\s+/);
    if (typed === '' || typed.startsWith('#')) return true;
    if (QUIT.includes(word)) return false;
    try {
      const command = words[0] === '=' ? undefined : commands.find((known) => isCalled(known, word));
      if (command) await command.run(this.exploration, words);
      else if (isCall(typed)) makeTypedCall(this.exploration, typed);
      else throw unknownWord(word, KNOWN);
    } catch (error) {
      if (!isOfInput(error)) throw error;
      this.failed = true;
      const { paint, marks, width } = this.exploration.look();
      this.exploration.say(...hangingWords(`${marks.unexpected} ${messageOf(error)}`, width).map(paint.red));
    }
    return true;
  }

  interrupt(): void {
    this.exploration.interrupted = true;
  }

  /** Commands and calls for the first word; what a command takes for those behind it. */
  complete(line: string): [string[], string] {
    const [word = '', ...words] = line.trimStart().split(/\s+/);
    const command = words.length > 0 ? commands.find((known) => isCalled(known, word)) : undefined;
    if (command) {
      const last = words.at(-1)!;
      return [(command.complete?.(this.exploration) ?? []).filter((name) => name.startsWith(last)), last];
    }
    const begun = line.slice(NAMING.exec(line)![0].length);
    const calls = this.possibleTexts();
    const fitting =
      begun === line.trimStart() ? [...KNOWN.filter((name) => name.length > 1), ...calls] : calls;
    return [fitting.filter((text) => text.startsWith(begun)), begun];
  }

  /** None where listing them meets a rule that throws: that is said when they are asked for. */
  private possibleTexts(): string[] {
    try {
      return this.exploration.session.possible().map(callText);
    } catch (error) {
      if (isOfInput(error)) return [];
      throw error;
    }
  }
}

function isCalled(command: ExploreCommand, word: string): boolean {
  return nameOf(command) === word || (command.aliases?.includes(word) ?? false);
}

/** Faults of what was typed, or of the proposal: the exploration goes on. */
function isOfInput(error: unknown): error is Error {
  const kinds = [UsageError, CaseSyntaxError, CorpusWriteError, ModelFault, PropertyFault, ImpureModelFault];
  return kinds.some((kind) => error instanceof kind);
}

/** A typed line has no file, and is in view: its column is enough. */
function messageOf(error: Error): string {
  if (!(error instanceof CaseSyntaxError)) return error.message;
  return `Column ${error.column}: ${error.problem}; ${error.remedy}`;
}

function sayHelp(exploration: Exploration): void {
  const { paint, width } = exploration.look();
  const rows: (readonly [usage: string, summary: string])[] = [
    ['A.load(prog)', 'makes a call; with a name for its result: prog1 = A.load(prog)'],
    ['3', "makes the third call that 'calls' lists; prog1 = 3 gives its result a name"],
    ...commands.map(({ usage, aliases = [], summary }) => [[usage, ...aliases].join(', '), summary] as const),
    ['quit, exit, q', 'ends the exploration; so does Ctrl-D'],
  ];
  const room = width - Math.max(...rows.map(([usage]) => usage.length)) - 2;
  const wrapped = rows.map(([usage, summary]) => [paint.bold(usage), wrapWords(summary, room).join('\n')]);
  exploration.say(...columns(wrapped));
}
