#!/usr/bin/env node
/** The command. Everything it can do is a function of the library; here are only options, output and exit codes. */
import { Command, CommanderError } from 'commander';
import { addCheckCommand } from './commands/check.js';
import { addCorpusCommands } from './commands/corpus.js';
import { addListCommands } from './commands/list.js';
import { addReplayCommand } from './commands/replay.js';
import { failureOf } from './errors.js';
import { EXIT } from './exit-codes.js';
import { version } from './version.js';

function createProgram(): Command {
  const program = new Command('holdfast')
    .description(
      'Finds the shortest sequence of BPF attach operations that breaks a promise of an attach-API design.',
    )
    .version(version())
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true });
  addCheckCommand(program);
  addReplayCommand(program);
  addListCommands(program);
  addCorpusCommands(program);
  for (const command of [program, ...program.commands]) command.exitOverride();
  return program;
}

// A reader that has seen enough (`holdfast list | head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.ok);
});

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has told the user already; asking for help is no mistake.
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  } else {
    const { message, exitCode } = failureOf(error);
    process.stderr.write(`holdfast: ${message}\n`);
    process.exitCode = exitCode;
  }
}
