/** The bounds of a random search. */
import { BOUND_LIMITS, type BoundName, type Bounds } from '../model/kernel/model.js';

/** One more of everything than the exhaustive search closes, save what was asked for, what is not there, and devices. */
export function widerBounds(bounds: Bounds, asked: Partial<Bounds>): Bounds {
  const names = Object.keys(bounds) as BoundName[];
  const widened = names.map((name) => {
    const more =
      bounds[name] === 0 || asked[name] !== undefined || name === 'devices' ? bounds[name] : bounds[name] + 1;
    return [name, Math.min(more, BOUND_LIMITS[name])] as const;
  });
  return Object.fromEntries(widened) as Record<BoundName, number>;
}
