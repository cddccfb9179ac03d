/** The C reference, compiled and run. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AttachMiniSize } from '../../test/models/attach-mini.js';
import { sizeFlags, type OutsideRun } from './size.js';

const SOURCE = fileURLToPath(new URL('reference.c', import.meta.url));

/** Whether a C compiler is installed (Debian: `apt-get install gcc libc6-dev`). */
export function hasCompiler(): boolean {
  return spawnSync('cc', ['--version']).status === 0;
}

export function runReference(size: AttachMiniSize): OutsideRun {
  const directory = mkdtempSync(path.join(tmpdir(), 'holdfast-reference-'));
  try {
    const program = path.join(directory, 'reference');
    const begin = performance.now();
    execFileSync('cc', ['-O3', ...sizeFlags(size), '-o', program, SOURCE]);
    const compileMilliseconds = performance.now() - begin;
    const output = execFileSync(program, { encoding: 'utf8' });
    const numbers = /^(\d+) states, (\d+) transitions, ([\d.]+) ms, ([\d.]+) ms of processor/.exec(output);
    if (!numbers) throw new Error(`the C reference did not come to an end:\n${output}`);
    const [states, transitions, milliseconds, processorMilliseconds] = numbers.slice(1).map(Number);
    return {
      states: states!,
      transitions: transitions!,
      milliseconds: milliseconds!,
      processorMilliseconds: processorMilliseconds!,
      compileMilliseconds,
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
