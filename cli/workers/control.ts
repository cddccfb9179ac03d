/** What long work in a worker keeps in touch by. */
import { isRaised } from './interrupt.js';

export interface Control<Progress> {
  /** Milliseconds since some moment. */
  now(): number;
  interrupted(): boolean;
  /** May be called as often as is convenient: only now and then it is told on. */
  progress(progress: Progress): void;
}

/** Milliseconds between two reports of progress. */
const PROGRESS_INTERVAL = 250;

export function controlOf<Progress>(
  stop: SharedArrayBuffer,
  tell: (progress: Progress) => void,
): Control<Progress> {
  let told = performance.now();
  return {
    now: () => performance.now(),
    interrupted: () => isRaised(stop),
    progress(progress) {
      const now = performance.now();
      if (now - told < PROGRESS_INTERVAL) return;
      told = now;
      tell(progress);
    },
  };
}
