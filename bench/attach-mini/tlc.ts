/** TLC on the same model: our TLA+ text, run by the `tlc` that is installed, or from the jar that TLA2TOOLS names. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AttachMiniSize } from '../../test/models/attach-mini.js';
import type { OutsideRun } from './size.js';

const MODEL = fileURLToPath(new URL('AttachMini.tla', import.meta.url));
const CONFIG = fileURLToPath(new URL('AttachMini.cfg', import.meta.url));

/** One core, like the others; exact but for fingerprints, of which it tells the odds. */
const OPTIONS = ['-workers', '1', '-nowarning', '-config', 'AttachMini.cfg', 'AttachMini.tla'];
const JAVA = ['-XX:+UseParallelGC', '-Xmx3g'];

/** How TLC is called; undefined if it is not there. */
function command(): readonly string[] | undefined {
  const jar = process.env.TLA2TOOLS;
  if (jar !== undefined && existsSync(jar)) return ['java', ...JAVA, '-cp', jar, 'tlc2.TLC'];
  // It has no option that only says its version, and ends at once without a module to look at.
  return spawnSync('tlc', ['-h']).error === undefined ? ['tlc'] : undefined;
}

export function hasTlc(): boolean {
  return command() !== undefined;
}

/** Searches the whole space, start of Java and reading of the model included. Throws if TLC does not come to an end without errors. */
export function runTlc(size: AttachMiniSize): OutsideRun {
  const tlc = command();
  if (!tlc) throw new Error('TLC is not installed: there is no tlc, and TLA2TOOLS names no jar');
  const cwd = mkdtempSync(path.join(tmpdir(), 'holdfast-tlc-'));
  try {
    copyFileSync(MODEL, path.join(cwd, path.basename(MODEL)));
    writeFileSync(path.join(cwd, path.basename(CONFIG)), configOf(readFileSync(CONFIG, 'utf8'), size));
    // The shell's own clock, because Node does not tell the processor time of a child.
    const timed = `TIMEFORMAT='clock %R user %U system %S'; time "$@"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', timed, 'bash', ...tlc, ...OPTIONS], {
      cwd,
      encoding: 'utf8',
    });
    return readTlcRun(`${stdout}\n${stderr}`);
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

/** The configuration with the constants of a size. */
export function configOf(text: string, { processes, hooks, programs, links }: AttachMiniSize): string {
  const sizes: Readonly<Record<string, number>> = { P: processes, H: hooks, G: programs, L: links };
  return text.replace(/^( +)([PHGL]) = \d+$/gm, (_, indent: string, name: string) => {
    return `${indent}${name} = ${sizes[name]!}`;
  });
}

/** What TLC prints at its end. It counts its first state as generated, which is not the model's transition. */
export function readTlcRun(output: string): OutsideRun {
  const number = (pattern: RegExp): number =>
    Number(pattern.exec(output)?.[1]?.replaceAll(',', '') ?? Number.NaN);
  const totals = /^([\d,]+) states generated, ([\d,]+) distinct states found, 0 states left on queue/m;
  const [generated, distinct] = (totals.exec(output) ?? []).slice(1).map((n) => n.replaceAll(',', ''));
  if (!output.includes('No error has been found') || generated === undefined || distinct === undefined)
    throw new Error(`TLC did not close the space:\n${output}`);
  return {
    states: Number(distinct),
    transitions: Number(generated) - 1,
    milliseconds: number(/clock ([\d.]+)/) * 1000,
    processorMilliseconds: (number(/user ([\d.]+)/) + number(/system ([\d.]+)/)) * 1000,
  };
}
