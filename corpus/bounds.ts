/** How large a machine a case needs. */
import { BOUND_LIMITS, type BoundName, type Bounds } from '../model/kernel/model.js';
import type { CaseText } from './case.js';

/**
 * Bounds in which no call of a case fails for want of room: its own where it gives them; else as many processes as letters
 * are used, as many devices and pins as are named, and as much of everything else as there are calls; never less than
 * `atLeast`, the proposal's own, and never more than a machine can have.
 */
export function roomyBounds(read: Pick<CaseText, 'calls' | 'bounds'>, atLeast: Partial<Bounds> = {}): Bounds {
  const words = read.calls.flatMap(({ actor, args }) => [...(actor === undefined ? [] : [actor]), ...args]);
  const calls = read.calls.length;
  const needed: Bounds = {
    processes: Math.max(1, ...words.map((word) => (/^[A-Z]$/.test(word) ? word.charCodeAt(0) - 64 : 0))),
    // Descriptors are numbered from 3.
    fds: Math.max(1, calls, highest(words, /^fd(\d+)$/) - 2),
    programs: Math.max(1, calls),
    attachments: Math.max(1, calls, highest(words, /^handle(\d+)$/)),
    maps: calls,
    pins: highest(words, /^\/pin(\d+)$/),
    // Devices are numbered from 0.
    devices: Math.max(1, highest(words, /^eth(\d+)$/) + 1),
  };
  const names = Object.keys(BOUND_LIMITS) as BoundName[];
  const sizes = names.map((name) => {
    const roomy = Math.min(Math.max(needed[name], atLeast[name] ?? 0), BOUND_LIMITS[name]);
    return [name, read.bounds[name] ?? roomy] as const;
  });
  return Object.fromEntries(sizes) as Record<BoundName, number>;
}

/** The highest number in the words that a pattern finds; -1 if it finds none. */
function highest(words: readonly string[], pattern: RegExp): number {
  return Math.max(-1, ...words.map((word) => Number(pattern.exec(word)?.[1] ?? -1)));
}
