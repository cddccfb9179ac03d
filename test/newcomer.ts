/** A directory as somebody has it who follows the README. */
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageRoot } from './run-holdfast.js';

const readme = readFileSync(path.join(packageRoot, 'README.md'), 'utf8');

export interface Block {
  readonly language: string;
  readonly text: string;
}

/** The code blocks of the README. */
export const readmeBlocks = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
  ([, language, text]): Block => ({ language: language!, text: text! }),
);

/** A new directory with the README's files, and a copy of the cases and scenarios that are in a clone. */
export function newcomersDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'holdfast-newcomer-'));
  for (const data of ['counterexamples', 'scenarios']) {
    cpSync(path.join(packageRoot, data), path.join(directory, data), { recursive: true });
  }
  for (const { language, text } of readmeBlocks) {
    const name = /^\/\/ (\S+\.(?:ts|mjs))\n/.exec(text)?.[1];
    if (['ts', 'js'].includes(language) && name) writeFileSync(path.join(directory, name), text);
  }
  return directory;
}
