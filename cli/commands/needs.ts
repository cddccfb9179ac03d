/** `holdfast needs`: what would have to be taken away for a broken claim to hold. */
import type { Command } from 'commander';
import { grouped } from '../../checker/grouped.js';
import { speaksAbout, type NeedsProgress } from '../../checker/index.js';
import type { Bounds } from '../../model/kernel/model.js';
import { definitionOf, type Proposal } from '../../model/proposals/index.js';
import { itemsIn } from '../../project/items.js';
import { codeFile } from '../../package-place.js';
import {
  formatNeedsClaims,
  formatNeedsJson,
  formatNeedsTable,
  onlyBroken,
  type NeedsReport,
  type ProposalNeeds,
} from '../../report/index.js';
import { isFile, loadCatalogue, selectProperties, selectClosing, type Catalogue } from '../catalogue.js';
import { UsageError } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import type { NeedsOptions } from '../needs-proposal.js';
import { boundList, oneOf, seconds, wholeNumber } from '../option-values.js';
import { look, print } from '../output.js';
import { progressDisplay } from '../progress.js';
import { version } from '../version.js';
import { interruptibly, isRaised } from '../workers/interrupt.js';
import type { NeedsJob } from '../workers/needs-worker.js';
import { memoryLimit, runJobs } from '../workers/pool.js';

interface NeedsFlags {
  readonly size: number;
  readonly bounds?: Partial<Bounds>;
  readonly depth?: number;
  readonly time?: number;
  readonly maxStates?: number;
  readonly memory?: number;
  readonly all?: boolean;
  readonly format: (typeof FORMATS)[number];
  readonly progress: boolean;
}

const FORMATS = ['text', 'json'] as const;

export function addNeedsCommand(program: Command): void {
  program
    .command('needs')
    .summary('find what would have to be taken away for a broken claim to hold')
    .description(
      'For each claim that a proposal breaks: the smallest sets of restrictions under which it holds. A restriction takes away an ' +
        'operation ("nobody may detach"), the power to use it against what others hold ("only a holder may detach what is ' +
        'held"), or all processes but one. Without a claim: all that are broken, a line each.',
    )
    .argument(
      '[proposal]',
      'the name of a proposal, or a file that exports some (default: those of your config, else the built-in designs)',
    )
    .argument('[claim...]', 'names of claims, or files that export some (default: all that are broken)')
    .option('--size <number>', 'restrictions of the largest sets tried', wholeNumber('--size', 1, 5), 3)
    .option('--bounds <list>', 'how many of each object, as processes=3,fds=4', boundList)
    .option(
      '--depth <calls>',
      'look at sequences of so many calls at most under each set',
      wholeNumber('--depth', 0),
    )
    .option('--time <seconds>', 'stop each proposal after so long', seconds('--time'))
    .option(
      '--max-states <number>',
      'look at so many states at most under each set',
      wholeNumber('--max-states', 1),
    )
    .option('--memory <megabytes>', 'stop a search at so much', wholeNumber('--memory', 1))
    .option('--all', 'for each restriction of a set, the sequence that it keeps out; and sets of no use')
    .option('--format <format>', FORMATS.join(', '), oneOf('--format', FORMATS), 'text')
    .option('--no-progress', 'nothing on stderr')
    .addHelpText(
      'after',
      `
Examples:
  holdfast needs netlink-xdp held-link-never-overridden
  holdfast needs netlink-xdp held-link-never-overridden --all   # why each restriction is needed
  holdfast needs netlink-xdp --size 1 --depth 5                        # all its broken claims
  holdfast needs ./my-proposal.ts ./my-property.ts --size 1 --depth 5  # a proposal and a claim of your own

Exit codes: 0 answered, 64 usage, 65 faulty proposal or property, 70 internal error, 130 interrupted.`,
    )
    .action(async (proposal: string | undefined, claims: string[], flags: NeedsFlags) => {
      process.exitCode = await needs(proposal, claims, flags);
    });
}

async function needs(
  name: string | undefined,
  claims: readonly string[],
  flags: NeedsFlags,
): Promise<number> {
  const names = name === undefined ? [] : [name];
  const proposalFiles = names.filter(isFile);
  const propertyFiles = claims.filter(isFile);
  const catalogue = await loadCatalogue([...proposalFiles, ...propertyFiles]);
  const proposals = await selectClosing(catalogue, names);
  const asked = await claimNames(claims);
  for (const proposal of proposals) checkClaims(proposal, catalogue, asked);
  const display = progressDisplay(process.stderr, flags.progress);
  const kind = {
    script: codeFile('cli/workers/needs-worker'),
    describe: ({ proposal }: NeedsJob) => `the search for what ${proposal} needs`,
    onProgress({ proposal }: NeedsJob, progress: NeedsProgress) {
      display.tell(proposal, progressLine(proposal, progress));
    },
  };
  const options = { ...limitsOf(flags, proposals.length), proposalFiles, propertyFiles };
  const { found, interrupted } = await interruptibly(async (stop) => {
    const jobs = proposals.map((proposal): NeedsJob => ({
      proposal: proposal.name,
      properties: asked,
      options,
      stop,
    }));
    const results = await runJobs<NeedsJob, ProposalNeeds, NeedsProgress>(kind, jobs);
    return { found: results, interrupted: isRaised(stop) };
  }).finally(() => {
    display.clear();
  });
  const report: NeedsReport = { version: version(), size: flags.size, proposals: found };
  await print(formatted(report, flags, asked.length > 0));
  return interrupted ? EXIT.interrupted : EXIT.ok;
}

function formatted(report: NeedsReport, { all, format }: NeedsFlags, isClaimAsked: boolean): string {
  if (format === 'json') return formatNeedsJson(report);
  if (isClaimAsked) return formatNeedsClaims(report, look(), all ? 'all' : 'of-use');
  return all ? formatNeedsClaims(onlyBroken(report), look(), 'all') : formatNeedsTable(report, look());
}

/** What the flags say about how far to look. */
function limitsOf(
  flags: NeedsFlags,
  proposals: number,
): Omit<NeedsOptions, 'proposalFiles' | 'propertyFiles'> {
  return {
    size: flags.size,
    bounds: flags.bounds ?? {},
    depth: flags.depth,
    maxStates: flags.maxStates,
    maxBytes: memoryLimit(proposals, flags.memory),
    time: flags.time,
    reasons: flags.all ?? false,
  };
}

/** The names of the claims that arguments name; of a file, those it exports. */
async function claimNames(claims: readonly string[]): Promise<string[]> {
  const names = claims.map(async (claim) => {
    if (!isFile(claim)) return [claim];
    const { properties } = await itemsIn(claim);
    if (properties.length === 0) throw new UsageError(`${claim}: no export of this file is a property.`);
    return properties.map(({ name }) => name);
  });
  return (await Promise.all(names)).flat();
}

/** Throws a UsageError for a claim that cannot be broken on a proposal. */
function checkClaims(proposal: Proposal, catalogue: Catalogue, names: readonly string[]): void {
  if (names.length === 0) return;
  const { tags = [] } = definitionOf(proposal);
  for (const property of selectProperties(catalogue, names)) {
    if (property.kind === 'witness') {
      throw new UsageError(
        `'${property.name}' says what must be reachable; needs is about claims that can be broken.`,
      );
    }
    if (!speaksAbout(property, tags)) {
      throw new UsageError(`'${property.name}' does not speak about '${proposal.name}'.`);
    }
  }
}

function progressLine(proposal: string, { searches, states, trying }: NeedsProgress): string {
  const under = trying.length === 0 ? 'unrestricted' : `if ${trying.join(' and ')}`;
  return `Progress ${proposal}: ${searches} searches, ${grouped(states)} states; now ${under}`;
}
