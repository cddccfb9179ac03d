/** `holdfast explore`: one proposal by hand, call by call. */
import type { Command } from 'commander';
import { Session, type SessionCall } from '../../checker/index.js';
import {
  bindCase,
  builtFor,
  checkName,
  parseScript,
  readText,
  roomyBounds,
  type Script,
} from '../../corpus/index.js';
import type { Bounds } from '../../model/kernel/model.js';
import { machineOf, type Proposal } from '../../model/proposals/index.js';
import { askedProperties, oneProposal } from '../asked.js';
import { isFile, loadCatalogue, named, propertiesFor, switchesFor, type Catalogue } from '../catalogue.js';
import { UsageError } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import { sayState } from '../explore/call-commands.js';
import { converse } from '../explore/dialogue.js';
import { Explorer } from '../explore/explorer.js';
import type { Exploration } from '../explore/exploration.js';
import { counted } from '../../report/index.js';
import { boundList, repeated } from '../option-values.js';
import { look } from '../output.js';

interface ExploreFlags {
  readonly case?: string;
  readonly property?: readonly string[];
  readonly bounds?: Partial<Bounds>;
  readonly without?: readonly string[];
}

export function addExploreCommand(program: Command): void {
  program
    .command('explore')
    .summary('try a proposal by hand: make calls, take them back, see what breaks')
    .description(
      'Makes the calls you type, and says what came of each and which claims it broke. `help` lists the commands; lines ' +
        'can be piped in as well. Without a proposal, that of the --case.',
    )
    .argument('[proposal]', 'the name of a proposal, or a file that exports one')
    .option('--case <file>', 'begin with the calls of a case')
    .option('-p, --property <name>', 'watch only this claim, or those of a file; can be repeated', repeated)
    .option('--bounds <list>', 'how many of each object, as processes=3,fds=4', boundList)
    .option(
      '--without <name>',
      'switch an operation, a guard or a reference (hold:…) off; can be repeated',
      repeated,
    )
    .addHelpText(
      'after',
      `
Examples:
  holdfast explore link-fd
  holdfast explore --case counterexamples/incidents/handle-theft.case
  holdfast explore netlink-xdp -p held-link-never-overridden --bounds processes=3

Exit codes: 0 ended, 64 usage, 65 a piped line could not be answered, or a faulty proposal or case.`,
    )
    .action(async (proposal: string | undefined, flags: ExploreFlags) => {
      process.exitCode = await explore(proposal, flags);
    });
}

async function explore(argument: string | undefined, flags: ExploreFlags): Promise<number> {
  const files = [argument ?? '', ...(flags.property ?? [])].filter(isFile);
  const catalogue = await loadCatalogue(files);
  const script = flags.case === undefined ? undefined : parseScript(readText(flags.case), flags.case);
  const proposal = await proposalOf(argument, script, catalogue);
  const begun = begin(proposal, script, flags);
  const watched = propertiesFor(proposal, await askedProperties(catalogue, flags.property ?? []));
  const exploration: Exploration = {
    ...begun,
    proposal,
    catalogue,
    properties: propertiesFor(proposal, catalogue.properties),
    watched,
    walks: 0,
    interrupted: false,
    look,
    say: (...lines) => {
      for (const line of lines) process.stdout.write(`${line}\n`);
    },
  };
  const { paint } = look();
  exploration.say(
    `${paint.bold(proposal.name)}: ${proposal.title}`,
    paint.dim(
      `${counted(watched.length, 'claim')} watched. 'calls' lists what can be done, 'help' the commands.`,
    ),
  );
  if (script) sayState(exploration);
  const explorer = new Explorer(exploration);
  await converse(explorer);
  return explorer.failed && !process.stdin.isTTY ? EXIT.faultyInput : EXIT.ok;
}

async function proposalOf(
  argument: string | undefined,
  script: Script | undefined,
  catalogue: Catalogue,
): Promise<Proposal> {
  if (argument !== undefined) return oneProposal(catalogue, argument);
  if (script?.proposal === undefined) {
    throw new UsageError(
      'Say what to explore: the name of a proposal, a file that exports one, or --case FILE.',
    );
  }
  const names = catalogue.proposals.map(({ name }) => name);
  checkName(script, 'proposal', script.proposal, names);
  return named('proposal', catalogue.proposals, script.proposal);
}

/** The session with the calls of the case made; its machine has room for a few more. */
function begin(
  proposal: Proposal,
  script: Script | undefined,
  { bounds: asked, without = [] }: ExploreFlags,
): Pick<Exploration, 'session' | 'bounds'> {
  const off = switchesFor([proposal], without).get(proposal.name) ?? [];
  const calls = { calls: script?.calls ?? [], bounds: { ...script?.bounds, ...asked } };
  const bounds = script ? roomyBounds(calls, proposal.bounds) : { ...proposal.bounds, ...asked };
  const switchedOff = [...new Set([...(script?.without ?? []), ...off])];
  if (!script) return { session: new Session(machineOf(proposal, bounds, { without: switchedOff })), bounds };
  const machine = builtFor(script, proposal.name, () =>
    machineOf(proposal, bounds, { without: switchedOff }),
  );
  const { trace, names } = bindCase(script, machine);
  const made = trace.map((call, i): SessionCall => ({ call, name: names.get(i) }));
  return { session: new Session(machine, made), bounds };
}
