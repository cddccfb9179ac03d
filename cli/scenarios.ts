/** The scenarios of a run: those of the user's project, and those that come with the package. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { directoryOf } from '../project/project.js';
import {
  compareRuns,
  machineFor,
  parseScenario,
  readScenario,
  readScenarios,
  runScenario,
  SCENARIO_SUFFIX,
  type StoredScenario,
} from '../scenario/index.js';
import type { Proposal } from '../model/proposals/index.js';
import type { PlayedScenario } from '../report/index.js';
import { named } from './catalogue.js';
import { currentProject } from './config.js';
import { packagedDirectory } from './packaged.js';
import { faultInWords } from './workers/faults.js';

const DIRECTORY = 'scenarios';

/**
 * The user's scenarios (of the config, else of the working directory) and those of the package; of two with one name, the user's.
 * Throws what reading them throws.
 */
export function storedScenarios(): StoredScenario[] {
  const project = currentProject();
  const own = (project && directoryOf(project, DIRECTORY)) ?? DIRECTORY;
  const packaged = packagedDirectory(DIRECTORY);
  const isOther = existsSync(own) && realpathSync(own) !== realpathSync(packaged);
  const ownOnes = isOther ? readScenarios(own) : [];
  const others = readScenarios(packaged).filter(({ name }) => ownOnes.every((one) => one.name !== name));
  return [...ownOnes, ...others];
}

/** The scenario that an argument means: a stored one's name, a file, or `-` for standard input. */
export function askedScenario(argument: string): StoredScenario {
  if (argument === '-') {
    return { name: 'standard input', scenario: parseScenario(readFileSync(0, 'utf8'), 'standard input') };
  }
  if (argument.includes('/') || argument.endsWith(SCENARIO_SUFFIX)) return readScenario(argument);
  return named('scenario', storedScenarios(), argument);
}

/** Plays a scenario in each design. Throws a FaultyInputError if a rule of one of them fails. */
export function playScenario(
  { name, scenario }: StoredScenario,
  proposals: readonly Proposal[],
): PlayedScenario {
  const runs = proposals.map((proposal) => {
    try {
      return runScenario(scenario, proposal);
    } catch (error) {
      throw faultInWords(error, () => machineFor(scenario, proposal));
    }
  });
  return { name, scenario, runs, ...compareRuns(runs) };
}
