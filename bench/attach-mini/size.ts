/** The sizes at which attach-mini is measured, and what every search of them must come to. */
import type { AttachMiniSize } from '../../test/models/attach-mini.js';

export interface KnownSize extends AttachMiniSize {
  readonly name: string;
  readonly states: number;
  readonly transitions: number;
}

/** The counts are those of SPIN, of TLC, and of the C program beside this file. */
export const SIZES: readonly KnownSize[] = [
  { name: 'S', processes: 3, hooks: 2, programs: 4, links: 2, states: 844_296, transitions: 20_504_952 },
  { name: 'M', processes: 3, hooks: 2, programs: 1, links: 3, states: 7_374_680, transitions: 214_175_688 },
];

/** The size for a C compiler, and for SPIN. */
export function sizeFlags({ processes, hooks, programs, links }: AttachMiniSize): string[] {
  return [`-DP=${processes}`, `-DH=${hooks}`, `-DG=${programs}`, `-DL=${links}`];
}

/** What a program outside came to. */
export interface OutsideRun {
  readonly states: number;
  readonly transitions: number;
  /** Of the search alone, not of compiling it. */
  readonly milliseconds: number;
  readonly processorMilliseconds: number;
  /** Of making the program, where it is made for this size. */
  readonly compileMilliseconds?: number;
}
