/** `holdfast replay`: stored cases, or one from anywhere, call by call. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { judgeTrace, namedObjects, play, type Playback } from '../../checker/index.js';
import {
  acceptCase,
  bindCase,
  overwriteCase,
  parseCase,
  readCaseFile,
  readCorpus,
  settingOf,
  type Case,
  type CorpusEntry,
} from '../../corpus/index.js';
import { ACCOUNT_FORMATS, formatAccount, showPlayback, type AccountFormat } from '../../report/index.js';
import { caseAccount } from '../case-account.js';
import { caseCatalogue, defaultCorpus, loadCatalogue, type Catalogue } from '../catalogue.js';
import { FaultyInputError, UsageError } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import { oneOf, repeated } from '../option-values.js';
import { look, print } from '../output.js';
import { replayEntries } from '../replay-cases.js';

interface ReplayFlags {
  readonly accept?: boolean;
  readonly corpus?: string;
  readonly file?: readonly string[];
  readonly format: (typeof FORMATS)[number];
}

/** All but `text` are about a single case. */
const FORMATS = ['text', ...ACCOUNT_FORMATS] as const;

export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .summary('replay all stored cases, or some; show one call by call')
    .description('Replays cases and says what is not as they say. A single case is shown call by call.')
    .argument('[case...]', 'case files; - reads one from standard input (default: the whole corpus)')
    .option('--accept', 'write the cases anew, as they come out now')
    .option(
      '--corpus <directory>',
      'where cases are (default: those of your config, else ./counterexamples, else those of the package)',
    )
    .option(
      '--file <file>',
      'a proposal or property of your own that the cases are about; can be repeated',
      repeated,
    )
    .option(
      '--format <format>',
      `of a single case: ${FORMATS.join(', ')}`,
      oneOf('--format', FORMATS),
      'text',
    )
    .addHelpText(
      'after',
      `
Examples:
  holdfast replay
  holdfast replay counterexamples/netlink-xdp/held-link-never-overridden.case
  holdfast replay - < case-from-a-mail.txt
  holdfast replay counterexamples/incidents/handle-theft.case --format mail
  holdfast replay counterexamples/incidents/handle-theft.case --format c > handle-theft.c

Exit codes: 0 all as the cases say, 1 something changed, 64 usage, 65 a case cannot be read, 73 cannot write.`,
    )
    .action(async (files: string[], flags: ReplayFlags) => {
      process.exitCode = await replay(files, flags);
    });
}

async function replay(files: readonly string[], flags: ReplayFlags): Promise<number> {
  const catalogue = await loadCatalogue(flags.file ?? []);
  const entries = files.length === 0 ? readCorpus(flags.corpus ?? defaultCorpus()) : files.map(entryOf);
  if (flags.format !== 'text') return writeCase(entries, flags.format, catalogue);
  if (entries.length === 1) await showCase(entries[0]!, catalogue);
  const outcomes = replayEntries(entries, catalogue);
  if (flags.accept) return accept(entries, catalogue);
  for (const { status, message } of outcomes)
    if (status !== 'as-expected') process.stderr.write(`${message}\n`);
  const good = outcomes.filter(({ status }) => status === 'as-expected').length;
  const faulty = outcomes.some(({ status }) => status === 'faulty');
  await print(`${outcomes.length} replayed: ${good} as expected, ${outcomes.length - good} not.`);
  if (good === outcomes.length) return EXIT.ok;
  return faulty ? EXIT.faultyInput : EXIT.violated;
}

function entryOf(file: string): CorpusEntry {
  if (file !== '-') return readCaseFile(file);
  return { file: 'standard input', case: parseCase(readFileSync(0, 'utf8'), 'standard input') };
}

async function showCase(entry: CorpusEntry, catalogue: Catalogue): Promise<void> {
  if (!entry.case) return;
  await print(`${describeCase(entry.case, catalogue).join('\n')}\n`);
}

/** Writes a single case, and nothing else, to stdout. */
async function writeCase(
  entries: readonly CorpusEntry[],
  format: AccountFormat,
  catalogue: Catalogue,
): Promise<number> {
  const [entry] = entries;
  if (!entry || entries.length > 1) {
    throw new UsageError(
      `--format ${format} is about a single case, and here are ${entries.length}: name one.`,
    );
  }
  if (!entry.case) throw entry.error;
  await print(formatAccount(caseAccount(entry.case, entry.file, catalogue), format));
  const { status, message } = replayEntries([entry], catalogue)[0]!;
  if (status === 'as-expected') return EXIT.ok;
  process.stderr.write(`${message}\n`);
  return status === 'faulty' ? EXIT.faultyInput : EXIT.violated;
}

/** A case as a person reads it: its calls as they come out now, and what they say of the claim. */
export function describeCase(read: Case, catalogue: Catalogue): string[] {
  const { machine, property } = settingOf(read, caseCatalogue(catalogue));
  const { trace, names } = bindCase(read, machine);
  const playback = play(machine, trace, names);
  if (property === undefined) return [...described(read, playback), ...origins(read)];
  const { broken, brokenAt } = judgeTrace(machine, property, trace);
  const objects = broken ? Object.entries(namedObjects(playback, broken.objects)) : [];
  const named = objects.map(([part, name]) => `${part}: ${name}`).join(', ');
  const verdict = broken
    ? `broken after call ${brokenAt! + 1}: ${broken.clause}${named === '' ? '' : ` (${named})`}`
    : 'not broken by these calls';
  return [
    ...described(read, playback),
    `${read.proposal} ${property.name}: ${verdict}`,
    `claim   ${property.claim}`,
    ...origins(read),
  ];
}

function described(read: Case, playback: Playback): string[] {
  return [read.title, '', ...showPlayback(playback, look()), ''];
}

function origins(read: Case): string[] {
  return read.origins.map((origin) => `origin  ${origin}`);
}

/** Writes each case that can be accepted as it is now; the others are named, and left as they are. */
function accept(entries: readonly CorpusEntry[], catalogue: Catalogue): number {
  const refused: string[] = [];
  for (const entry of entries) {
    if (!entry.case) {
      refused.push(entry.error.message);
      continue;
    }
    if (entry.file === 'standard input') throw new UsageError('--accept needs a file to write to.');
    const { machine, property } = settingOf(entry.case, caseCatalogue(catalogue));
    const acceptance = acceptCase(entry.case, machine, property);
    if (acceptance.kind === 'refused') refused.push(`${entry.file}: not accepted: ${acceptance.why}.`);
    else overwriteCase(entry.file, acceptance.case);
  }
  if (refused.length > 0) throw new FaultyInputError(refused.join('\n'));
  return EXIT.ok;
}
