/** A user's own project: what its config file says, read and checked. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { remedyFor } from '../corpus/index.js';
import { CONFIG_KEYS, type ConfigKey, type HoldfastConfig } from './config.js';
import { placeInConfig } from './config-place.js';
import { exportsNone, itemsIn, itemsOf, type OwnItems } from './items.js';
import { importUserModule, UserModuleError } from './load-typescript.js';

export interface Project {
  /** The config file, as an absolute path. */
  readonly file: string;
  readonly config: HoldfastConfig;
}

/** Reads a config file. Throws a UserModuleError that names the place of what is wrong in it. */
export async function loadProject(file: string): Promise<Project> {
  const absolute = path.resolve(file);
  const config = (await importUserModule(absolute)) as { readonly default?: unknown };
  if (!isRecord(config.default)) {
    const detail = 'A config exports its settings as default: export default defineConfig({ … });';
    throw new UserModuleError([{ file: absolute, detail }]);
  }
  for (const [key, value] of Object.entries(config.default)) await checkSetting(absolute, key, value);
  return { file: absolute, config: config.default };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function checkSetting(file: string, key: string, value: unknown): Promise<void> {
  if (!isKey(key)) {
    throw await problemAt(
      file,
      key,
      undefined,
      `there is no setting '${key}'; ${remedyFor(key, Object.keys(CONFIG_KEYS))}`,
    );
  }
  if (value === undefined || typeof value === 'string') return;
  if (CONFIG_KEYS[key] === 'one') throw await problemAt(file, key, 0, `'${key}' is one path, in quotes`);
  const isPath = (entry: unknown): boolean => typeof entry === 'string';
  if (Array.isArray(value) && value.every(isPath)) return;
  const wrong = Array.isArray(value) ? value.findIndex((entry) => !isPath(entry)) : 0;
  throw await problemAt(file, key, wrong, `'${key}' is a path, or a list of paths, in quotes`);
}

function isKey(key: string): key is ConfigKey {
  return Object.hasOwn(CONFIG_KEYS, key);
}

async function problemAt(
  file: string,
  key: string,
  entry: number | undefined,
  detail: string,
): Promise<UserModuleError> {
  return new UserModuleError([{ file, ...(await placeInConfig(file, key, entry)), detail }]);
}

/** The paths of a setting, as they are written. */
function pathsOf({ config }: Project, key: ConfigKey): readonly string[] {
  const value = config[key] ?? [];
  return typeof value === 'string' ? [value] : value;
}

/**
 * The directory of a setting, if the project has it; the first of several. Relative to the working directory, as people like to
 * read it.
 */
export function directoryOf(project: Project, key: ConfigKey): string | undefined {
  const absolute = pathsOf(project, key).map((written) => path.resolve(path.dirname(project.file), written));
  const directory = absolute.find((candidate) => !isFile(candidate));
  return directory === undefined ? undefined : shown(directory);
}

function isFile(candidate: string): boolean {
  return existsSync(candidate) ? statSync(candidate).isFile() : path.extname(candidate) !== '';
}

function shown(absolute: string): string {
  return path.relative('.', absolute).replaceAll(path.sep, '/') || '.';
}

/**
 * The proposals and properties of a project. Throws a UserModuleError for a path that is not there, a file that cannot be loaded
 * or exports nothing of its kind, and for two files that use one name.
 */
export async function itemsOfProject(project: Project): Promise<OwnItems> {
  const proposalFiles = await filesOf(project, 'proposals');
  const propertyFiles = await filesOf(project, 'properties');
  for (const file of proposalFiles) {
    if ((await itemsIn(file)).proposals.length === 0)
      throw await exportsNone(file, 'proposal', 'defineProposal(…)');
  }
  for (const file of propertyFiles) {
    if ((await itemsIn(file)).properties.length === 0)
      throw await exportsNone(file, 'property', 'defineProperty(…)');
  }
  return itemsOf([...proposalFiles, ...propertyFiles]);
}

/** The files that a setting names, those of a directory in the order of their names. */
async function filesOf(project: Project, key: 'proposals' | 'properties'): Promise<string[]> {
  const files: string[] = [];
  for (const [entry, written] of pathsOf(project, key).entries()) {
    const absolute = path.resolve(path.dirname(project.file), written);
    if (!existsSync(absolute)) {
      throw await problemAt(
        project.file,
        key,
        entry,
        `there is no '${written}' here; ${neighbourOf(absolute)}`,
      );
    }
    files.push(...(statSync(absolute).isDirectory() ? sourcesIn(absolute, project.file) : [absolute]));
  }
  return [...new Set(files)].map(shown);
}

function neighbourOf(absolute: string): string {
  const above = path.dirname(absolute);
  return remedyFor(path.basename(absolute), existsSync(above) ? readdirSync(above) : []);
}

/** Tests and declarations may lie beside what they are about. */
function sourcesIn(directory: string, config: string): string[] {
  return readdirSync(directory)
    .filter((name) => /\.m?[jt]s$/.test(name) && !/\.(test|spec|d)\.m?[jt]s$/.test(name))
    .map((name) => path.join(directory, name))
    .filter((file) => file !== config)
    .sort();
}
