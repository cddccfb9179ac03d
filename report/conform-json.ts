/** A model held against running kernels, for programs; the fields are described in `docs/conform.md`. */
import { callText } from '../checker/playback.js';
import { agrees, type ConformReport, type KernelRun, type ToldMismatch } from './conform.js';

/** Raised when a field goes away or means something else; new fields do not raise it. */
const SCHEMA = 1;

export function formatConformJson(report: ConformReport): string {
  const { version, runs, ...head } = report;
  const object = {
    schema: SCHEMA,
    holdfast: version,
    ...head,
    agrees: agrees(report),
    runs: runs.map(runObject),
  };
  return `${JSON.stringify(object, undefined, 2)}\n`;
}

function runObject({ mismatches, unsupported, ...run }: KernelRun) {
  return { ...run, unsupported: Object.fromEntries(unsupported), mismatches: mismatches.map(mismatchObject) };
}

function mismatchObject({ playback, outcomes, ...mismatch }: ToldMismatch) {
  const calls = playback.steps.map((step, i) => ({ call: callText(step), outcome: outcomes[i] }));
  return { ...mismatch, calls };
}
