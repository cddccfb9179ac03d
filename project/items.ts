/** The proposals and properties that a user's files export. */
import type { Property } from '../checker/index.js';
import type { KernelState } from '../model/kernel/index.js';
import type { Proposal } from '../model/proposals/index.js';
import { importUserModule, UserModuleError } from './load-typescript.js';

export interface Items {
  readonly proposals: readonly Proposal[];
  readonly properties: readonly Property<KernelState>[];
}

export interface OwnItems extends Items {
  /** The files they are from. */
  readonly files: readonly string[];
}

/** What one file exports, under whatever name, in lists or alone. Throws a UserModuleError if it cannot be loaded. */
export async function itemsIn(file: string): Promise<Items> {
  const values = exportedValues(await importUserModule(file));
  return { proposals: values.filter(isProposal), properties: values.filter(isProperty) };
}

/**
 * What several files export. Throws a UserModuleError for a file that cannot be loaded, that exports neither proposal nor
 * property, or that gives a name which another file has given to something else.
 */
export async function itemsOf(files: readonly string[]): Promise<OwnItems> {
  const unique = [...new Set(files)];
  const proposals = new Named<Proposal>('proposal');
  const properties = new Named<Property<KernelState>>('property');
  for (const file of unique) {
    const items = await itemsIn(file);
    if (items.proposals.length + items.properties.length === 0) {
      throw await exportsNone(file, 'proposal or property', 'defineProposal(…) or defineProperty(…)');
    }
    for (const proposal of items.proposals) proposals.add(proposal, file);
    for (const property of items.properties) properties.add(property, file);
  }
  return { proposals: proposals.items, properties: properties.items, files: unique };
}

/** The error for a file without what was looked for in it; `made` is the call that makes such a thing. */
export async function exportsNone(file: string, what: string, made: string): Promise<UserModuleError> {
  const loaded = await importUserModule(file);
  const names = isObject(loaded) ? Object.keys(loaded) : [];
  const instead = names.length === 0 ? 'nothing' : `only ${names.join(', ')}`;
  const detail = `There is no ${what} in this file, which exports ${instead}. Export what ${made} returns, or keep the file elsewhere.`;
  return new UserModuleError([{ file, detail }]);
}

/** Things under names that nothing else may have. */
class Named<T extends { readonly name: string }> {
  readonly items: T[] = [];
  private readonly files = new Map<T, string>();

  constructor(private readonly what: string) {}

  add(item: T, file: string): void {
    if (this.items.includes(item)) return;
    const other = this.items.find(({ name }) => name === item.name);
    if (other) {
      const detail = `There is a ${this.what} '${item.name}' in ${this.files.get(other)!} already: give one of them another name.`;
      throw new UserModuleError([{ file, detail }]);
    }
    this.items.push(item);
    this.files.set(item, file);
  }
}

/** A list to which items are added, each in the place of one of the same name if there is one. */
export function withReplaced<T extends { readonly name: string }>(
  list: readonly T[],
  items: readonly T[],
): T[] {
  const together = [...list];
  for (const item of items) {
    const at = together.findIndex((other) => other.name === item.name);
    if (at < 0) together.push(item);
    else together[at] = item;
  }
  return together;
}

function exportedValues(loaded: unknown): unknown[] {
  return isObject(loaded) ? [...new Set(Object.values(loaded).flat())] : [];
}

function isProposal(value: unknown): value is Proposal {
  if (!isObject(value)) return false;
  const { name, operations, kernel, bounds } = value as Partial<Record<keyof Proposal, unknown>>;
  return typeof name === 'string' && typeof operations === 'function' && isObject(kernel) && isObject(bounds);
}

function isProperty(value: unknown): value is Property<KernelState> {
  if (!isObject(value)) return false;
  const { name, kind, check, reached } = value as Record<string, unknown>;
  const asks = kind === 'witness' ? typeof reached === 'function' : typeof check === 'function';
  const kinds = ['state', 'step', 'settled', 'refusals', 'witness'];
  return typeof name === 'string' && kinds.includes(String(kind)) && asks;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
