import test, { type ExecutionContext } from 'ava';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ExhaustiveSearch } from '../../checker/exhaustive.js';
import {
  DamagedCheckpointError,
  newFileOf,
  readCheckpoint,
  writeCheckpoint,
  type StoredCheckpoint,
} from '../../cli/checkpoint-file.js';
import { lock, mutualExclusion } from '../models/tiny.js';

function directory(t: ExecutionContext): string {
  const made = mkdtempSync(path.join(tmpdir(), 'holdfast-checkpoint-'));
  t.teardown(() => {
    rmSync(made, { recursive: true, force: true });
  });
  return made;
}

/** The lock has six states or so: a file of some hundred bytes. */
function sample(milliseconds = 1500): StoredCheckpoint<string> {
  const search = new ExhaustiveSearch(lock(), [mutualExclusion]);
  search.advance(1);
  return { subject: 'the lock', milliseconds, checkpoint: search.checkpoint()! };
}

test('what is written is read', (t) => {
  const file = path.join(directory(t), 'one');
  const written = sample();
  writeCheckpoint(file, written);
  t.deepEqual(readCheckpoint<string>(file), {
    ...written,
    checkpoint: {
      rows: written.checkpoint.rows.slice(),
      parents: written.checkpoint.parents.slice(),
      account: JSON.parse(
        JSON.stringify(written.checkpoint.account),
      ) as StoredCheckpoint<string>['checkpoint']['account'],
    },
  });
});

test('a file that ends too early, anywhere, is damaged', (t) => {
  const file = path.join(directory(t), 'one');
  writeCheckpoint(file, sample());
  const whole = readFileSync(file);
  for (let length = 0; length < whole.length; length++) {
    writeFileSync(file, whole.subarray(0, length));
    t.throws(() => readCheckpoint(file), { instanceOf: DamagedCheckpointError }, `${length} bytes`);
  }
});

test('a file of which any byte is another is damaged', (t) => {
  const file = path.join(directory(t), 'one');
  writeCheckpoint(file, sample());
  const whole = readFileSync(file);
  for (let at = 0; at < whole.length; at++) {
    const changed = Buffer.from(whole);
    changed[at]! ^= 0x10;
    writeFileSync(file, changed);
    t.throws(() => readCheckpoint(file), { instanceOf: DamagedCheckpointError }, `byte ${at}`);
  }
});

test('a file with more behind it is damaged', (t) => {
  const file = path.join(directory(t), 'one');
  writeCheckpoint(file, sample());
  writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.of(0)]));
  t.throws(() => readCheckpoint(file), { instanceOf: DamagedCheckpointError });
});

test('the one before is there until the next one is whole', (t) => {
  const within = directory(t);
  const file = path.join(within, 'one');
  writeCheckpoint(file, sample(1));
  // What a kill leaves behind while the next one is written.
  writeFileSync(newFileOf(file), readFileSync(file).subarray(0, 40));
  t.is(readCheckpoint(file).milliseconds, 1);
  writeCheckpoint(file, sample(2));
  t.is(readCheckpoint(file).milliseconds, 2);
  t.deepEqual(readdirSync(within), ['one']);
});

test('one that cannot be written leaves the one before', (t) => {
  const file = path.join(directory(t), 'one');
  writeCheckpoint(file, sample(1));
  mkdirSync(newFileOf(file));
  t.throws(
    () => {
      writeCheckpoint(file, sample(2));
    },
    { code: 'EISDIR' },
  );
  t.is(readCheckpoint(file).milliseconds, 1);
});
