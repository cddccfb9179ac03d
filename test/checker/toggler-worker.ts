/** A thread that helps a search of a test, and may come to grief meanwhile. */
import type { Property } from '../../checker/property.js';
import { helpWith } from '../../cli/workers/helpers.js';
import { bitsSet, subjectOf, type Bits, type TogglerName } from '../models/shared.js';
import { never } from '../models/tiny.js';

const MISHAPS = {
  ends: () => process.exit(1),
  throws: () => {
    throw new Error('only this thread knows why');
  },
  'does not come back': () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000),
};

export interface TogglerJob {
  readonly name: TogglerName;
  /** What befalls the thread as soon as it looks at a state with seven bits. */
  readonly mishap?: keyof typeof MISHAPS;
  /** One number, 1 once it has befallen a thread. */
  readonly befell?: Int32Array;
}

await helpWith(({ name, mishap, befell }: TogglerJob) => {
  const { machine, properties } = subjectOf(name);
  const trap = never<Bits>('a trap', (s) => {
    if (mishap && bitsSet(s) === 7) {
      Atomics.store(befell!, 0, 1);
      MISHAPS[mishap]();
    }
    return false;
  });
  const asked = mishap ? properties.map(() => trap as unknown as Property<never>) : properties;
  return Promise.resolve({ machine, properties: asked });
});
