/**
 * Where this package lies, and its code in it. Built code is bundled, so a module cannot tell what lies beside it: the package is
 * looked for upwards, and everything is named from there.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The directory of package.json. */
const packageRoot = above(new URL('.', import.meta.url));

const isBuilt = import.meta.url.startsWith(new URL('dist/', packageRoot).href);

/** The directory of the code that runs: what is built, or the sources. */
export const codeRoot = isBuilt ? new URL('dist/', packageRoot) : packageRoot;

/** A file or directory that comes with the package, by its path from the root. */
export function packaged(path: string): URL {
  return new URL(path, packageRoot);
}

/** A module of the code that runs, by its path from the root and without its extension. */
export function codeFile(path: string): URL {
  return new URL(`${path}.${isBuilt ? 'js' : 'ts'}`, codeRoot);
}

function above(directory: URL): URL {
  if (existsSync(new URL('package.json', directory))) return directory;
  const parent = new URL('..', directory);
  if (parent.href === directory.href) {
    throw new Error(`package.json is missing above ${fileURLToPath(import.meta.url)}`);
  }
  return above(parent);
}
