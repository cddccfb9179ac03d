/** What each thread of a search does, the one that searches and those that help: it looks at chunks of the stretch at hand. */
import type { Machine } from '../model/machine/index.js';
import { ToldApart, type Expander } from './expander.js';
import type { Orbits } from './orbits.js';
import { createSieve, type Sieve, type StoreView } from './state-store.js';
import { SIFTED } from './store-source.js';
import {
  CHUNK,
  stretchAtHand,
  takeChunk,
  tellThrown,
  troubleIn,
  TROUBLE,
  writeChunk,
  type Seat,
} from './team-memory.js';

/** Words for what is found in a stretch, beside those of the chunk that is being looked at. */
const ROOM = 1 << 20;

/** Words that a thread needs for what it finds in a stretch. */
export function wordsToFind<S>(expander: Expander<S>, words: number): number {
  return ROOM + mostWords(expander, words);
}

/** Looks at chunks until there are none left, or no room for what may be found in another one. */
export function work<S>(
  seat: Seat,
  expander: Expander<S>,
  sieve: Sieve,
  { rows, calls }: Pick<StoreView, 'rows' | 'calls'>,
  words: number,
): void {
  const { number, found } = seat;
  const { first, end, expands } = stretchAtHand(seat);
  const room = found.length - mostWords(expander, words);
  let at = 0;
  try {
    while (at <= room && troubleIn(seat) === TROUBLE.none) {
      const chunk = takeChunk(seat);
      let state = first + chunk * CHUNK;
      if (state >= end) return;
      const begin = at;
      let successors = 0;
      for (const last = Math.min(state + CHUNK, end); state < last; state++) {
        if (!expands) {
          expander.lookAt(rows, state * words);
          continue;
        }
        const n = expander.expand(rows, state * words, state, calls[state]!);
        sieve.offer(expander.successors, n, state, expander.calls);
        successors += n + expander.leftOut();
      }
      at = sieve.sift(found, begin);
      writeChunk(seat, chunk, { seat: number, begin, found: (at - begin) / (words + SIFTED), successors });
    }
  } catch {
    // Who looks at these states alone will meet it again, and say what it was.
    tellThrown(seat);
  }
}

/** Words that what is found in a chunk may take. */
function mostWords<S>({ maxSuccessors }: Expander<S>, words: number): number {
  return CHUNK * (maxSuccessors + 1) * (words + SIFTED);
}

/** A sieve for the store in which a search of a machine keeps rows. */
export function sieveFor<S>({ words, memory }: Machine<S>, orbits: Orbits | undefined): Sieve {
  return orbits?.sieve(noCanonicalForm) ?? createSieve(words, { unusedBit: memory.unusedBit() });
}

/** To be called where a row has no canonical form. */
export function noCanonicalForm(): never {
  throw new ToldApart({ kind: 'free-place', name: '' });
}
