/** Scenarios on disk: one a file, `<name>.scenario`. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { CorpusReadError, readText } from '../corpus/store.js';
import { parseScenario } from './parse.js';
import type { Scenario } from './scenario.js';

/** What scenarios are called on disk. */
export const SCENARIO_SUFFIX = '.scenario';

export interface StoredScenario {
  /** Of the file, without its suffix. */
  readonly name: string;
  readonly scenario: Scenario;
}

/**
 * The scenarios of a directory, sorted by name. Throws a {@link CorpusReadError} if it cannot be read, and what
 * {@link readScenario} throws.
 */
export function readScenarios(directory: string): StoredScenario[] {
  return filesIn(directory)
    .filter((name) => name.endsWith(SCENARIO_SUFFIX))
    .sort()
    .map((name) => readScenario(path.join(directory, name)));
}

/** Reads one file. Throws a {@link CorpusReadError} if it cannot be read, a CaseSyntaxError if it is no scenario. */
export function readScenario(file: string): StoredScenario {
  const shown = file.replaceAll(path.sep, '/');
  return { name: path.basename(file, SCENARIO_SUFFIX), scenario: parseScenario(readText(file), shown) };
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    throw new CorpusReadError(directory, error);
  }
}
