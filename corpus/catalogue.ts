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
  readonly property: Property<S>;
}

/**
 * The machine and the property of a case. Throws a {@link CaseSyntaxError} for a proposal, property or rule that there is
 * not.
 */
export function settingOf<S>(read: Case, catalogue: Catalogue<S>): Setting<S> {
  checkName(read, 'proposal', catalogue.proposals);
  checkName(read, 'property', catalogue.properties);
  return { machine: machineOf(read, catalogue), property: catalogue.propertyFor(read.property) };
}

/** Replays a case in the setting that a catalogue gives it. Throws what {@link settingOf} and {@link replayCase} throw. */
export function replayFrom<S>(read: Case, catalogue: Catalogue<S>): CaseVerdict {
  const { machine, property } = settingOf(read, catalogue);
  return replayCase(read, machine, property);
}

function checkName(
  read: Case,
  header: HeaderName & ('proposal' | 'property'),
  known: readonly string[],
): void {
  const name = read[header];
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

function machineOf<S>(read: Case, catalogue: Catalogue<S>): Machine<S> {
  try {
    return catalogue.machineFor(read);
  } catch (error) {
    if (!(error instanceof UnknownSwitchError)) throw error;
    const { line, column } = read.at.without[read.without.indexOf(error.unknown)] ?? read.at.headers.case!;
    const problem = `'${read.proposal}' has no rule '${error.unknown}'`;
    throw new CaseSyntaxError(read.at.file, line, column, problem, remedyFor(error.unknown, error.known));
  }
}
