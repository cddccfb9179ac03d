/** `holdfast guards`: which checks and references are load-bearing. */
import type { Command } from 'commander';
import type { Bounds } from '../../model/kernel/model.js';
import { codeFile } from '../../package-place.js';
import {
  formatGuardsJson,
  formatGuardsText,
  isAccountedFor,
  type GuardsReport,
  type TestedProposal,
} from '../../report/index.js';
import { askedSwitches } from '../asked-switches.js';
import { builtOnce, isFile, loadCatalogue, selectClosing } from '../catalogue.js';
import { EXIT } from '../exit-codes.js';
import type { GuardsOptions, GuardsProgress } from '../guards-proposal.js';
import { boundList, oneOf, repeated, wholeNumber } from '../option-values.js';
import { look, print } from '../output.js';
import { progressDisplay } from '../progress.js';
import { version } from '../version.js';
import type { GuardsJob } from '../workers/guards-worker.js';
import { interruptibly, isRaised } from '../workers/interrupt.js';
import { grouped } from '../../checker/grouped.js';
import { memoryLimit, runJobs } from '../workers/pool.js';

interface GuardsFlags {
  readonly guard?: readonly string[];
  readonly bounds?: Partial<Bounds>;
  readonly depth?: number;
  readonly maxStates?: number;
  readonly memory?: number;
  readonly all?: boolean;
  readonly format: (typeof FORMATS)[number];
  readonly progress: boolean;
}

const FORMATS = ['text', 'json'] as const;

export function addGuardsCommand(program: Command): void {
  program
    .command('guards')
    .summary('find which checks are load-bearing: switch each off, and see which claims fall')
    .description(
      'Switches each guard of each operation off alone, and each reference that keeps an object alive, and checks again the claims ' +
        'that the proposal keeps. Says which claims fall, with the shortest sequence; which guards no claim needs, and why the ' +
        'proposal has them; and which claims no guard or reference alone protects.',
    )
    .argument(
      '[proposal...]',
      'names of proposals, or files that export some (default: those of your config, else the built-in designs)',
    )
    .option(
      '--guard <name>',
      'only this one, in full: a guard, operation/guard, or hold:path; can be repeated',
      repeated,
    )
    .option('--bounds <list>', 'how many of each object, as processes=3,fds=4', boundList)
    .option('--depth <calls>', 'look at sequences of so many calls at most', wholeNumber('--depth', 1))
    .option(
      '--max-states <number>',
      'where a claim has fallen, look at so many states (default: as many as the proposal itself has)',
      wholeNumber('--max-states', 1),
    )
    .option('--memory <megabytes>', 'stop a search at so much', wholeNumber('--memory', 1))
    .option('--all', 'show each shortest sequence in full')
    .option('--format <format>', FORMATS.join(', '), oneOf('--format', FORMATS), 'text')
    .option('--no-progress', 'nothing on stderr')
    .addHelpText(
      'after',
      `
Examples:
  holdfast guards expected-fd --depth 5                       # which of its checks 5 calls show to be load-bearing
  holdfast guards tc-filter --guard filter-exists --depth 5   # what one check protects, call by call
  holdfast guards ./my-proposal.ts --depth 4                  # a proposal of your own

Exit codes: 0 all needed or explained, 1 something that no claim needs is unexplained, or is needed and explained as if it
were not, 64 usage, 65 faulty proposal, 70 internal error, 130 interrupted.`,
    )
    .action(async (names: string[], flags: GuardsFlags) => {
      process.exitCode = await guards(names, flags);
    });
}

async function guards(names: readonly string[], flags: GuardsFlags): Promise<number> {
  const proposalFiles = names.filter(isFile);
  const catalogue = await loadCatalogue(proposalFiles);
  const proposals = await selectClosing(catalogue, names);
  // Of several proposals, the last may be the one that has no such guard.
  if (flags.guard)
    for (const proposal of proposals) askedSwitches(proposal, builtOnce(proposal, flags.bounds), flags.guard);
  const display = progressDisplay(process.stderr, flags.progress);
  const kind = {
    script: codeFile('cli/workers/guards-worker'),
    describe: ({ proposal }: GuardsJob) => `the test of the guards of ${proposal}`,
    onProgress({ proposal }: GuardsJob, progress: GuardsProgress) {
      display.tell(proposal, progressLine(proposal, progress));
    },
  };
  const options = optionsOf(flags, proposals.length, proposalFiles);
  const { tested, interrupted } = await interruptibly(async (stop) => {
    const jobs = proposals.map(({ name }): GuardsJob => ({ proposal: name, options, stop }));
    const results = await runJobs<GuardsJob, TestedProposal, GuardsProgress>(kind, jobs);
    return { tested: results, interrupted: isRaised(stop) };
  }).finally(() => {
    display.clear();
  });
  const report: GuardsReport = { version: version(), proposals: tested };
  const shown = flags.all || flags.guard ? 'in-full' : 'lines';
  await print(flags.format === 'json' ? formatGuardsJson(report) : formatGuardsText(report, look(), shown));
  if (interrupted) return EXIT.interrupted;
  return isAccountedFor(report) ? EXIT.ok : EXIT.violated;
}

function optionsOf(flags: GuardsFlags, proposals: number, proposalFiles: readonly string[]): GuardsOptions {
  return {
    bounds: flags.bounds ?? {},
    depth: flags.depth,
    maxStates: flags.maxStates,
    // The states of the proposal as it is are kept beside those of the present search.
    maxBytes: memoryLimit(proposals, flags.memory) / 2,
    only: flags.guard ?? [],
    proposalFiles,
  };
}

function progressLine(proposal: string, { done, of, off, states }: GuardsProgress): string {
  const now = off === undefined ? 'as it is' : `${done + 1} of ${of}, without ${off}`;
  return `Progress ${proposal}: ${now}: ${grouped(states)} distinct states`;
}
