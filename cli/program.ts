/** The commands. Everything they can do is a function of the library; here are only options, output and exit codes. */
import { Command } from 'commander';
import { addCheckCommand } from './commands/check.js';
import { addCompareCommand } from './commands/compare.js';
import { addConformCommand } from './commands/conform.js';
import { addCorpusCommands } from './commands/corpus.js';
import { addGraphCommand } from './commands/graph.js';
import { addExploreCommand } from './commands/explore.js';
import { addDiffCommand } from './commands/diff.js';
import { addGuardsCommand } from './commands/guards.js';
import { addKernelsCommand } from './commands/kernels.js';
import { addListCommands } from './commands/list.js';
import { addMergeCommand } from './commands/merge.js';
import { addNeedsCommand } from './commands/needs.js';
import { addNewCommand } from './commands/new.js';
import { addReplayCommand } from './commands/replay.js';
import { addRunCommand } from './commands/run.js';
import { addCompletion } from './completion.js';
import { chooseConfig } from './config.js';
import { version } from './version.js';

export function createProgram(): Command {
  const program = new Command('holdfast')
    .description(
      'Finds the shortest sequence of BPF attach operations that breaks a promise of an attach-API design.',
    )
    .version(version())
    .option(
      '--config <file>',
      'the config of your project (default: holdfast.config.ts here or in a directory above)',
    )
    .option('--no-config', 'as if there were no config')
    .hook('preAction', () => {
      chooseConfig(program.opts<{ readonly config?: string | false }>().config);
    })
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true });
  addCheckCommand(program);
  addMergeCommand(program);
  addReplayCommand(program);
  addDiffCommand(program);
  addRunCommand(program);
  addCompareCommand(program);
  addExploreCommand(program);
  addConformCommand(program);
  addKernelsCommand(program);
  addNeedsCommand(program);
  addGuardsCommand(program);
  addNewCommand(program);
  addGraphCommand(program);
  addListCommands(program);
  addCorpusCommands(program);
  addCompletion(program);
  for (const command of [program, ...program.commands]) command.exitOverride();
  return program;
}
