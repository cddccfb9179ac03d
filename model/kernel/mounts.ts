/** Which bpffs a path leads to: the one mounted last, where there are two. */
import type { KernelState } from './model.js';

/** The names that calls see. */
export function names(s: KernelState): KernelState['pins'] {
  return s.overmounted === 1 ? s.upperPins : s.pins;
}
