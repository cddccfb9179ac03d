/** A state in view: what is true in it, and which numbers stand for which objects. */
import type { Domain, Machine } from '../model/machine/index.js';
import { NONE } from '../model/state/index.js';
import { play } from './playback.js';
import type { Trace } from './trace.js';

/** The numbers of one table, like the descriptors of a process. */
export interface NumberTable {
  /** Whose table it is; undefined for one that is everyone's. */
  readonly owner: string | undefined;
  /** Those that stand for an object, in order: `fd3` and what the object is called. */
  readonly entries: readonly { readonly number: string; readonly object: string }[];
}

export interface StateView {
  /** One short sentence each. */
  readonly facts: readonly string[];
  /** Tables in which there is something. */
  readonly tables: readonly NumberTable[];
}

/** The state behind a trace, in which the machine is left. `names` are those of the trace's results, as in {@link play}. */
export function viewState<S>(
  machine: Machine<S>,
  trace: Trace,
  names: ReadonlyMap<number, string> = new Map(),
): StateView {
  const playback = play(machine, trace, names);
  const facts = playback.steps.at(-1)?.facts ?? playback.initialFacts;
  const nameOf = (object: number): string =>
    playback.names[object] ?? machine.definition.kindOf?.(machine.state, object) ?? `object ${object}`;
  return { facts, tables: numberTables(machine, nameOf) };
}

/** What the numbers stand for in the machine's current state; only tables in which there is something. */
export function numberTables<S>(machine: Machine<S>, nameOf: (object: number) => string): NumberTable[] {
  const tables = issuedDomains(machine).flatMap(({ domain, owners }) =>
    owners.map(({ owner, name }) => ({ owner: name, entries: entriesOf(machine, nameOf, domain, owner) })),
  );
  return tables.filter(({ entries }) => entries.length > 0);
}

interface Owned {
  readonly domain: Domain;
  readonly owners: readonly { readonly owner: number; readonly name: string | undefined }[];
}

/** The domains of numbers that calls hand out, each with those whose numbers they are. */
function issuedDomains<S>(machine: Machine<S>): Owned[] {
  const found = new Map<string, Owned>();
  for (const { params } of machine.operations) {
    for (const domain of Object.values(params)) {
      if (!domain.issued || found.has(domain.name)) continue;
      const actors = domain.issued === 'actor' ? (params['actor']?.values ?? []) : undefined;
      const owners = actors?.map((name, owner) => ({ owner, name })) ?? [{ owner: NONE, name: undefined }];
      found.set(domain.name, { domain, owners });
    }
  }
  return [...found.values()];
}

function entriesOf<S>(
  { definition, state }: Machine<S>,
  nameOf: (object: number) => string,
  domain: Domain,
  owner: number,
): NumberTable['entries'] {
  return domain.values.flatMap((number, value) => {
    const object = definition.objectBehind?.(state, domain.name, owner, value) ?? NONE;
    if (object === NONE || !(definition.isLive?.(state, object) ?? true)) return [];
    return [{ number, object: nameOf(object) }];
  });
}
