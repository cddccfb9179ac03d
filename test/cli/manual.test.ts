/** The pages of the manual, and the examples in them. */
import test from 'ava';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { manualOf } from '../../cli/manual.js';
import { createProgram } from '../../cli/program.js';
import { packageRoot } from '../run-holdfast.js';

const directory = path.join(packageRoot, 'docs/commands');
const pages = manualOf(createProgram());

test('each command has a page that says what its help says: npm run manual writes them', (t) => {
  t.deepEqual(readdirSync(directory).sort(), pages.map(({ file }) => file).sort());
  for (const { file, text } of pages) t.is(readFileSync(path.join(directory, file), 'utf8'), text, file);
});

test('each page has a description, examples and exit codes', (t) => {
  for (const { file, text } of pages) {
    if (file === 'README.md') continue;
    for (const heading of ['## Description', '## Examples', '## Exit codes']) {
      t.true(text.includes(heading), `${file} has no ${heading}`);
    }
  }
});
