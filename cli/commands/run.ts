/** `holdfast run`: calls from a file or a mail, each with what it comes to. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Property } from '../../checker/index.js';
import {
  builtFor,
  callsInMail,
  CaseSyntaxError,
  checkName,
  fillScript,
  isAsExpected,
  isMail,
  parseScript,
  roomyBounds,
  readText,
  tryScript,
  type MailText,
  type Script,
} from '../../corpus/index.js';
import type { Bounds, KernelState } from '../../model/kernel/model.js';
import type { Machine } from '../../model/machine/index.js';
import { machineOf, type Proposal } from '../../model/proposals/index.js';
import { showTriedScript, triedScriptJson } from '../../report/index.js';
import { askedProperties, oneProposal } from '../asked.js';
import { isFile, loadCatalogue, named, propertiesFor, switchesFor, type Catalogue } from '../catalogue.js';
import { EXIT } from '../exit-codes.js';
import { boundList, oneOf, repeated } from '../option-values.js';
import { look, print } from '../output.js';
import { version } from '../version.js';
import { faultInWords } from '../workers/faults.js';

const FORMATS = ['text', 'json'] as const;

interface RunFlags {
  readonly proposal?: string;
  readonly property?: readonly string[];
  readonly bounds?: Partial<Bounds>;
  readonly without?: readonly string[];
  readonly mail?: boolean;
  readonly fill?: boolean;
  readonly format: (typeof FORMATS)[number];
}

export function addRunCommand(program: Command): void {
  program
    .command('run')
    .summary('make the calls of a file or a mail, and compare what they come to')
    .description(
      'Makes the calls of a file, in the words of a case, and says of each whether it comes to what is written behind it; ' +
        'of one with -> ?, what it comes to. Then: the state, the claims that are broken, and the calls possible next.',
    )
    .argument('<file>', 'a file with calls, or a mail with calls in it; - reads standard input')
    .option(
      '--proposal <proposal>',
      "the design: a name or a file (default: the one in the line 'proposal: …')",
    )
    .option('-p, --property <name>', 'ask only this claim, or those of a file; can be repeated', repeated)
    .option('--bounds <list>', 'how many of each object, as fds=3 (default: enough)', boundList)
    .option(
      '--without <name>',
      'switch an operation, a guard or a reference (hold:…) off; can be repeated',
      repeated,
    )
    .option('--mail', 'the file is a mail, though it does not begin with the headers of one')
    .option('--fill', 'print the file with the outcomes that are asked for, or missing, filled in')
    .option('--format <format>', FORMATS.join(', '), oneOf('--format', FORMATS), 'text')
    .addHelpText(
      'after',
      `
Examples:
  holdfast run counterexamples/incidents/handle-theft.case
  holdfast run counterexamples/netlink-xdp/held-link-never-overridden.case --proposal expected-fd
  holdfast run --fill counterexamples/incidents/handle-theft.case

Exit codes: 0 all as expected, 1 a call or claim came to something else, 64 usage, 65 a line cannot be read, or a faulty proposal.`,
    )
    .action(async (file: string, flags: RunFlags) => {
      process.exitCode = await run(file, flags);
    });
}

async function run(file: string, flags: RunFlags): Promise<number> {
  const files = [flags.proposal ?? '', ...(flags.property ?? [])].filter(isFile);
  const catalogue = await loadCatalogue(files);
  const shown = file === '-' ? 'standard input' : file;
  const text = file === '-' ? readFileSync(0, 'utf8') : readText(file);
  const asMail = flags.mail === true || isMail(text);
  const heads = parseScript(asMail ? callsInMail(text, shown, () => false).text : text, shown);
  const proposal = await proposalOf(heads, flags.proposal, catalogue);
  const inMail = asMail ? callsInMail(text, shown, isVerbOf(proposal)) : undefined;
  const script = withFlags(inMail ? parseScript(inMail.text, shown) : heads, proposal, flags);
  const machine = builtFor(script, proposal.name, () => machineFor(script, proposal));
  const properties = await propertiesOf(script, proposal, flags, catalogue);
  const tried = orInWords(machine, () => tryScript(script, machine, properties));
  if (flags.fill) await print(fillScript(text, script, tried));
  else if (flags.format === 'json') {
    await print(triedScriptJson({ version: version(), file: shown, proposal: proposal.name }, tried));
  } else {
    const title = look().paint.bold(`${proposal.name}: ${script.title ?? shown}`);
    await print([title, '', ...showTriedScript(tried, look()), ...notRead(shown, inMail)].join('\n'));
  }
  return isAsExpected(tried) ? EXIT.ok : EXIT.violated;
}

/** The option wins: the same calls can be tried on another design. */
async function proposalOf(
  script: Script,
  asked: string | undefined,
  catalogue: Catalogue,
): Promise<Proposal> {
  if (asked !== undefined) return oneProposal(catalogue, asked);
  const { proposal, at } = script;
  if (proposal === undefined) {
    const remedy = "write 'proposal: ' and its name above the calls, or give --proposal";
    throw new CaseSyntaxError(at.file, 1, 1, 'it is not said of which design the calls are', remedy);
  }
  const names = catalogue.proposals.map(({ name }) => name);
  checkName(script, 'proposal', proposal, names);
  return named('proposal', catalogue.proposals, proposal);
}

function isVerbOf(proposal: Proposal): (word: string) => boolean {
  const verbs = machineOf(proposal).operations.flatMap(({ verb, name }) => [verb, name]);
  return (word) => verbs.includes(word);
}

function withFlags(script: Script, proposal: Proposal, { bounds, without = [] }: RunFlags): Script {
  const off = switchesFor([proposal], without).get(proposal.name) ?? [];
  return {
    ...script,
    bounds: { ...script.bounds, ...bounds },
    without: [...new Set([...script.without, ...off])],
  };
}

function machineFor(script: Script, proposal: Proposal): Machine<KernelState> {
  return machineOf(proposal, roomyBounds(script, proposal.bounds), { without: script.without });
}

/** The properties that are asked, and the one that the script is about. */
async function propertiesOf(
  script: Script,
  proposal: Proposal,
  flags: RunFlags,
  catalogue: Catalogue,
): Promise<readonly Property<KernelState>[]> {
  const asked = propertiesFor(proposal, await askedProperties(catalogue, flags.property ?? []));
  const { property } = script;
  if (property === undefined) return asked;
  const names = catalogue.properties.map(({ name }) => name);
  checkName(script, 'property', property, names);
  return [...new Set([...asked, named('property', catalogue.properties, property)])];
}

/** A rule or a property that throws is the input's fault. */
function orInWords<T>(machine: Machine<KernelState>, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw faultInWords(error, () => machine);
  }
}

function notRead(file: string, mail: MailText | undefined): string[] {
  const doubtful = mail?.doubtful ?? [];
  if (doubtful.length === 0) return [];
  return [
    '',
    ...doubtful.map((line) => `${file}:${line}: begins like a call, goes on like prose, and was not read.`),
  ];
}
