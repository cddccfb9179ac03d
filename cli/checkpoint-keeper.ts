/** Keeps a checkpoint of an exhaustive search in a file, and reads it again. */
import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import type { Checkpoint, CheckpointError } from '../checker/index.js';
import {
  DamagedCheckpointError,
  newFileOf,
  readCheckpoint,
  writeCheckpoint,
  type StoredCheckpoint,
} from './checkpoint-file.js';
import { differences, type CheckpointSubject } from './checkpoint-subject.js';
import { FaultyInputError, NotWrittenError } from './errors.js';

/** What is asked of checkpoints; it can be sent to a worker. */
export interface CheckpointOptions {
  readonly file: string;
  /** Seconds of search between two. */
  readonly every: number;
}

/** A search that can say where it is; not if it had to leave out what it found. */
interface Followed {
  checkpoint(): Checkpoint | undefined;
}

export class CheckpointKeeper {
  private stored: Checkpoint | undefined;
  /** Of the searches before this one. */
  private readonly before: number;
  private search: Followed | undefined;
  private readonly started: number;
  private kept: number;

  /**
   * Throws a FaultyInputError if there is a file that this search cannot go on from, and a NotWrittenError if none can be written.
   *
   * @param now milliseconds since some moment
   * @param warn told when a checkpoint could not be written; the last one is still there then
   */
  constructor(
    private readonly options: CheckpointOptions,
    private readonly subject: CheckpointSubject,
    private readonly now: () => number,
    private readonly warn: (sentence: string) => void,
  ) {
    const { file } = options;
    const stored = existsSync(file) ? fitting(file, subject) : undefined;
    this.stored = stored?.checkpoint;
    this.before = stored?.milliseconds ?? 0;
    tryToWrite(file);
    this.started = this.kept = now();
  }

  /** Where the search had come to; undefined if it starts. It is given away, so that its states do not take room twice. */
  take(): Checkpoint | undefined {
    const taken = this.stored;
    this.stored = undefined;
    return taken;
  }

  /** How long the search took, all its parts together. */
  milliseconds(): number {
    return this.before + this.now() - this.started;
  }

  /** The error to throw instead of one with which a search refuses what is stored. */
  refusalFor({ obstacle }: CheckpointError): FaultyInputError {
    return refusal(this.options.file, OBSTACLES[obstacle]);
  }

  /** The search to be kept. */
  follow(search: Followed): void {
    this.search = search;
  }

  /** To be called now and then: keeps a checkpoint if it is time. */
  look(): void {
    if (this.now() - this.kept >= 1000 * this.options.every) this.keep();
  }

  /** Keeps a checkpoint; the one before, if the search left something out. */
  keep(): void {
    const { file } = this.options;
    const milliseconds = this.milliseconds();
    const checkpoint = this.search?.checkpoint();
    try {
      if (checkpoint) writeCheckpoint(file, { subject: this.subject, milliseconds, checkpoint });
    } catch (error) {
      this.warn(
        `The checkpoint ${file} could not be written (${reasonOf(error)}); the search goes on without.`,
      );
    }
    this.kept = this.now();
  }
}

function refusal(file: string, reason: string): FaultyInputError {
  return new FaultyInputError(`The search cannot go on from the checkpoint ${file}: ${reason}`);
}

const ANEW = 'remove the file, or name another, to search from the start';

/** What keeps a search from going on from a checkpoint that seemed to fit. */
const OBSTACLES: Readonly<Record<CheckpointError['obstacle'], string>> = {
  memory: 'its states need more memory than is allowed. Give more --memory.',
  'other rules': `the rules do not lead from one of its states to the next. Please ${ANEW}.`,
};

function fitting(file: string, subject: CheckpointSubject): StoredCheckpoint<CheckpointSubject> {
  const stored = readable(file);
  const [what] = differences(stored.subject, subject);
  if (what === undefined) return stored;
  const [there, here] = [stored.subject[what], subject[what]];
  throw refusal(
    file,
    what.startsWith('text ')
      ? `the ${what} has changed since. Please ${ANEW}.`
      : `its ${what} is ${there ?? 'unknown'}, and here it is ${here ?? 'unknown'}. Give the same, or ${ANEW}.`,
  );
}

function readable(file: string): StoredCheckpoint<CheckpointSubject> {
  try {
    return readCheckpoint(file);
  } catch (error) {
    throw error instanceof DamagedCheckpointError
      ? refusal(file, `it is damaged, or no checkpoint at all. Please ${ANEW}.`)
      : refusal(file, `it cannot be read (${reasonOf(error)}). Please ${ANEW}.`);
  }
}

/** A search that may take hours should not find out at the end. */
function tryToWrite(file: string): void {
  try {
    closeSync(openSync(newFileOf(file), 'w'));
    rmSync(newFileOf(file));
  } catch (error) {
    throw new NotWrittenError(`The checkpoint ${file} cannot be written: ${reasonOf(error)}.`);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
