/** `holdfast graph`: a small state space, drawn. */
import type { Command } from 'commander';
import { grouped } from '../../checker/grouped.js';
import { stateGraph, type Property } from '../../checker/index.js';
import { replaceFile } from '../../corpus/atomic-file.js';
import { CorpusWriteError } from '../../corpus/index.js';
import type { Bounds, KernelState } from '../../model/kernel/model.js';
import { machineOf, type Proposal } from '../../model/proposals/index.js';
import { itemsOf } from '../../project/items.js';
import { smallerSpaces, statesOf, type Space } from '../../project/smaller-spaces.js';
import { counted, formatDot, svgOf } from '../../report/index.js';
import {
  isFile,
  loadCatalogue,
  propertiesFor,
  selectProperties,
  selectProposals,
  switchesFor,
  type Catalogue,
} from '../catalogue.js';
import { UsageError } from '../errors.js';
import { boundList, oneOf, repeated, wholeNumber } from '../option-values.js';
import { print } from '../output.js';

const FORMATS = ['svg', 'dot'] as const;

interface GraphFlags {
  readonly format: (typeof FORMATS)[number];
  readonly property?: readonly string[];
  readonly bounds?: Partial<Bounds>;
  readonly depth?: number;
  readonly without?: readonly string[];
  readonly limit: number;
  readonly output?: string;
}

/** States that are counted before the answer is "more than". */
const MOST_COUNTED = 100_000;

export function addGraphCommand(program: Command): void {
  program
    .command('graph')
    .summary('draw a small state space')
    .description(
      'Draws every state of a proposal within its bounds, and the calls that lead from one to another. States and calls that ' +
        'break a claim are red, and the shortest way to the first of them is bold. Calls that change nothing are left out.',
    )
    .argument('<proposal>', 'the name of a proposal, or a file that exports one')
    .option('--format <format>', FORMATS.join(', '), oneOf('--format', FORMATS), 'svg')
    .option(
      '-p, --property <name>',
      'show where this claim is broken; a name, or a file that exports some; can be repeated',
      repeated,
    )
    .option('--bounds <list>', 'how many of each object, as processes=1,fds=2', boundList)
    .option('--depth <calls>', 'only states that so many calls lead to', wholeNumber('--depth', 0))
    .option(
      '--without <name>',
      'switch an operation, a guard or a reference (hold:…) off; can be repeated',
      repeated,
    )
    .option('--limit <states>', 'draw no more states than this', wholeNumber('--limit', 1, 10_000), 200)
    .option('-o, --output <file>', 'write it there (default: standard output)')
    .addHelpText(
      'after',
      `
Examples:
  holdfast graph netlink-xdp --depth 2 --output netlink-xdp.svg
  holdfast graph link-fd --depth 2 --without load-extension --format dot
  holdfast graph netlink-xdp --bounds fds=1,programs=2,pins=0 --without dup,send,restart -p crash-restores-placeholder

Exit codes: 0 drawn, 64 usage, or more states than --limit, 65 faulty proposal or property, 73 cannot write.`,
    )
    .action(graph);
}

async function graph(name: string, flags: GraphFlags): Promise<void> {
  const asked = flags.property ?? [];
  const catalogue = await loadCatalogue([name, ...asked].filter(isFile));
  const proposal = onlyOne(name, await selectProposals(catalogue, [name]));
  const properties = await claimsAbout(proposal, asked, catalogue);
  const without = switchesFor([proposal], flags.without ?? []).get(proposal.name) ?? [];
  const space: Space = { bounds: flags.bounds ?? {}, without, depth: flags.depth };
  checkSize(proposal, space, flags.limit);
  const machine = machineOf(proposal, space.bounds, { without });
  const drawn = stateGraph(machine, properties, space.depth === undefined ? {} : { depth: space.depth });
  const dot = formatDot(drawn, { title: titleOf(proposal, space, drawn.states.length) });
  const text = flags.format === 'svg' ? await svgOf(dot) : dot;
  if (flags.output === undefined) await print(text);
  else write(flags.output, text);
}

function onlyOne(name: string, proposals: readonly Proposal[]): Proposal {
  if (proposals.length === 1) return proposals[0]!;
  const names = proposals.map((proposal) => proposal.name).join(', ');
  throw new UsageError(
    `${name} exports several proposals (${names}), and a graph is of one: keep the others in files of their own.`,
  );
}

/** The claims that are asked for. Throws a UsageError for one that does not speak about the proposal, or cannot be shown. */
async function claimsAbout(
  proposal: Proposal,
  asked: readonly string[],
  catalogue: Catalogue,
): Promise<readonly Property<KernelState>[]> {
  if (asked.length === 0) return [];
  const inFiles = await itemsOf(asked.filter(isFile));
  const names = [...asked.filter((name) => !isFile(name)), ...inFiles.properties.map(({ name }) => name)];
  const selected = selectProperties(catalogue, names);
  const speaking = propertiesFor(proposal, selected);
  const silent = selected.find((property) => !speaking.includes(property));
  if (silent) throw new UsageError(`'${silent.name}' says nothing about ${proposal.name}: leave it out.`);
  const compares = speaking.find(({ kind }) => kind === 'refusals');
  if (!compares) return speaking;
  throw new UsageError(
    `'${compares.name}' is about several refusals together, not about a state or a call, and cannot be shown: leave it out.`,
  );
}

/** Throws a UsageError, with options that would do, if there are too many states. */
function checkSize(proposal: Proposal, space: Space, limit: number): void {
  if (!statesOf(proposal, space, limit).more) return;
  const { states, more } = statesOf(proposal, space, MOST_COUNTED);
  const count = `${more ? 'more than ' : ''}${grouped(states)}`;
  const ways = smallerSpaces(proposal, space, limit).map((way) => `  ${way.option}  (${way.states} states)`);
  const hint = ways.length === 0 ? [] : [', or try one of these:', ...ways];
  throw new UsageError(
    `${proposal.name} has ${count} states here, and no more than ${limit} are drawn. Raise --limit${hint.join('\n') || '.'}`,
  );
}

function titleOf({ name, title }: Proposal, { without, depth }: Space, states: number): string {
  const cut = depth === undefined ? '' : `, up to ${counted(depth, 'call')}`;
  const off = without.length === 0 ? '' : `, without ${without.join(', ')}`;
  return `${name}: ${title}\n${counted(states, 'state')}${cut}${off}`;
}

function write(file: string, text: string): void {
  try {
    replaceFile(file, text);
  } catch (error) {
    throw new CorpusWriteError(file, error);
  }
}
