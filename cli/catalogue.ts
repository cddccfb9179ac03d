/** The proposals and properties of a run: the built-in ones, and those of the files that were named. */
import { existsSync } from 'node:fs';
import { speaksAbout, type Property } from '../checker/property.js';
import { remedyFor } from '../corpus/index.js';
import type { Bounds, KernelState } from '../model/kernel/model.js';
import { UnknownSwitchError, type Machine } from '../model/machine/index.js';
import {
  machineOf,
  proposals as builtInProposals,
  variants,
  type Proposal,
} from '../model/proposals/index.js';
import { properties as builtInProperties } from '../properties/index.js';
import { itemsIn, itemsOf, withReplaced, type Items } from '../project/items.js';
import { directoryOf, itemsOfProject } from '../project/project.js';
import { currentProject, loadConfig } from './config.js';
import { FaultyInputError, placeOf, UsageError } from './errors.js';
import { packagedDirectory } from './packaged.js';

export { caseCatalogue } from '../project/case-catalogue.js';

export interface Catalogue extends Items {
  /** The proposals of the project that the config is of. */
  readonly own: readonly Proposal[];
  /** The files that were named for it; a worker that loads them, in the same project, has the same. */
  readonly files: readonly string[];
}

/** Whether an argument names a file and not something built in. */
export function isFile(name: string): boolean {
  return /\.(ts|mts|js|mjs)$/.test(name) || name.includes('/');
}

/**
 * The built-in proposals and properties, those of the project, and all that the files export. A proposal takes the place of one
 * of the same name that came before it in this order. Throws a UserModuleError for a file that cannot be loaded or has nothing
 * in it.
 */
export async function loadCatalogue(files: readonly string[]): Promise<Catalogue> {
  const project = await loadConfig();
  const own = project ? await itemsOfProject(project) : NOTHING;
  const named = await itemsOf(files);
  return {
    proposals: withReplaced(withReplaced([...builtInProposals, ...variants], own.proposals), named.proposals),
    properties: withReplaced(withReplaced(builtInProperties, own.properties), named.properties),
    own: own.proposals,
    files: named.files,
  };
}

const NOTHING: Items = { proposals: [], properties: [] };

/**
 * As {@link selectProposals}; but where none is named, without those whose space is too large to be closed: a search for each rule of
 * such a one takes too long to be made unasked.
 */
export async function selectClosing(
  catalogue: Catalogue,
  names: readonly string[],
): Promise<readonly Proposal[]> {
  const selected = await selectProposals(catalogue, names);
  return names.length > 0 ? selected : selected.filter(({ reach }) => reach === undefined);
}

/**
 * The proposals that arguments name, those of a file for a file. Without arguments, the project's own; all there are if it has
 * none.
 */
export async function selectProposals(
  catalogue: Catalogue,
  names: readonly string[],
): Promise<readonly Proposal[]> {
  if (names.length === 0) return catalogue.own.length > 0 ? catalogue.own : withoutVariants(catalogue);
  const selected: Proposal[] = [];
  for (const name of names) {
    if (isFile(name)) selected.push(...(await proposalsIn(name)));
    else selected.push(named('proposal', catalogue.proposals, name, COMMANDS));
  }
  return [...new Set(selected)];
}

/** All proposals there are but those to be looked at only where they are named. */
export function withoutVariants({ proposals }: Pick<Catalogue, 'proposals'>): readonly Proposal[] {
  return proposals.filter(({ variantOf }) => variantOf === undefined);
}

async function proposalsIn(file: string): Promise<readonly Proposal[]> {
  const { proposals } = await itemsIn(file);
  if (proposals.length > 0) return proposals;
  throw new UsageError(
    `${file}: no export of this file is a proposal. For a property, use --property ${file}.`,
  );
}

/** `check` may be left out, so a word in its place may be a command misspelt. */
const COMMANDS = [
  'check',
  'compare',
  'conform',
  'diff',
  'explore',
  'graph',
  'guards',
  'kernels',
  'list',
  'merge',
  'minimise',
  'needs',
  'new',
  'prune',
  'replay',
  'run',
  'show',
  'completion',
  'help',
];

/** The properties that names select; all if there are none. */
export function selectProperties(
  catalogue: Catalogue,
  names: readonly string[],
): readonly Property<KernelState>[] {
  if (names.length === 0) return catalogue.properties;
  return names.map((name) => named('property', catalogue.properties, name));
}

/** The item of that name. Throws a UsageError with the nearest name, or word that was meant, if there is none. */
export function named<T extends { readonly name: string }>(
  what: string,
  items: readonly T[],
  name: string,
  others: readonly string[] = [],
): T {
  const found = items.find((item) => item.name === name);
  if (found) return found;
  const known = [...items.map((item) => item.name), ...others];
  throw new UsageError(`There is no ${what} '${name}': ${remedyFor(name, known)}`);
}

/** The machine of a proposal. Throws a FaultyInputError if the proposal is what keeps it from being built. */
export function builtOnce(proposal: Proposal, bounds: Partial<Bounds> = {}): Machine<KernelState> {
  try {
    return machineOf(proposal, bounds);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new FaultyInputError(
      `The proposal '${proposal.name}' cannot be built: ${message}${placeOf(cause)}`,
    );
  }
}

/** The properties that speak about a proposal. */
export function propertiesFor(
  proposal: Proposal,
  properties: readonly Property<KernelState>[],
): readonly Property<KernelState>[] {
  const tags = builtOnce(proposal).definition.tags ?? [];
  return properties.filter((property) => speaksAbout(property, tags));
}

/** The switches that a proposal knows. Throws a UsageError for one that none of the proposals knows. */
export function switchesFor(
  proposals: readonly Proposal[],
  without: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  if (without.length === 0) return new Map();
  const known = new Map(proposals.map((proposal) => [proposal.name, knownAmong(proposal, without)] as const));
  for (const name of without) {
    if ([...known.values()].some((names) => names.includes(name))) continue;
    const all = [...new Set(proposals.flatMap(allSwitches))];
    throw new UsageError(
      `Nothing is called '${name}' here that could be switched off: ${remedyFor(name, all)}`,
    );
  }
  return known;
}

function knownAmong(proposal: Proposal, names: readonly string[]): string[] {
  const known = allSwitches(proposal);
  return names.filter((name) => known.includes(name));
}

/** Every name that can be switched off in a proposal: what an unknown one is told. */
export function allSwitches(proposal: Proposal): readonly string[] {
  builtOnce(proposal);
  try {
    machineOf(proposal, {}, { without: [''] });
    return [];
  } catch (error) {
    if (error instanceof UnknownSwitchError) return error.known;
    throw error;
  }
}

/** The cases of the project; else those of the working directory if it has any; else those that come with the package. */
export function defaultCorpus(): string {
  const own = ownCorpus();
  if (own !== undefined) return own;
  if (existsSync(CORPUS)) return CORPUS;
  return packagedDirectory(CORPUS);
}

/** Where new cases go. */
export function corpusToAddTo(): string {
  return ownCorpus() ?? CORPUS;
}

const CORPUS = 'counterexamples';

function ownCorpus(): string | undefined {
  const project = currentProject();
  return project && directoryOf(project, 'cases');
}
