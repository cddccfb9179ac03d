/** Errors as a user reads them: one or more sentences, and the exit code. */
import { CaseSyntaxError, CorpusReadError, CorpusWriteError } from '../corpus/index.js';
import { KernelRunError } from '../kernel/channel/errors.js';
import { NotOnLinuxError } from '../report/libbpf/not-on-linux.js';
import { EXIT } from './exit-codes.js';
import { UserModuleError } from '../project/load-typescript.js';

/** The command was called wrongly. The message says what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A search ended with a fault of the proposal or property it checked; already put into words. */
export class FaultyInputError extends Error {
  override readonly name = 'FaultyInputError';
}

/** A file could not be written; on disk, everything is as it was. */
export class NotWrittenError extends Error {
  override readonly name = 'NotWrittenError';
}

/** Where in a source something was thrown, in brackets behind a blank; nothing if that is not known. */
export function placeOf(cause: unknown): string {
  const place = cause instanceof Error ? /^ +at .*$/m.exec(cause.stack ?? '')?.[0].trim() : undefined;
  return place === undefined ? '' : ` (${place})`;
}

export interface Failure {
  readonly message: string;
  readonly exitCode: number;
}

/** What to tell the user about anything that was thrown. */
export function failureOf(error: unknown): Failure {
  if (error instanceof UsageError || error instanceof NotOnLinuxError)
    return { message: error.message, exitCode: EXIT.usage };
  if (
    error instanceof FaultyInputError ||
    error instanceof CaseSyntaxError ||
    error instanceof UserModuleError
  ) {
    return { message: error.message, exitCode: EXIT.faultyInput };
  }
  if (error instanceof KernelRunError) {
    const exitCode = error.obstacle === 'no space' ? EXIT.cannotWrite : EXIT.unavailable;
    return { message: error.message, exitCode };
  }
  if (error instanceof CorpusWriteError || error instanceof NotWrittenError)
    return { message: error.message, exitCode: EXIT.cannotWrite };
  if (error instanceof CorpusReadError) return { message: error.message, exitCode: EXIT.usage };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const message = `This is a fault of Holdfast itself; please report it with the command that led to it.\n${detail}`;
  return { message, exitCode: EXIT.internal };
}
