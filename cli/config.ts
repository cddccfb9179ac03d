/**
 * The project that a run is in. Which config file counts is in an environment variable, so that the workers of the run, which
 * inherit it, agree; `--config` and `--no-config` set it.
 */
import { findConfig } from '../project/find-config.js';
import { loadProject, type Project } from '../project/project.js';

/** A config file, or {@link NO_CONFIG}. Without it, the config is looked for from the working directory upwards. */
const VARIABLE = 'HOLDFAST_CONFIG';
const NO_CONFIG = 'none';

/** What the options say: `--config FILE`, or false for `--no-config`. */
export function chooseConfig(given: string | false | undefined): void {
  if (given !== undefined) process.env[VARIABLE] = given === false ? NO_CONFIG : given;
}

let project: Project | undefined;
let loading: Promise<Project | undefined> | undefined;

/** Reads the config, once in a run; undefined if there is none. Throws a UserModuleError. */
export function loadConfig(): Promise<Project | undefined> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Project | undefined> {
  const given = process.env[VARIABLE];
  const file = given === undefined || given === '' ? findConfig('.') : given;
  if (file !== undefined && file !== NO_CONFIG) project = await loadProject(file);
  return project;
}

/** What {@link loadConfig} has read. */
export function currentProject(): Project | undefined {
  return project;
}
