/** A model held against running kernels, for programs; the fields are described in `docs/conform.md`. */
import { agrees, type ConformReport, type KernelRun } from './conform.js';

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

function runObject({ unsupported, ...run }: KernelRun) {
  return { ...run, unsupported: Object.fromEntries(unsupported) };
}
