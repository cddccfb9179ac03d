import test from 'ava';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  addCase,
  CorpusReadError,
  CorpusWriteError,
  overwriteCase,
  readCorpus,
  writeCase,
} from '../../corpus/index.js';
import { OVERRIDE, read, ROOTLET_CASE } from './setting.js';

const directory = mkdtempSync(path.join(tmpdir(), 'holdfast-corpus-'));

test.after.always(() => {
  rmSync(directory, { recursive: true });
});

/** A directory that no other test uses. */
function place(name: string): string {
  return path.join(directory, name);
}

const different = read(OVERRIDE.replace('B overrides', 'B replaces'));

test('a corpus is read in the order of its paths, with what is wrong in its files', (t) => {
  const corpus = place('read');
  mkdirSync(path.join(corpus, 'b', 'deep'), { recursive: true });
  writeFileSync(path.join(corpus, 'b', 'deep', 'x-2.case'), OVERRIDE);
  writeFileSync(path.join(corpus, 'b', 'deep', 'x.case'), OVERRIDE);
  writeFileSync(path.join(corpus, 'a.case'), 'nonsense');
  writeFileSync(path.join(corpus, 'latin1.case'), Buffer.from([0x63, 0xe9, 0x0a]));
  writeFileSync(path.join(corpus, 'README.md'), 'no case');
  const entries = readCorpus(corpus);

  t.deepEqual(
    entries.map(({ file }) => path.relative(corpus, file)),
    ['a.case', 'b/deep/x.case', 'b/deep/x-2.case', 'latin1.case'],
  );
  t.regex(entries[0]!.error!.message, /a\.case:1:9: '\(' is expected here/);
  t.is(entries[1]!.case!.title, 'B overrides what A attached');
  t.regex(entries[3]!.error!.message, /latin1\.case:1:1: this is not text in UTF-8/);
});

test('a corpus that is not there is not taken for an empty one', (t) => {
  const error = t.throws(() => readCorpus(place('absent')), { instanceOf: CorpusReadError });

  t.is(error.message, `cannot read ${place('absent')}: there is no such file or directory`);
});

test('a case is added under the name of its claim, or the next that is free', (t) => {
  const corpus = place('add');
  const names = [read(OVERRIDE), different, read(OVERRIDE), read(ROOTLET_CASE)].map((made) =>
    addCase(corpus, made),
  );

  t.deepEqual(
    names.map((file) => path.relative(corpus, file)),
    [
      'netlink-xdp/never-overridden.case',
      'netlink-xdp/never-overridden-2.case',
      'netlink-xdp/never-overridden.case',
      'link-fd/something-attached.case',
    ],
  );
  t.is(readFileSync(names[0]!, 'utf8'), OVERRIDE);
  t.deepEqual(readdirSync(path.join(corpus, 'netlink-xdp')), [
    'never-overridden-2.case',
    'never-overridden.case',
  ]);
});

test('a file with something else in it is overwritten only when asked to', (t) => {
  const file = path.join(place('write'), 'x.case');
  writeCase(file, read(OVERRIDE));
  writeCase(file, read(OVERRIDE));
  const error = t.throws(() => writeCase(file, different), { instanceOf: CorpusWriteError });

  t.is(error.message, `cannot write ${file}, and nothing was changed: there is another file of that name`);
  t.is(readFileSync(file, 'utf8'), OVERRIDE);

  overwriteCase(file, different);

  t.regex(readFileSync(file, 'utf8'), /^case: B replaces/);
  t.deepEqual(readdirSync(place('write')), ['x.case']);
});

test('where nothing can be written, a sentence says why, and all is as it was', (t) => {
  const corpus = place('unwritable');
  writeFileSync(corpus, 'a file');
  const added = t.throws(() => addCase(corpus, read(OVERRIDE)), { instanceOf: CorpusWriteError });
  const written = t.throws(() => overwriteCase(`${corpus}/x.case`, read(OVERRIDE)), {
    instanceOf: CorpusWriteError,
  });

  t.is(
    added.message,
    `cannot write ${corpus}/netlink-xdp/never-overridden.case, and nothing was changed: ` +
      'a part of its path is a file, not a directory',
  );
  t.is(
    written.message,
    `cannot write ${corpus}/x.case, and nothing was changed: there is a file where a directory is needed`,
  );
  t.is(readFileSync(corpus, 'utf8'), 'a file');
});

test('a write that fails half-way leaves neither files nor directories behind', (t) => {
  const corpus = place('half-way');
  mkdirSync(path.join(corpus, 'taken.case'), { recursive: true });
  const onDirectory = t.throws(() => overwriteCase(path.join(corpus, 'taken.case'), read(OVERRIDE)));
  // A name of 255 bytes is the longest that is possible, and the temporary one is longer.
  const tooLong = t.throws(() =>
    writeCase(path.join(corpus, 'new', 'deep', 'x'.repeat(255)), read(OVERRIDE)),
  );

  t.true(onDirectory instanceof CorpusWriteError);
  t.true(tooLong instanceof CorpusWriteError);
  t.deepEqual(readdirSync(corpus, { recursive: true }), ['taken.case']);
});

test('a case that could not be read again is not written', (t) => {
  const corpus = place('unreadable');
  const error = t.throws(() => addCase(corpus, { ...read(OVERRIDE), title: 'two\norigin: lines' }));

  t.regex(error.message, /the case could not be read again as it is$/);
  t.false(readdirSync(directory).includes('unreadable'));
});
