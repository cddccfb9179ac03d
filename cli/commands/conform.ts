/** `holdfast conform`: is a model of Linux true? The running kernel decides. */
import type { Command } from 'commander';
import {
  addCase,
  bindCase,
  CorpusReadError,
  readCaseFile,
  readCorpus,
  remedyFor,
  roomyBounds,
  type Case,
} from '../../corpus/index.js';
import type { Bounds } from '../../model/kernel/model.js';
import { machineOf, type Proposal } from '../../model/proposals/index.js';
import { agrees, formatConformJson, formatConformText, type ConformReport } from '../../report/index.js';
import { oneProposal } from '../asked.js';
import { corpusToAddTo, loadCatalogue } from '../catalogue.js';
import type { KernelRunOptions } from '../conform-proposal.js';
import { UsageError } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import { boundList, oneOf, repeated, seconds, wholeNumber } from '../option-values.js';
import { look, print } from '../output.js';
import { progressDisplay } from '../progress.js';
import { version } from '../version.js';
import { interruptibly, isRaised } from '../workers/interrupt.js';

interface ConformFlags {
  readonly runs: number;
  readonly length: number;
  readonly seed: number;
  readonly covering: number;
  readonly case?: readonly string[];
  readonly only?: readonly string[];
  readonly without?: readonly string[];
  readonly bounds?: Partial<Bounds>;
  readonly workers: number;
  readonly expedited?: boolean;
  readonly kernel?: readonly string[];
  readonly time?: number;
  readonly all?: boolean;
  readonly add?: boolean;
  readonly format: (typeof FORMATS)[number];
  readonly progress: boolean;
}

const FORMATS = ['text', 'json'] as const;
const MOST_WORKERS = 16;

/** What `--kernel` calls the kernel of this machine. */
const RUNNING = 'running';

export function addConformCommand(program: Command): void {
  program
    .command('conform')
    .summary('hold a model of Linux against the running kernel, call by call')
    .description(
      'Makes the same calls on the model and on the running kernel, in a network namespace, a mount namespace and a control group ' +
        'of their own, and compares after each what it came to and what is there. What the model does not allow is reported, with ' +
        'the shortest sequence; and in the end what the kernel has confirmed, how often, and what it never showed.',
    )
    .argument('<proposal>', 'a model of Linux: linux, linux-before-links, …')
    .option('--runs <number>', 'random sequences', wholeNumber('--runs', 0), 200)
    .option('--length <calls>', 'calls of each', wholeNumber('--length', 1, 200), 15)
    .option('--seed <number>', 'other numbers give other sequences', wholeNumber('--seed', 0), 1)
    .option(
      '--covering <times>',
      'make sequences first in which each ending of each operation is met so often',
      wholeNumber('--covering', 0, 1000),
      0,
    )
    .option(
      '--case <file>',
      'make the calls of stored cases first: a file, or a directory; can be repeated',
      repeated,
    )
    .option(
      '--only <name>',
      'of the calls at hooks make only these: an operation, or the beginning of several, as tcx; can be repeated',
      repeated,
    )
    .option('--without <name>', 'leave such calls out; can be repeated', repeated)
    .option('--bounds <list>', 'how many of each object, as processes=3,fds=4', boundList)
    .option('--workers <number>', 'sandboxes side by side', wholeNumber('--workers', 1, MOST_WORKERS), 1)
    .option(
      '--expedited',
      'let the whole machine hurry its RCU grace periods meanwhile (/sys/kernel/rcu_expedited)',
    )
    .option(
      '--kernel <image>',
      "a kernel that is booted under qemu: one that 'holdfast kernels' fetched, a package's file, a directory it is unpacked in, " +
        `or a vmlinuz; '${RUNNING}' is this machine's; can be repeated, and each has a column`,
      repeated,
    )
    .option('--time <seconds>', 'stop after so long', seconds('--time'))
    .option('--all', 'show how often each ending of each operation was confirmed')
    .option('--add', 'add the mismatches to the corpus, as cases with the outcomes of the kernel')
    .option('--format <format>', FORMATS.join(', '), oneOf('--format', FORMATS), 'text')
    .option('--no-progress', 'nothing on stderr')
    .addHelpText(
      'after',
      `
Needs root, bpf(2) and a C compiler. Nothing is attached, mounted or left running outside the sandbox.

Examples:
  holdfast conform linux --runs 50
  holdfast conform linux --runs 20 --only tcx --all
  holdfast conform linux --runs 0 --case counterexamples/linux/selftests

Exit codes: 0 the kernel does what the model allows, 1 a mismatch, 64 usage, 65 faulty proposal or case, 69 this machine
cannot do it, 70 internal error, 73 no room, 130 interrupted.`,
    )
    .action(async (name: string, flags: ConformFlags) => {
      process.exitCode = await conform(name, flags);
    });
}

async function conform(name: string, flags: ConformFlags): Promise<number> {
  const catalogue = await loadCatalogue([]);
  const proposal = await oneProposal(catalogue, name);
  if (!proposal.kernel.linux)
    throw new UsageError(
      `${proposal.name} is a design, not a model of a running kernel: name one of Linux, as in 'conform linux'.`,
    );
  // All that drives a kernel is only loaded where it is asked for.
  const { conformBounds, conformOn } = await import('../conform-proposal.js');
  const { seed, length, runs, covering, workers, expedited = false, time } = flags;
  const cases = casesAt(flags.case ?? [], proposal);
  const bounds = boundsFor(conformBounds(proposal, {}), cases, flags.bounds ?? {});
  const machine = machineOf(proposal, bounds);
  const without = leftOut(proposal, flags.only ?? [], flags.without ?? []);
  const common: Omit<KernelRunOptions, 'server'> = {
    bounds,
    runs,
    length,
    seed,
    covering,
    given: cases.map((each) => bindCase(each, machine).trace),
    without,
    workers,
    expedited,
    time,
  };
  const display = progressDisplay(process.stderr, flags.progress);
  const { done, interrupted } = await interruptibly(async (stop) => {
    const each: Awaited<ReturnType<typeof conformOn>>[] = [];
    for (const kernel of await kernelsOf(flags)) {
      const surroundings = {
        now: () => performance.now(),
        interrupted: () => isRaised(stop),
        choosing() {
          const line = 'choosing sequences in which each ending is met';
          display.tell(kernel.name, `Progress ${proposal.name} on ${kernel.name}: ${line}`);
        },
        progress({ sequences, calls, mismatches }: { sequences: number; calls: number; mismatches: number }) {
          const line = `${sequences} sequences, ${calls} calls, ${mismatches} mismatches`;
          display.tell(kernel.name, `Progress ${proposal.name} on ${kernel.name}: ${line}`);
        },
      };
      each.push(await conformOn(proposal, { ...common, ...kernel.where }, surroundings));
    }
    return { done: each, interrupted: isRaised(stop) };
  }).finally(() => {
    display.clear();
  });
  const report: ConformReport = {
    version: version(),
    proposal: proposal.name,
    title: proposal.title,
    bounds: { ...bounds },
    seed,
    length,
    runs: done.map(({ run }) => run),
  };
  const shown = flags.all ? 'all' : 'missing';
  await print(flags.format === 'json' ? formatConformJson(report) : formatConformText(report, look(), shown));
  if (flags.add)
    for (const made of done.flatMap(({ cases }) => cases))
      process.stderr.write(`added ${addCase(corpusToAddTo(), made)}\n`);
  if (interrupted) return EXIT.interrupted;
  return agrees(report) ? EXIT.ok : EXIT.violated;
}

/** Where each kernel that was asked for is. Throws a KernelRunError for an image that cannot be read. */
async function kernelsOf({
  kernel = [RUNNING],
}: ConformFlags): Promise<{ name: string; where: Pick<KernelRunOptions, 'server'> }[]> {
  const { bootGuest, fetchedKernel, readKernel } = await import('../../kernel/guest/index.js');
  return [...new Set(kernel)].map((name) => {
    if (name === RUNNING) return { name: 'the running kernel', where: {} };
    const image = readKernel(fetchedKernel(name) ?? name);
    return { name, where: { server: () => bootGuest(image) } };
  });
}

/** The cases about a proposal at these places. Of a directory those about others are left out; a file about another is refused. */
function casesAt(places: readonly string[], proposal: Proposal): Case[] {
  return places.flatMap((place) => {
    const entry = readCaseFile(place);
    const isDirectory =
      entry.error instanceof CorpusReadError && String(entry.error).includes('is a directory');
    if (!isDirectory && entry.case && entry.case.proposal !== proposal.name) {
      throw new UsageError(`${entry.file} is about ${entry.case.proposal}, not about ${proposal.name}.`);
    }
    const cases = (isDirectory ? readCorpus(place) : [entry]).map((each) => {
      if (!each.case) throw each.error;
      return each.case;
    });
    const about = cases.filter((each) => each.proposal === proposal.name);
    if (about.length === 0) throw new UsageError(`There is no case about ${proposal.name} in ${place}.`);
    return about;
  });
}

/** What is asked for, or room for all of the cases. */
function boundsFor(usual: Bounds, cases: readonly Case[], asked: Partial<Bounds>): Bounds {
  const names = Object.keys(usual) as (keyof Bounds)[];
  const roomy = cases.map((each) => roomyBounds(each));
  const sizes = names.map((name) => [name, Math.max(usual[name], ...roomy.map((each) => each[name]))]);
  return { ...(Object.fromEntries(sizes) as Record<keyof Bounds, number>), ...asked };
}

/**
 * Operations that are not called: those that `without` names, and where `only` names some, those at hooks that it does not. A name
 * is an operation's, or the first part of several, as `tcx` of `tcx_link`.
 */
function leftOut(proposal: Proposal, only: readonly string[], without: readonly string[]): string[] {
  const { operations } = machineOf(proposal, proposal.bounds);
  const names = operations.filter(({ spontaneous }) => !spontaneous).map(({ name }) => name);
  const isNamed = (name: string, by: string): boolean => name === by || name.startsWith(`${by}_`);
  for (const asked of [...only, ...without]) {
    if (!names.some((name) => isNamed(name, asked)))
      throw new UsageError(`${proposal.name} has no operation '${asked}': ${remedyFor(asked, names)}`);
  }
  const isLeftOut = (name: string): boolean =>
    without.some((by) => isNamed(name, by)) ||
    (only.length > 0 && name.includes('_') && !only.some((by) => isNamed(name, by)));
  return names.filter(isLeftOut);
}
