/** The proposals and properties of a run: the built-in ones, and those of the files that were named. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { speaksAbout, type Property } from '../checker/property.js';
import { remedyFor, roomyBounds, type Case, type Catalogue as CaseCatalogue } from '../corpus/index.js';
import type { KernelState } from '../model/kernel/model.js';
import { UnknownSwitchError, type Machine } from '../model/machine/index.js';
import { machineOf, proposals as builtInProposals, type Proposal } from '../model/proposals/index.js';
import { properties as builtInProperties } from '../properties/index.js';
import { FaultyInputError, placeOf, UsageError } from './errors.js';
import { importUserModule } from '../project/load-typescript.js';

export interface Catalogue {
  readonly proposals: readonly Proposal[];
  readonly properties: readonly Property<KernelState>[];
  /** The files that were loaded for it, for a worker to load the same. */
  readonly files: readonly string[];
}

/** Whether an argument names a file and not something built in. */
export function isFile(name: string): boolean {
  return /\.(ts|mts|js|mjs)$/.test(name) || name.includes('/');
}

/**
 * The built-in proposals and properties, and all that the files export. A file's proposal takes the place of a built-in one of
 * the same name. Throws a UserModuleError for a file that cannot be loaded, a UsageError for one with nothing in it.
 */
export async function loadCatalogue(files: readonly string[]): Promise<Catalogue> {
  const proposals = [...builtInProposals];
  const properties = [...builtInProperties];
  const unique = [...new Set(files)];
  for (const file of unique) {
    const values = exportedValues(await importUserModule(file));
    const found = { proposals: values.filter(isProposal), properties: values.filter(isProperty) };
    if (found.proposals.length + found.properties.length === 0) {
      throw new UsageError(
        `${file}: no export of this file is a proposal or a property. Export what defineProposal(…) or defineProperty(…) returns.`,
      );
    }
    for (const proposal of found.proposals) replaceByName(proposals, proposal);
    for (const property of found.properties) replaceByName(properties, property);
  }
  return { proposals, properties, files: unique };
}

function replaceByName<T extends { readonly name: string }>(list: T[], item: T): void {
  const at = list.findIndex((other) => other.name === item.name);
  if (at < 0) list.push(item);
  else list[at] = item;
}

function exportedValues(loaded: unknown): unknown[] {
  return typeof loaded === 'object' && loaded !== null ? [...new Set(Object.values(loaded).flat())] : [];
}

function isProposal(value: unknown): value is Proposal {
  if (typeof value !== 'object' || value === null) return false;
  const { name, operations, kernel, bounds } = value as Partial<Record<keyof Proposal, unknown>>;
  return typeof name === 'string' && typeof operations === 'function' && isObject(kernel) && isObject(bounds);
}

function isProperty(value: unknown): value is Property<KernelState> {
  if (typeof value !== 'object' || value === null) return false;
  const { name, kind, check, reached } = value as Record<string, unknown>;
  const asks = kind === 'witness' ? typeof reached === 'function' : typeof check === 'function';
  return typeof name === 'string' && ['state', 'step', 'settled', 'witness'].includes(String(kind)) && asks;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** The proposals that arguments name; all built-in ones if there are no arguments, those of a file for a file. */
export async function selectProposals(
  catalogue: Catalogue,
  names: readonly string[],
): Promise<readonly Proposal[]> {
  if (names.length === 0) return catalogue.proposals;
  const selected: Proposal[] = [];
  for (const name of names) {
    if (isFile(name)) selected.push(...(await proposalsIn(name)));
    else selected.push(named('proposal', catalogue.proposals, name, COMMANDS));
  }
  return [...new Set(selected)];
}

async function proposalsIn(file: string): Promise<Proposal[]> {
  const found = exportedValues(await importUserModule(file)).filter(isProposal);
  if (found.length > 0) return found;
  throw new UsageError(
    `${file}: no export of this file is a proposal. For a property, use --property ${file}.`,
  );
}

/** `check` may be left out, so a word in its place may be a command misspelt. */
const COMMANDS = ['check', 'replay', 'list', 'show', 'minimise', 'prune', 'help'];

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
function builtOnce(proposal: Proposal): Machine<KernelState> {
  try {
    return machineOf(proposal);
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

/** What the corpus needs to replay its cases. */
export function caseCatalogue({ proposals, properties }: Catalogue): CaseCatalogue<KernelState> {
  return {
    proposals: proposals.map(({ name }) => name),
    properties: properties.map(({ name }) => name),
    machineFor(read: Case) {
      const proposal = named('proposal', proposals, read.proposal);
      return machineOf(proposal, roomyBounds(read, proposal.bounds), { without: read.without });
    },
    propertyFor: (name) => named('property', properties, name),
  };
}

/** The switches that a proposal knows. Throws a UsageError for one that none of the proposals knows. */
export function switchesFor(
  proposals: readonly Proposal[],
  without: readonly string[],
): ReadonlyMap<string, readonly string[]> {
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

/** The cases of the working directory if it has any, else those that come with the package. */
export function defaultCorpus(): string {
  if (existsSync('counterexamples')) return 'counterexamples';
  const beside = fileURLToPath(new URL('../counterexamples', import.meta.url));
  return existsSync(beside)
    ? beside
    : path.relative('.', fileURLToPath(new URL('../../counterexamples', import.meta.url)));
}
