/** `holdfast minimise` and `holdfast prune`: keeping the corpus small. */
import { rmSync } from 'node:fs';
import type { Command } from 'commander';
import { judgeTrace, minimise } from '../../checker/index.js';
import {
  bindCase,
  caseOf,
  overwriteCase,
  printCase,
  pruneDuplicates,
  readCaseFile,
  readCorpus,
  claimSettingOf,
  withoutNeedlessBounds,
} from '../../corpus/index.js';
import { caseCatalogue, defaultCorpus, loadCatalogue } from '../catalogue.js';
import { loadConfig } from '../config.js';
import { FaultyInputError } from '../errors.js';
import { repeated } from '../option-values.js';
import { print } from '../output.js';

export function addCorpusCommands(program: Command): void {
  program
    .command('minimise')
    .summary('make the calls of a case as few and as simple as they can be')
    .argument('<case>', 'a case file whose claim is broken, or whose witness is reached')
    .option('--write', 'write the smaller case into the file; without it, it is only printed')
    .option(
      '--file <file>',
      'a proposal or property of your own that the case is about; can be repeated',
      repeated,
    )
    .addHelpText(
      'after',
      '\nExample:\n  holdfast minimise counterexamples/incidents/handle-theft.case\n\nExit codes: 0, 64 usage, 65 a faulty case, or one in which nothing is broken, 73 cannot write.',
    )
    .action(async (file: string, flags: { readonly write?: boolean; readonly file?: string[] }) => {
      await minimiseCase(file, flags.write ?? false, flags.file ?? []);
    });
  program
    .command('prune')
    .summary('find cases that say the same, and delete all but the first')
    .option(
      '--corpus <directory>',
      'where cases are (default: those of your config, else ./counterexamples, else those of the package)',
    )
    .option('--write', 'delete them; without it, they are only listed')
    .addHelpText('after', '\nExample:\n  holdfast prune --write\n\nExit codes: 0, 64 usage, 73 cannot write.')
    .action(async (flags: { readonly corpus?: string; readonly write?: boolean }) => {
      await loadConfig();
      await prune(flags.corpus ?? defaultCorpus(), flags.write ?? false);
    });
}

async function minimiseCase(file: string, write: boolean, files: readonly string[]): Promise<void> {
  const entry = readCaseFile(file);
  if (!entry.case) throw entry.error;
  const read = entry.case;
  const catalogue = caseCatalogue(await loadCatalogue(files));
  const { machine, property } = claimSettingOf(read, catalogue);
  const { trace } = bindCase(read, machine);
  const { brokenAt, firstSpoke } = judgeTrace(machine, property, trace);
  if ((property.kind === 'witness' ? firstSpoke : brokenAt) === undefined) {
    throw new FaultyInputError(
      `${file}: '${property.name}' is not broken by these calls, so there is nothing to keep while they get fewer.`,
    );
  }
  const smaller = minimise(machine, property, trace);
  const expect = property.kind === 'witness' ? 'reached' : 'violated';
  const made = caseOf(machine, property, { trace: smaller }, { ...read, expect });
  const smallest = withoutNeedlessBounds(made, (other) => catalogue.machineFor(other), property);
  if (write) overwriteCase(file, smallest);
  else await print(printCase(smallest));
}

async function prune(corpus: string, write: boolean): Promise<void> {
  const readable = readCorpus(corpus).flatMap(({ file, case: read }) => (read ? [{ file, case: read }] : []));
  const duplicates = pruneDuplicates(readable);
  for (const { file, keeps } of duplicates) {
    if (write) rmSync(file);
    await print(`${write ? 'deleted' : 'would delete'} ${file}: the same as ${keeps}`);
  }
  if (duplicates.length === 0) await print(`${readable.length} cases, none of them twice.`);
}
