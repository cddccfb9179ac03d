/** Files that are there whole or not at all: written beside their place first, and then brought there in one step. */
import { existsSync, linkSync, mkdirSync, renameSync, rmdirSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes a file, and the directories it needs; false, with nothing done, if there is one of that name. Throws what the
 * system says, and then everything on disk is as it was.
 */
export function createFile(file: string, content: string): boolean {
  if (existsSync(file)) return false;
  return throughTemporary(file, content, (temporary) => placeNew(temporary, file));
}

/** Makes a file, in the place of what is there. Throws what the system says, and then everything on disk is as it was. */
export function replaceFile(file: string, content: string): void {
  throughTemporary(file, content, (temporary) => {
    renameSync(temporary, file);
  });
}

/** A link, unlike a rename, fails if another process has made the file in the meantime. */
function placeNew(temporary: string, file: string): boolean {
  try {
    linkSync(temporary, file);
  } catch (error) {
    if (existsSync(file)) {
      unlinkSync(temporary);
      return false;
    }
    if (!isWithoutLinks(error)) throw error;
    renameSync(temporary, file);
    return true;
  }
  unlinkSync(temporary);
  return true;
}

function throughTemporary<T>(file: string, content: string, place: (temporary: string) => T): T {
  const directory = path.dirname(file);
  const temporary = path.join(directory, `.${path.basename(file)}.${process.pid}.tmp`);
  const made = mkdirSync(directory, { recursive: true });
  try {
    writeFileSync(temporary, content, { flush: true });
    return place(temporary);
  } catch (error) {
    if (existsSync(temporary)) unlinkSync(temporary);
    if (made !== undefined) removeEmpty(directory, made);
    throw error;
  }
}

/** Removes a directory and those above it up to the first that was made, as far as nobody has put anything in. */
function removeEmpty(directory: string, made: string): void {
  try {
    rmdirSync(directory);
    if (path.resolve(directory) !== path.resolve(made)) removeEmpty(path.dirname(directory), made);
  } catch {
    // Somebody else uses it by now.
  }
}

/** Some file systems (FAT) have no hard links. */
function isWithoutLinks(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'].some((known) => known === code);
}
