/** Replaying what was read from a corpus, given where machines and properties come from. */
import { UnknownSwitchError, type Machine } from '../model/machine/index.js';
import type { Property } from '../checker/property.js';
import type { Case, HeaderName } from './case.js';
import { remedyFor } from './nearest.js';
import { replayCase, type CaseVerdict } from './replay.js';
import { CaseSyntaxError } from './syntax-error.js';

/** Where machines and properties come from. */
export interface Catalogue<S> {
  /** The names of the proposals there are. */
  readonly proposals: readonly string[];
  /** The names of the properties there are. */
  readonly properties: readonly string[];
  /** Builds the machine for a case whose proposal there is. What it throws is passed on, but for unknown switches. */
  machineFor(read: Case): Machine<S>;
  /** A property there is. */
  propertyFor(name: string): Property<S>;
}

/** What a case needs to be replayed. */
export interface Setting<S> {
  readonly machine: Machine<S>;
  /** Undefined for a case that is about no claim. */
  readonly property: Property<S> | undefined;
}

/** What a case about a claim needs. */
export type ClaimSetting<S> = Setting<S> & { readonly property: Property<S> };

/**
 * The machine and the property of a case. Throws a {@link CaseSyntaxError} for a proposal, property or rule that there is
 * not.
 */
export function settingOf<S>(read: Case, catalogue: Catalogue<S>): Setting<S> {
  checkName(read, 'proposal', read.proposal, catalogue.proposals);
  if (read.property !== undefined) checkName(read, 'property', read.property, catalogue.properties);
  return {
    machine: builtFor(read, read.proposal, () => catalogue.machineFor(read)),
    property: read.property === undefined ? undefined : catalogue.propertyFor(read.property),
  };
}

/** The same for what only a case about a claim can be used for. Throws a {@link CaseSyntaxError} for one about none. */
export function claimSettingOf<S>(read: Case, catalogue: Catalogue<S>): ClaimSetting<S> {
  const { machine, property } = settingOf(read, catalogue);
  if (property !== undefined) return { machine, property };
  const remedy = "name one with the headers 'property:' and 'expect:'";
  throw new CaseSyntaxError(read.at.file, 1, 1, 'the case is about no claim', remedy);
}

/** Replays a case in the setting that a catalogue gives it. Throws what {@link settingOf} and {@link replayCase} throw. */
export function replayFrom<S>(read: Case, catalogue: Catalogue<S>): CaseVerdict {
  const { machine, property } = settingOf(read, catalogue);
  return replayCase(read, machine, property);
}

/** Throws a {@link CaseSyntaxError} that points at the header if nothing known has the name that stands there. */
export function checkName(
  read: Pick<Case, 'at'>,
  header: HeaderName & ('proposal' | 'property'),
  name: string,
  known: readonly string[],
): void {
  if (known.includes(name)) return;
  const { line, column } = read.at.headers[header]!;
  throw new CaseSyntaxError(
    read.at.file,
    line,
    column,
    `there is no ${header} '${name}'`,
    remedyFor(name, known),
  );
}

/** Builds the machine of a proposal. Throws a {@link CaseSyntaxError} that points at the header if a rule is switched off that there is not. */
export function builtFor<S>(
  read: Pick<Case, 'at' | 'without'>,
  proposal: string,
  build: () => Machine<S>,
): Machine<S> {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof UnknownSwitchError)) throw error;
    const { line, column } = read.at.without[read.without.indexOf(error.unknown)] ?? { line: 1, column: 1 };
    const problem = `'${proposal}' has no rule '${error.unknown}'`;
    throw new CaseSyntaxError(read.at.file, line, column, problem, remedyFor(error.unknown, error.known));
  }
}
