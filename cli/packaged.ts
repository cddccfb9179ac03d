/** What comes with the package, beside its code. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { packaged } from '../package-place.js';

/** A directory of the package, from the working directory. */
export function packagedDirectory(name: string): string {
  return path.relative('.', fileURLToPath(packaged(name)));
}
