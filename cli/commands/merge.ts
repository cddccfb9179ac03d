/** `holdfast merge`: the parts of a search that several machines have shared, as one report. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { CorpusReadError } from '../../corpus/index.js';
import { exitCode, formatReport } from '../../report/index.js';
import { FaultyInputError } from '../errors.js';
import { mergeReports, type PartFile } from '../merge-reports.js';
import { oneOf } from '../option-values.js';
import { lookOptions, print } from '../output.js';

/** The others need what a state was between two calls, which no part tells. */
const FORMATS = ['text', 'json', 'ktap', 'junit'] as const;

interface MergeFlags {
  readonly format: (typeof FORMATS)[number];
  readonly all?: boolean;
  readonly strict?: boolean;
}

export function addMergeCommand(program: Command): void {
  program
    .command('merge')
    .summary('bring the parts of a search that machines have shared to one report')
    .description(
      'Reads what `check --shard 1/4 --format json`, `2/4`, … have written, makes sure that the parts belong together and that ' +
        'none is missing, and reports what they came to: what one of them found broken is broken, by the shortest sequence of all.',
    )
    .argument('<part...>', 'the files of all parts')
    .option('--format <format>', FORMATS.join(', '), oneOf('--format', FORMATS), 'text')
    .option('--all', 'show expected counterexamples in full as well')
    .option('--strict', 'exit with 2 if something stays undecided')
    .addHelpText(
      'after',
      `
Examples:
  holdfast check link-fd --random --runs 500 --shard 1/2 --format json > one.json   # on one machine
  holdfast check link-fd --random --runs 500 --shard 2/2 --format json > two.json   # on another
  for i in 1 2; do holdfast check link-fd --random --runs 500 --shard $i/2 --format json > $i.json; done; holdfast merge 1.json 2.json

Exit codes: as \`check\`: 0 as expected, 1 violated or changed, 2 undecided (--strict), 64 usage: a file cannot be read, or the parts
do not belong together, or one is missing; 65 a file is no report; 70 internal error.`,
    )
    .action(async (files: string[], flags: MergeFlags) => {
      process.exitCode = await merge(files, flags);
    });
}

async function merge(files: readonly string[], { format, all, strict }: MergeFlags): Promise<number> {
  const report = mergeReports(await Promise.all(files.map(readPart)));
  await print(formatReport(report, format, { ...lookOptions(), inFull: all ? 'all' : 'unexpected' }));
  return exitCode(report, { strict: strict ?? false });
}

/** Throws a CorpusReadError if the file cannot be read, a FaultyInputError if it is no report. */
async function readPart(file: string): Promise<PartFile> {
  // Only here: no other command has to wait until the library that checks reports is loaded.
  const { readReport, ReportSyntaxError } = await import('../../report/read-json.js');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CorpusReadError(file, error);
  }
  try {
    return { file, report: readReport(text) };
  } catch (error) {
    if (!(error instanceof ReportSyntaxError)) throw error;
    throw new FaultyInputError(`${file} cannot be merged: ${error.message}.`);
  }
}
