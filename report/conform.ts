/** A model held against running kernels, before it is written in any format. */
import type { ConformResult, FoundMismatch } from '../kernel/conform/conform.js';

export interface ConformReport {
  /** Of Holdfast. */
  readonly version: string;
  readonly proposal: string;
  /** One line. */
  readonly title: string;
  /** How many of each object the model had. */
  readonly bounds: Readonly<Record<string, number>>;
  readonly seed: number;
  /** Calls of a random sequence. */
  readonly length: number;
  /** One for each kernel. */
  readonly runs: readonly KernelRun[];
}

export interface KernelRun extends Omit<ConformResult, 'mismatches'> {
  readonly milliseconds: number;
  readonly mismatches: readonly ToldMismatch[];
}

export interface ToldMismatch extends Omit<FoundMismatch, 'trace' | 'outcomes'> {
  /** Its calls, and what came of them on the kernel, written as a case. */
  readonly text: string;
}

/** Whether every call came to what the model allows, on every kernel. */
export function agrees({ runs }: ConformReport): boolean {
  return runs.every(({ mismatches }) => mismatches.length === 0);
}

/** Endings that a kernel never showed; operations that could not be made there are left out. */
export function neverConfirmed({ endings, unsupported }: KernelRun): KernelRun['endings'] {
  return endings.filter(({ operation, times }) => times === 0 && !unsupported.has(operation));
}

/** Outcomes that the model allowed beside others, and a kernel never showed. */
export function neverShown({ allowedOutcomes }: KernelRun): KernelRun['allowedOutcomes'] {
  return allowedOutcomes.filter(({ shown }) => shown === 0);
}
