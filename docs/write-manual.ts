/** Writes the manual: `npm run manual`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { manualOf } from '../cli/manual.js';
import { createProgram } from '../cli/program.js';

const directory = new URL('commands/', import.meta.url);
rmSync(directory, { recursive: true, force: true });
mkdirSync(directory);
for (const { file, text } of manualOf(createProgram())) writeFileSync(new URL(file, directory), text);
