/** `holdfast compare`: what designs keep and break, and how the same scenario goes in each. */
import type { Command } from 'commander';
import {
  formatComparisonJson,
  showComparison,
  showScenario,
  type CheckedProposal,
} from '../../report/index.js';
import type { Proposal } from '../../model/proposals/index.js';
import { isFile, loadCatalogue, selectProposals, withoutVariants } from '../catalogue.js';
import { EXIT } from '../exit-codes.js';
import { oneOf } from '../option-values.js';
import { look, print } from '../output.js';
import { progressDisplay } from '../progress.js';
import { askedScenario, playScenario, storedScenarios } from '../scenarios.js';
import { version } from '../version.js';
import { checkJobs } from '../check-jobs.js';
import type { CheckProgress } from '../check-options.js';
import type { CheckJob } from '../workers/check-worker.js';
import { interruptibly, isRaised } from '../workers/interrupt.js';
import { memoryLimit, runJobs } from '../workers/pool.js';

const FORMATS = ['text', 'json'] as const;

interface CompareFlags {
  readonly scenario?: string;
  readonly calls?: boolean;
  readonly format: (typeof FORMATS)[number];
  readonly progress: boolean;
}

export function addCompareCommand(program: Command): void {
  program
    .command('compare')
    .summary('compare proposals: which claims each keeps, and one scenario in all of them')
    .description(
      'Checks every claim on each proposal, exhaustively within its bounds, and prints the claims by the proposals, with the ' +
        'length of each shortest counterexample; then where the proposals part in each scenario. A scenario says in common ' +
        'verbs who loads, attaches, crashes, … and each proposal says it in its own calls; with --scenario, one is shown ' +
        'step by step, side by side.',
    )
    .argument('[proposal...]', 'names of proposals, or files that export some (default: all there are)')
    .option(
      '--scenario <name>',
      'only this scenario: the name of a stored one, a file, or - for standard input',
    )
    .option('--calls', 'with --scenario: the calls that each step becomes')
    .option('--format <format>', FORMATS.join(', '), oneOf('--format', FORMATS), 'text')
    .option('--no-progress', 'nothing on stderr')
    .addHelpText(
      'after',
      `
Examples:
  holdfast compare netlink-xdp expected-fd link-fd         # all claims and scenarios, in these three
  holdfast compare --scenario two-tools                    # one scenario, step by step
  holdfast compare link-fd chain-call --scenario firewall-crash --calls
  holdfast compare ./my-proposal.ts link-fd --scenario owner-crashes

Exit codes: 0 compared, whatever came out; 64 usage, 65 faulty proposal or scenario, 70 internal error, 130 interrupted.`,
    )
    .action(async (names: string[], flags: CompareFlags) => {
      process.exitCode = await compare(names, flags);
    });
}

async function compare(names: readonly string[], flags: CompareFlags): Promise<number> {
  const files = names.filter(isFile);
  const catalogue = await loadCatalogue(files);
  const proposals = names.length === 0 ? withoutVariants(catalogue) : await selectProposals(catalogue, names);
  if (flags.scenario !== undefined) {
    await showOne(flags.scenario, proposals, flags);
    return EXIT.ok;
  }
  // Before the searches: what is wrong with a scenario need not wait for them.
  const scenarios = storedScenarios().map((stored) => playScenario(stored, proposals));
  const { checked, interrupted } = await checkAll(proposals, files, flags);
  const comparison = { version: version(), proposals: checked, scenarios };
  await print(
    flags.format === 'json'
      ? formatComparisonJson(comparison)
      : showComparison(comparison, look()).join('\n'),
  );
  return interrupted ? EXIT.interrupted : EXIT.ok;
}

async function showOne(name: string, proposals: readonly Proposal[], flags: CompareFlags): Promise<void> {
  const played = playScenario(askedScenario(name), proposals);
  await print(
    flags.format === 'json'
      ? formatComparisonJson({ version: version(), proposals: [], scenarios: [played] })
      : showScenario(played, flags.calls ? 'calls' : 'outcomes', look()).join('\n'),
  );
}

/** Every claim on each proposal, by exhaustive search within its bounds. */
async function checkAll(
  proposals: readonly Proposal[],
  proposalFiles: readonly string[],
  flags: CompareFlags,
): Promise<{ readonly checked: readonly CheckedProposal[]; readonly interrupted: boolean }> {
  const display = progressDisplay(process.stderr, flags.progress);
  const kind = checkJobs(proposals, display);
  const options: CheckJob['options'] = {
    methods: ['exhaustive'],
    // Of the random search, which is not made.
    seed: 1,
    draw: 'plain',
    runs: 0,
    length: 1,
    bounds: {},
    depth: undefined,
    time: undefined,
    maxStates: undefined,
    store: 'rows',
    maxBytes: memoryLimit(proposals.length),
    without: [],
    proposalFiles,
    propertyFiles: [],
  };
  return interruptibly(async (stop) => {
    const jobs = proposals.map(({ name }): CheckJob => ({
      proposal: name,
      properties: [],
      options,
      stop,
    }));
    const checked = await runJobs<CheckJob, CheckedProposal, CheckProgress>(kind, jobs);
    return { checked, interrupted: isRaised(stop) };
  }).finally(() => {
    display.clear();
  });
}
