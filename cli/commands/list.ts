/** `holdfast list` and `holdfast show`: what there is. */
import type { Command } from 'commander';
import type { Property } from '../../checker/index.js';
import { readCaseFile, readCorpus, remedyFor } from '../../corpus/index.js';
import { existsSync } from 'node:fs';
import type { KernelState } from '../../model/kernel/model.js';
import type { Operation } from '../../model/machine/index.js';
import { machineOf, type Proposal } from '../../model/proposals/index.js';
import { createLook } from '../../report/index.js';
import { defaultCorpus, loadCatalogue, propertiesFor, type Catalogue } from '../catalogue.js';
import { UsageError } from '../errors.js';
import { lookOptions, print } from '../output.js';
import { repeated } from '../option-values.js';
import { storedScenarios } from '../scenarios.js';
import { describeCase } from './replay.js';

const KINDS = ['proposals', 'properties', 'cases', 'scenarios'] as const;

export function addListCommands(program: Command): void {
  program
    .command('list')
    .summary('list the proposals, the properties, the stored cases, or the scenarios')
    .argument('[what]', KINDS.join(', ') + ' (default: proposals and properties)')
    .option('--file <file>', 'a file with proposals or properties of your own; can be repeated', repeated)
    .option(
      '--corpus <directory>',
      'where cases are (default: those of your config, else ./counterexamples, else those of the package)',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  holdfast list cases\n  holdfast list scenarios\n\nExit codes: 0, 64 usage, 65 faulty file or config.',
    )
    .action(
      async (what: string | undefined, flags: { readonly file?: string[]; readonly corpus?: string }) => {
        await list(what, await loadCatalogue(flags.file ?? []), flags.corpus ?? defaultCorpus());
      },
    );
  program
    .command('show')
    .summary('show a proposal, a property or a case in full')
    .argument('<name>', 'the name of a proposal or property, or a case file')
    .option('--file <file>', 'a file with proposals or properties of your own; can be repeated', repeated)
    .addHelpText(
      'after',
      '\nExamples:\n  holdfast show link-fd\n  holdfast show held-link-never-overridden\n\nExit codes: 0, 64 usage, 65 faulty file, case or config.',
    )
    .action(async (name: string, flags: { readonly file?: string[] }) => {
      await show(name, await loadCatalogue(flags.file ?? []));
    });
}

async function list(what: string | undefined, catalogue: Catalogue, corpus: string): Promise<void> {
  if (what !== undefined && !KINDS.some((kind) => kind === what)) {
    throw new UsageError(`There is no list of '${what}': ${remedyFor(what, KINDS)}`);
  }
  const lines: string[] = [];
  if (what === undefined || what === 'proposals') {
    lines.push(...columnsOf(catalogue.proposals.map(({ name, title }) => [name, title])));
  }
  if (what === undefined) lines.push('');
  if (what === undefined || what === 'properties') {
    lines.push(...columnsOf(catalogue.properties.map(({ name, claim }) => [name, claim])));
  }
  if (what === 'cases') {
    lines.push(
      ...columnsOf(
        readCorpus(corpus).map(({ file, case: read, error }) =>
          read
            ? [
                file,
                `${read.title} [${read.property === undefined ? 'outcomes' : `${read.property}: ${read.expect!}`}]`,
              ]
            : [file, error.message],
        ),
      ),
    );
  }
  if (what === 'scenarios') {
    lines.push(...columnsOf(storedScenarios().map(({ name, scenario }) => [name, scenario.title])));
  }
  await print(lines.join('\n'));
}

async function show(name: string, catalogue: Catalogue): Promise<void> {
  const proposal = catalogue.proposals.find((candidate) => candidate.name === name);
  const property = catalogue.properties.find((candidate) => candidate.name === name);
  if (proposal) await print(describeProposal(proposal, catalogue).join('\n'));
  else if (property) await print(describeProperty(property, catalogue).join('\n'));
  else if (existsSync(name)) {
    const entry = readCaseFile(name);
    if (!entry.case) throw entry.error;
    await print(describeCase(entry.case, catalogue).join('\n'));
  } else {
    const names = [...catalogue.proposals, ...catalogue.properties].map((item) => item.name);
    throw new UsageError(`There is no proposal, property or case file '${name}': ${remedyFor(name, names)}`);
  }
}

function describeProposal(proposal: Proposal, catalogue: Catalogue): string[] {
  const machine = machineOf(proposal);
  const expected = Object.entries(proposal.expected ?? {});
  return [
    `${proposal.name}: ${proposal.title}`,
    '',
    `modelled  ${proposal.models}`,
    `left out  ${proposal.leavesOut}`,
    ...proposal.sources.map((source) => `source    ${source}`),
    `bounds    ${Object.entries(proposal.bounds)
      .map(([bound, value]) => `${bound}=${value}`)
      .join(' ')}`,
    '',
    'Operations, and the checks that refuse them in the order in which they are made:',
    ...machine.operations.flatMap(describeOperation),
    '',
    `References that keep objects alive: ${machine.memory.holdPaths.map((path) => `hold:${path}`).join(', ')}`,
    '',
    `Claims that speak about it: ${propertiesFor(proposal, catalogue.properties).length}`,
    ...(expected.length === 0 ? [] : ['', 'Claims it is known not to keep:', ...columnsOf(expected)]),
  ];
}

function describeOperation(op: Operation<KernelState>): string[] {
  const params = Object.keys(op.params);
  const actor = params[0] === 'actor' ? 'A.' : '';
  const args = params.filter((param) => param !== 'actor');
  const name = op.name === op.verb ? '' : ` [${op.name}]`;
  return [
    '',
    `  ${actor}${op.verb}(${args.join(', ')})${name}`,
    `      ${op.summary}`,
    ...columnsOf(op.guards.map(({ name: guard, errno, source }) => [errno, guard, source ?? ''])).map(
      (line) => `      ${line}`,
    ),
  ];
}

function describeProperty(property: Property<KernelState>, catalogue: Catalogue): string[] {
  const spoken = catalogue.proposals.filter((proposal) => propertiesFor(proposal, [property]).length > 0);
  const kinds = {
    state: 'must be true in every state',
    step: 'must be true of every call',
    settled: 'must be true when all processes are gone',
    refusals: 'must be true of every two causes for which an operation is refused with the same errno',
    witness: 'must be reachable',
  };
  return [
    `${property.name}: ${property.claim}`,
    '',
    `kind         ${kinds[property.kind]}`,
    `situation    ${property.situation}`,
    `source       ${property.source}`,
    `speaks of    ${spoken.map(({ name }) => name).join(', ')}`,
    ...columnsOf(
      spoken.flatMap(({ name, expected }) => {
        const reason = expected?.[property.name];
        return reason === undefined ? [] : [['not kept by', name, reason]];
      }),
    ),
  ];
}

/** Rows with their columns one under the other. The last column is cut to the terminal only by the terminal. */
function columnsOf(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  const { paint } = createLook(lookOptions());
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]!)))
      .map((cell, i) => (i === 0 ? paint.bold(cell) : cell))
      .join('  ')
      .trimEnd(),
  );
}
