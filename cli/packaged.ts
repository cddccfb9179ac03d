/** What comes with the package, beside its code. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A directory of the package, whether the code that runs is the built one or the sources. */
export function packagedDirectory(name: string): string {
  const beside = fileURLToPath(new URL(`../${name}`, import.meta.url));
  return existsSync(beside)
    ? beside
    : path.relative('.', fileURLToPath(new URL(`../../${name}`, import.meta.url)));
}
