/** The corpus on disk: one case a file, `<proposal>/<property>.case`. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createFile, replaceFile } from './atomic-file.js';
import { textOf, type Case } from './case.js';
import { parseCase } from './parse.js';
import { byPath, CASE_SUFFIX } from './path-order.js';
import { printCase } from './print.js';
import { CaseSyntaxError } from './syntax-error.js';

/** A file or directory of the corpus could not be read. */
export class CorpusReadError extends Error {
  constructor(
    readonly file: string,
    override readonly cause: unknown,
  ) {
    super(`cannot read ${file}: ${reasonOf(cause)}`);
    this.name = 'CorpusReadError';
  }
}

/** A case could not be written; on disk, everything is as it was. */
export class CorpusWriteError extends Error {
  constructor(
    readonly file: string,
    override readonly cause: unknown,
  ) {
    super(`cannot write ${file}, and nothing was changed: ${reasonOf(cause)}`);
    this.name = 'CorpusWriteError';
  }
}

/** A file of the corpus, and the case in it, or why there is none. */
export type CorpusEntry =
  | { readonly file: string; readonly case: Case; readonly error?: never }
  | { readonly file: string; readonly case?: never; readonly error: CaseSyntaxError | CorpusReadError };

/**
 * Reads all cases below a directory, sorted by path. One that cannot be read is an entry with an error. Throws a
 * {@link CorpusReadError} if the directory itself cannot be read.
 */
export function readCorpus(directory: string): CorpusEntry[] {
  return caseFiles(directory).map((file) => readCaseFile(file));
}

/** Reads one file. Throws nothing: what is wrong with the file is in the entry. */
export function readCaseFile(file: string): CorpusEntry {
  try {
    return { file, case: parseCase(readText(file), file) };
  } catch (error) {
    if (error instanceof CaseSyntaxError || error instanceof CorpusReadError) return { file, error };
    throw error;
  }
}

/**
 * Adds a case to a corpus, as `<proposal>/<property>.case` (`outcomes` for a property if it is about none), or `-2`, `-3`, … if a
 * different case has that name. If the very
 * same text is there already, nothing is written. Returns the file. Throws a {@link CorpusWriteError}.
 */
export function addCase(directory: string, made: Case): string {
  const content = readableText(made, directory);
  for (let i = 1; ; i++) {
    const name = `${made.property ?? 'outcomes'}${i === 1 ? '' : `-${i}`}`;
    const file = joined(directory, `${made.proposal}/${name}${CASE_SUFFIX}`);
    if (hasContent(file, content) || wasCreated(file, content)) return file;
  }
}

/** Writes a case to a new file. Throws a {@link CorpusWriteError}, also if there is a file with anything else in it. */
export function writeCase(file: string, made: Case): void {
  const content = readableText(made, file);
  if (!hasContent(file, content)) writeNewFile(file, content);
}

/** Writes a new file, and makes the directories it needs. Throws a {@link CorpusWriteError}, also if there is a file already. */
export function writeNewFile(file: string, content: string): void {
  if (wasCreated(file, content)) return;
  throw new CorpusWriteError(file, new Error('there is another file of that name'));
}

/** Writes a case to a file, in the place of what is there. Throws a {@link CorpusWriteError}. */
export function overwriteCase(file: string, made: Case): void {
  const content = readableText(made, file);
  if (hasContent(file, content)) return;
  orWriteError(file, () => {
    replaceFile(file, content);
  });
}

function caseFiles(directory: string): string[] {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((found) => found.name.endsWith(CASE_SUFFIX) && !found.isDirectory())
      .map((found) => joined(found.parentPath, found.name))
      .sort(byPath);
  } catch (error) {
    throw new CorpusReadError(directory, error);
  }
}

/** The same path on every system, so that corpora are in the same order everywhere. */
function joined(directory: string, name: string): string {
  return path.join(directory, name).replaceAll(path.sep, '/');
}

/** The text of a file. Throws a {@link CorpusReadError}, or a {@link CaseSyntaxError} if it is not text in UTF-8. */
export function readText(file: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new CorpusReadError(file, error);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CaseSyntaxError(file, 1, 1, 'this is not text in UTF-8', 'save the file as UTF-8');
  }
}

/** The text of a case, once it is known that it can be read again. */
function readableText(made: Case, file: string): string {
  const content = printCase(made);
  try {
    if (isDeepStrictEqual(textOf(parseCase(content, file)), textOf(made))) return content;
  } catch (error) {
    throw new CorpusWriteError(file, error);
  }
  throw new CorpusWriteError(file, new Error('the case could not be read again as it is'));
}

function hasContent(file: string, content: string): boolean {
  try {
    return readFileSync(file, 'utf8') === content;
  } catch {
    return false;
  }
}

/** Makes a file that was not there; false if there is one. */
function wasCreated(file: string, content: string): boolean {
  return orWriteError(file, () => createFile(file, content));
}

function orWriteError<T>(file: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw new CorpusWriteError(file, error);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EEXIST: 'there is a file where a directory is needed',
  EISDIR: 'it is a directory',
  ENOENT: 'there is no such file or directory',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is a file, not a directory',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
};

function reasonOf(cause: unknown): string {
  return REASONS[codeOf(cause)] ?? (cause instanceof Error ? cause.message : String(cause));
}
