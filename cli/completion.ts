/**
 * Completion in the shell, by @bomb.sh/tab: `holdfast completion bash` prints the script to source, which then asks
 * `holdfast complete -- …` what fits. Commands and options come from the program itself; what is said here is which arguments and
 * options take a name that Holdfast knows, or a file. Only built-in names are offered: loading a user's files would make the Tab
 * key wait for the compiler.
 */
import type { ArgumentHandler, OptionHandler } from '@bomb.sh/tab';
import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { BOUND_LIMITS } from '../model/kernel/model.js';
import { proposals, variants } from '../model/proposals/index.js';
import { properties } from '../properties/index.js';
import { storedScenarios } from './scenarios.js';

interface Word {
  readonly word: string;
  readonly about: string;
}

type Words = () => readonly Word[];

const ofProposals: Words = () =>
  [...proposals, ...variants].map(({ name, title }) => ({ word: name, about: title }));
const ofProperties: Words = () => properties.map(({ name, claim }) => ({ word: name, about: claim }));
const ofBounds: Words = () =>
  Object.entries(BOUND_LIMITS).map(([name, most]) => ({ word: `${name}=`, about: `at most ${most}` }));
const ofScenarios: Words = () => {
  try {
    return storedScenarios().map(({ name, scenario }) => ({ word: name, about: scenario.title }));
  } catch {
    // While somebody types is no time to complain about a file.
    return [];
  }
};
const sourceFiles: Words = () => files(/\.m?[jt]s$/);
const caseFiles: Words = () => files(/\.case$/);
const scenarioFiles: Words = () => files(/\.scenario$/);
const anyFiles: Words = () => files(/./);

/** What fits an argument of a command, by what the command calls it. */
const ARGUMENTS: Readonly<Record<string, readonly Words[]>> = {
  proposal: [ofProposals, sourceFiles],
  'proposal-a': [ofProposals, sourceFiles],
  'proposal-b': [ofProposals, sourceFiles],
  claim: [ofProperties],
  name: [ofProposals, ofProperties, caseFiles],
  case: [caseFiles],
  file: [anyFiles],
};

/** What fits an option, by its name. */
const OPTIONS: Readonly<Record<string, readonly Words[]>> = {
  property: [ofProperties, sourceFiles],
  bounds: [ofBounds],
  file: [sourceFiles],
  case: [caseFiles],
  scenario: [ofScenarios, scenarioFiles],
  config: [sourceFiles],
  corpus: [anyFiles],
};

/** Adds `completion` and the hidden `complete` to a program; to be called when it has all its commands. */
export function addCompletion(program: Command): void {
  const root = tab(program, { completionCommandName: 'completion' });
  for (const [name, offered] of root.commands) {
    offered.description = program.commands.find((command) => command.name() === name)?.summary() ?? '';
    for (const [argument, { handler }] of offered.arguments) {
      const fitting = ARGUMENTS[argument];
      if (fitting && !handler) offered.arguments.get(argument)!.handler = offer(fitting);
    }
    for (const [option, found] of offered.options) {
      const fitting = OPTIONS[option] ?? choicesIn(found.description);
      if (fitting) found.handler = offer(fitting);
    }
  }
  describeCompletion(program);
}

function offer(fitting: readonly Words[]): ArgumentHandler & OptionHandler {
  return (complete) => {
    for (const { word, about } of fitting.flatMap((words) => words())) complete(word, about);
  };
}

/** An option that is described by a list of words, as `text, json`, takes one of them. */
function choicesIn(description: string): readonly Words[] | undefined {
  if (!/^[\w-]+(, [\w-]+)+$/.test(description)) return undefined;
  return [() => description.split(', ').map((word) => ({ word, about: '' }))];
}

/** The directories and the files of a kind in the directory of the word that is being typed. */
function files(kind: RegExp): Word[] {
  const typed = process.argv.at(-1) ?? '';
  const directory = typed.slice(0, typed.lastIndexOf('/') + 1);
  try {
    return readdirSync(path.resolve(directory), { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || kind.test(entry.name)))
      .map((entry) => ({ word: `${directory}${entry.name}${entry.isDirectory() ? '/' : ''}`, about: '' }));
  } catch {
    return []; // There is no such directory, and so nothing in it.
  }
}

function describeCompletion(program: Command): void {
  program.commands
    .find((command) => command.name() === 'completion')
    ?.summary('print a script that completes commands, options and names in your shell')
    .description(
      'Prints a script for a shell. Sourced when the shell starts, it completes commands, options, and the names of the ' +
        'built-in proposals and properties.',
    )
    .addHelpText(
      'after',
      `
Examples:
  holdfast completion bash      # in ~/.bashrc: source <(holdfast completion bash)
  holdfast completion zsh       # in ~/.zshrc: source <(holdfast completion zsh)
  holdfast completion fish      # into ~/.config/fish/completions/holdfast.fish

In bash it needs the package bash-completion.

Exit codes: 0, 64 usage.`,
    );
}
