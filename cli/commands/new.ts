/** `holdfast new`: a working file to start from. */
import type { Command } from 'commander';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { remedyFor, writeNewFile } from '../../corpus/index.js';
import { proposals } from '../../model/proposals/index.js';
import { CONFIG_FILES } from '../../project/find-config.js';
import { directoryOf, type Project } from '../../project/project.js';
import {
  camelCase,
  fromTemplate,
  KEBAB_CASE,
  TEMPLATES,
  templateText,
  type TemplateKind,
} from '../../project/templates.js';
import { properties } from '../../properties/index.js';
import { loadConfig } from '../config.js';
import { UsageError } from '../errors.js';
import { print } from '../output.js';

const KINDS = [...TEMPLATES, 'config'] as const;

export function addNewCommand(program: Command): void {
  program
    .command('new')
    .summary('write a proposal, property, mechanism or config to start from')
    .description(
      'Writes a commented file that works as it is, and says what to do next. In a project with a config, the file goes where the ' +
        'config looks for it. Nothing is ever overwritten.',
    )
    .argument('<what>', KINDS.join(', '))
    .argument('[new-name]', 'what it is called, in-lower-case-with-hyphens; a config has no name')
    .option(
      '--directory <directory>',
      'where the file goes (default: where your config looks for it, else here)',
    )
    .addHelpText(
      'after',
      `
Examples:
  holdfast new config
  holdfast new proposal my-idea
  holdfast new property no-gap --directory properties
  holdfast new mechanism force-detach

Exit codes: 0 written, 64 usage, 65 faulty config, 73 cannot write, or there is such a file already.`,
    )
    .action(async (what: string, name: string | undefined, flags: { readonly directory?: string }) => {
      const kind = KINDS.find((known) => known === what);
      if (!kind) throw new UsageError(`There is no new '${what}': ${remedyFor(what, KINDS)}`);
      if (kind === 'config') await newConfig(name, flags.directory ?? '.');
      else await newFile(kind, name, flags.directory);
    });
}

async function newConfig(name: string | undefined, directory: string): Promise<void> {
  if (name !== undefined)
    throw new UsageError(`A config has no name: holdfast new config --directory ${name}`);
  const present = CONFIG_FILES.find((file) => existsSync(path.join(directory, file)));
  if (present !== undefined)
    throw new UsageError(`There is a config already: ${path.join(directory, present)}`);
  const file = path.join(directory, CONFIG_FILES[0]!);
  writeNewFile(file, templateText('config'));
  for (const made of ['proposals', 'properties']) mkdirSync(path.join(directory, made), { recursive: true });
  await print(`wrote ${file}\nnext: npx holdfast new proposal my-idea`);
}

async function newFile(
  kind: TemplateKind,
  name: string | undefined,
  asked: string | undefined,
): Promise<void> {
  if (name === undefined) throw new UsageError(`A new ${kind} needs a name: holdfast new ${kind} my-idea`);
  if (!KEBAB_CASE.test(name)) {
    throw new UsageError(
      `'${name}' is no name for a ${kind}: lower-case words with hyphens are, as my-idea.`,
    );
  }
  const builtIn: readonly { readonly name: string }[] = BUILT_IN[kind];
  if (builtIn.some((known) => known.name === name))
    throw new UsageError(`There is a ${kind} '${name}' already: give yours another name.`);
  const project = await loadConfig();
  const own = project && ownDirectory(kind, project);
  const file = path.join(asked ?? own ?? '.', `${name}.ts`);
  writeNewFile(file, fromTemplate(kind, name));
  await print([`wrote ${file}`, ...nextSteps(kind, name, file, project)].join('\n'));
}

const BUILT_IN = { proposal: proposals, property: properties, mechanism: [] } as const;

const SETTING = { proposal: 'proposals', property: 'properties' } as const;

/** Where the config looks for a file of this kind. For mechanisms it does not look: proposals import them. */
function ownDirectory(kind: TemplateKind, project: Project): string | undefined {
  if (kind !== 'mechanism') return directoryOf(project, SETTING[kind]);
  return path.relative('.', path.join(path.dirname(project.file), 'mechanisms'));
}

function nextSteps(kind: TemplateKind, name: string, file: string, project: Project | undefined): string[] {
  if (kind === 'mechanism') {
    const proposalsAt = (project && directoryOf(project, 'proposals')) ?? path.dirname(file);
    const imported = `import { ${camelCase(name)}Operations } from '${moduleOf(path.relative(proposalsAt, file))}';`;
    return [
      'next: in a proposal',
      `  ${imported}`,
      `and among its operations`,
      `  ...${camelCase(name)}Operations(k),`,
    ];
  }
  const own = project && directoryOf(project, SETTING[kind]);
  const isFound = own !== undefined && path.resolve(own) === path.resolve(path.dirname(file));
  const word = isFound ? name : moduleOf(path.relative('.', file));
  const command = kind === 'proposal' ? `check ${word}` : `check netlink-xdp --property ${word}`;
  const toKnow = `to have it known by name, add its path to '${SETTING[kind]}' in ${path.relative('.', project?.file ?? '')}`;
  return [...(project && !isFound ? [toKnow] : []), `next: npx holdfast ${command}`];
}

/** A path as an import, or the command, knows it from a name. */
function moduleOf(relative: string): string {
  const written = relative.replaceAll(path.sep, '/');
  return written.startsWith('.') ? written : `./${written}`;
}
