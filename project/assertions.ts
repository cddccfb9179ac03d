/** Assertions for a user's own test suite, whatever runs it: they throw, and the message says it all. */
import { existsSync } from 'node:fs';
import {
  CaseSyntaxError,
  explainVerdict,
  readCaseFile,
  readCorpus,
  replayFrom,
  type Case,
  type Catalogue,
  type CorpusEntry,
} from '../corpus/index.js';
import type { Property } from '../checker/index.js';
import type { KernelState } from '../model/kernel/index.js';
import { proposals as builtInProposals, type Proposal } from '../model/proposals/index.js';
import { properties as builtInProperties } from '../properties/index.js';
import { createLook, showHeaded, statusOf } from '../report/index.js';
import { caseCatalogue, named } from './case-catalogue.js';
import { findConfig } from './find-config.js';
import { findingsOf, type SearchScope } from './findings.js';
import { withReplaced, type Items } from './items.js';
import { directoryOf, itemsOfProject, loadProject } from './project.js';

/** Something is not as expected. The message fits a terminal of 80 columns. */
export class HoldfastAssertionError extends Error {
  override readonly name = 'HoldfastAssertionError';
}

/** Columns of a message. */
const WIDTH = 80;

export interface ClaimOptions extends SearchScope {
  /** Names of built-in claims, or properties of one's own; all built-in ones if none are given. */
  readonly properties?: readonly (string | Property<KernelState>)[];
}

/**
 * Checks by exhaustive search what is claimed of a proposal. Throws a {@link HoldfastAssertionError} with the shortest
 * counterexample if a claim is broken that the proposal does not list as `expected`, if one is kept that it lists, if the
 * situation of a claim never arises, or if a witness is not reached. Throws a RangeError for an unknown name, if no claim speaks
 * about the proposal, and if its space is too large.
 */
export function assertClaims(proposal: Proposal, { properties, ...scope }: ClaimOptions = {}): void {
  const asked = properties?.map((property) =>
    typeof property === 'string' ? named('property', builtInProperties, property) : property,
  );
  failIfAny(claimFailures(proposal, asked ?? builtInProperties, scope), assertClaims);
}

function claimFailures(
  proposal: Proposal,
  properties: readonly Property<KernelState>[],
  scope: SearchScope,
): string[] {
  const look = createLook({ width: WIDTH });
  return findingsOf(proposal, properties, scope)
    .filter((finding) => statusOf(finding) === 'failed')
    .map((finding) => showHeaded(proposal.name, finding, look, (text) => text).join('\n'));
}

/**
 * Replays a case, or the file of one. `own` are the proposals and properties it is about besides the built-in ones. Throws a
 * {@link HoldfastAssertionError} if an outcome or the verdict is not what the case says, or it cannot be read.
 */
export function assertCase(given: string | Case, own: Partial<Items> = {}): void {
  const entry = typeof given === 'string' ? readCaseFile(given) : { file: given.at.file, case: given };
  failIfAny(caseFailures([entry], own), assertCase);
}

/** Replays all cases below a directory, as {@link assertCase} does one. A directory without cases is a failure too. */
export function assertCases(directory: string, own: Partial<Items> = {}): void {
  const entries = readCorpus(directory);
  failIfAny(
    entries.length === 0 ? [`${directory}: there is no case here.`] : caseFailures(entries, own),
    assertCases,
  );
}

function caseFailures(
  entries: readonly CorpusEntry[],
  { proposals = [], properties = [] }: Partial<Items>,
): string[] {
  const catalogue = caseCatalogue({
    proposals: withReplaced(builtInProposals, proposals),
    properties: withReplaced(builtInProperties, properties),
  });
  return entries.flatMap((entry) => {
    const failure = caseFailure(entry, catalogue);
    return failure === undefined ? [] : [failure];
  });
}

function caseFailure(
  { file, case: read, error }: CorpusEntry,
  catalogue: Catalogue<KernelState>,
): string | undefined {
  if (error) return error.message;
  try {
    const verdict = replayFrom(read, catalogue);
    return verdict.kind === 'as-expected' ? undefined : explainVerdict(verdict, file);
  } catch (fault) {
    if (fault instanceof CaseSyntaxError) return fault.message;
    throw fault;
  }
}

export interface ProjectOptions extends SearchScope {
  /** Where the config is looked for, from here upwards; the working directory if it is not given. */
  readonly directory?: string;
}

/**
 * Checks a whole project, as its config says: all claims, built-in and its own, on each of its proposals, and all its cases. Loads
 * TypeScript by itself. Throws a {@link HoldfastAssertionError} with all that is not as expected.
 */
export async function assertProject({ directory = '.', ...scope }: ProjectOptions = {}): Promise<void> {
  const file = findConfig(directory);
  if (file === undefined) throw new RangeError(`there is no holdfast.config.ts in ${directory} or above it`);
  const project = await loadProject(file);
  const own = await itemsOfProject(project);
  if (own.proposals.length === 0) throw new RangeError(`${file}: there is no proposal in this project`);
  const properties = withReplaced(builtInProperties, own.properties);
  const cases = directoryOf(project, 'cases');
  const failures = [
    ...(cases !== undefined && existsSync(cases) ? caseFailures(readCorpus(cases), own) : []),
    ...own.proposals.flatMap((proposal) => claimFailures(proposal, properties, scope)),
  ];
  failIfAny(failures, assertProject);
}

/** `assertion` is what the user called: a runner then shows the line of the call, not this file. */
function failIfAny(failures: readonly string[], assertion: (...args: never[]) => unknown): void {
  if (failures.length === 0) return;
  const error = new HoldfastAssertionError(`not as expected:\n\n${failures.join('\n\n')}\n`);
  Error.captureStackTrace(error, assertion);
  throw error;
}
