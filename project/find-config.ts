/** Where the config file of a project is. */
import { existsSync } from 'node:fs';
import path from 'node:path';

/** In the order in which they are looked for in a directory. */
export const CONFIG_FILES: readonly string[] = ['ts', 'mts', 'js', 'mjs'].map(
  (extension) => `holdfast.config.${extension}`,
);

/**
 * The config file that counts in a directory: its own, or that of the nearest directory above it. Nothing is looked for above
 * the root of a repository, where `.git` is. Undefined if there is none.
 */
export function findConfig(directory: string): string | undefined {
  const here = path.resolve(directory);
  const found = CONFIG_FILES.map((name) => path.join(here, name)).find((file) => existsSync(file));
  if (found !== undefined) return found;
  const above = path.dirname(here);
  if (above === here || existsSync(path.join(here, '.git'))) return undefined;
  return findConfig(above);
}
