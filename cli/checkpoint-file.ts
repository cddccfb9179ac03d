/**
 * A checkpoint as a file: a line that says what it is, the length of its head, the head as JSON, the rows, the parents, and the
 * SHA-256 of all that.
 *
 * The file is only ever replaced by a whole one: a new one is written beside it, forced to the disk, and given its name. So there is a
 * good one after a kill or a crash of the machine, too.
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { endianness } from 'node:os';
import path from 'node:path';
import type { Checkpoint, CheckpointAccount } from '../checker/index.js';

/** A checkpoint, and what it belongs to. */
export interface StoredCheckpoint<Subject> {
  /** What was searched, and how. */
  readonly subject: Subject;
  /** How long the search took so far. */
  readonly milliseconds: number;
  readonly checkpoint: Checkpoint;
}

interface Head<Subject> {
  readonly subject: Subject;
  readonly milliseconds: number;
  /** Words of all rows. */
  readonly words: number;
  readonly states: number;
  readonly account: CheckpointAccount;
}

/** The file is no whole checkpoint. */
export class DamagedCheckpointError extends Error {
  override readonly name = 'DamagedCheckpointError';
}

/** The numbers are written as the processor has them. */
const FIRST_LINE = Buffer.from(`holdfast checkpoint 1 ${endianness()}\n`);
const DIGEST = { name: 'sha256', bytes: 32 } as const;
/** Bytes read or written at a time. */
const PIECE = 1 << 26;

/** Where the next checkpoint is written before it takes the place of the last. */
export function newFileOf(file: string): string {
  return `${file}.new`;
}

/** Throws what the file system throws; the last checkpoint is still there then. */
export function writeCheckpoint<Subject>(file: string, stored: StoredCheckpoint<Subject>): void {
  const { subject, milliseconds, checkpoint } = stored;
  const { rows, parents, account } = checkpoint;
  const head: Head<Subject> = {
    ...{ subject, milliseconds, account },
    words: rows.length,
    states: parents.length,
  };
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const hash = createHash(DIGEST.name);
  const fd = openSync(newFileOf(file), 'w');
  try {
    for (const part of [FIRST_LINE, length, json, bytesOf(rows), bytesOf(parents)]) {
      for (const piece of piecesOf(part)) {
        hash.update(piece);
        writeAll(fd, piece);
      }
    }
    writeAll(fd, hash.digest());
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(newFileOf(file), file);
  syncDirectory(path.dirname(file));
}

/** Throws a DamagedCheckpointError, or what the file system throws. The subject is as it was written. */
export function readCheckpoint<Subject>(file: string): StoredCheckpoint<Subject> {
  const fd = openSync(file, 'r');
  try {
    return new Reading(fd).checkpoint();
  } finally {
    closeSync(fd);
  }
}

class Reading {
  private readonly hash = createHash(DIGEST.name);
  private left: number;

  constructor(private readonly fd: number) {
    this.left = fstatSync(fd).size;
  }

  checkpoint<Subject>(): StoredCheckpoint<Subject> {
    if (!this.take(FIRST_LINE.length).equals(FIRST_LINE)) throw new DamagedCheckpointError();
    const json = this.take(this.take(4).readUInt32LE());
    const { subject, milliseconds, account, words, states } = headOf<Subject>(json);
    this.need(4 * (words + states) + DIGEST.bytes);
    const rows = this.takeWords(words);
    const parents = this.takeWords(states);
    const expected = this.hash.digest();
    const found = Buffer.alloc(DIGEST.bytes);
    this.fill(found);
    if (this.left !== 0 || !found.equals(expected)) throw new DamagedCheckpointError();
    return { subject, milliseconds, checkpoint: { rows, parents, account } };
  }

  private take(bytes: number): Buffer {
    this.need(bytes);
    const taken = Buffer.alloc(bytes);
    this.fill(taken);
    this.hash.update(taken);
    return taken;
  }

  private takeWords(words: number): Int32Array {
    const taken = new Int32Array(words);
    for (const piece of piecesOf(bytesOf(taken))) {
      this.fill(piece);
      this.hash.update(piece);
    }
    return taken;
  }

  /** Nothing is made room for that is not there. */
  private need(bytes: number): void {
    if (!(bytes <= this.left)) throw new DamagedCheckpointError();
  }

  private fill(into: Uint8Array): void {
    this.need(into.length);
    for (let done = 0; done < into.length;) {
      const read = readSync(this.fd, into, done, into.length - done, null);
      if (read === 0) throw new DamagedCheckpointError();
      done += read;
    }
    this.left -= into.length;
  }
}

/** What was written; the digest, which is compared before anything is done with it, says that it is. */
function headOf<Subject>(json: Buffer): Head<Subject> {
  try {
    return JSON.parse(json.toString()) as Head<Subject>;
  } catch {
    throw new DamagedCheckpointError();
  }
}

function bytesOf(words: Int32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
}

/** A new name is only kept by the disk once its directory is. */
function syncDirectory(directory: string): void {
  const fd = openSync(directory, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
