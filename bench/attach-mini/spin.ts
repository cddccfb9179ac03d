/** SPIN on the same model: the verifier of our Promela text, generated, compiled and run. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sizeFlags, type KnownSize, type OutsideRun } from './size.js';

const MODEL = fileURLToPath(new URL('attach-mini.pml', import.meta.url));

/**
 * Exact, one core, no reduction: whole states are kept, every transition is made. Compressed states, -O2 and -march=native are not
 * faster.
 */
const COMPILE = [
  ...['-O3', '-DSAFETY', '-DNOREDUCE', '-DNOFAIR', '-DNOCOMP', '-DNOBOUNDCHECK'],
  '-DMEMLIM=16000',
];

/** Depth first is SPIN's own way; breadth first finds shortest counterexamples, as the other searches here do. */
export type SpinOrder = 'depth first' | 'breadth first';

/** Whether SPIN and a C compiler are installed (Debian: `apt-get install spin gcc libc6-dev`). */
export function hasSpin(): boolean {
  return spawnSync('spin', ['-V']).status === 0 && spawnSync('cc', ['--version']).status === 0;
}

/**
 * Searches the whole space. SPIN counts its own start as a state and a transition, and the step that sets the variables up as a
 * transition; neither is the model's. Throws if SPIN reports an error or does not come to an end.
 */
export function runSpin(size: KnownSize, order: SpinOrder): OutsideRun {
  const cwd = mkdtempSync(path.join(tmpdir(), 'holdfast-spin-'));
  try {
    const begin = performance.now();
    execFileSync('spin', ['-a', ...sizeFlags(size), MODEL], { cwd });
    const search = order === 'breadth first' ? ['-DBFS'] : [];
    execFileSync('cc', [...COMPILE, ...search, '-o', 'pan', 'pan.c'], { cwd, stdio: 'ignore' });
    const compileMilliseconds = performance.now() - begin;
    // The shell's own clock, because Node does not tell the processor time of a child.
    const timed = `TIMEFORMAT='clock %R user %U system %S'; time ./pan ${runFlags(size).join(' ')}`;
    const { stdout, stderr } = spawnSync('bash', ['-c', timed], { cwd, encoding: 'utf8' });
    return { ...readRun(`${stdout}\n${stderr}`), compileMilliseconds };
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

/** The search stack's depth, which no path without repetition exceeds, and log2 of the hash table's slots. More of both is slower. */
function runFlags({ states }: KnownSize): string[] {
  return [`-m${states + 100}`, `-w${Math.ceil(Math.log2(2 * states))}`];
}

function readRun(output: string): Omit<OutsideRun, 'compileMilliseconds'> {
  const number = (pattern: RegExp): number => Number(pattern.exec(output)?.[1] ?? NaN);
  const states = number(/(\d+) states, stored/) - 1;
  if (number(/errors: (\d+)/) !== 0 || !(states > 0))
    throw new Error(`SPIN did not close the space:\n${output}`);
  return {
    states,
    // Large numbers are printed with eight digits only.
    transitions: Math.round(number(/([\d.e+]+) transitions/)) - 2,
    milliseconds: number(/clock ([\d.]+)/) * 1000,
    processorMilliseconds: (number(/user ([\d.]+)/) + number(/system ([\d.]+)/)) * 1000,
  };
}
