/** What each thread of a search does, the one that searches and those that help: it looks at chunks of the stretch at hand. */
import type { Expander } from './expander.js';
import type { RowSifter, StoreView } from './state-store.js';
import { SIFTED } from './store-source.js';
import {
  CHUNK,
  endChunk,
  ENDING,
  endingOf,
  endStretch,
  spokeIn,
  stretchAtHand,
  type Seat,
} from './team-memory.js';

/** Words for what is found in a stretch, beside those of the chunk that is being looked at. */
const ROOM = 1 << 21;

/** Words that a thread needs for what it finds in a stretch. */
export function wordsToFind<S>(expander: Expander<S>, words: number): number {
  return ROOM + mostWords(expander, words);
}

/** What a thread has to look at chunks with. */
export interface Worker<S> {
  readonly seat: Seat;
  readonly expander: Expander<S>;
  readonly words: number;
}

/**
 * Makes all calls from the states of a chunk, and offers what they lead to; or asks the properties about them, if there are to be no
 * calls. Returns how many successors they have, or undefined if nothing of it is of use: then the stretch has been ended.
 */
export function lookAtChunk<S>(
  { seat, expander, words }: Worker<S>,
  chunk: number,
  { rows, calls }: Pick<StoreView, 'rows' | 'calls'>,
  to: RowSifter,
): number | undefined {
  const { first, end, expands } = stretchAtHand(seat);
  const { spoke } = expander.watch;
  spoke.fill(0);
  let successors = 0;
  let state = first + chunk * CHUNK;
  try {
    for (const last = Math.min(state + CHUNK, end); state < last; state++) {
      if (!expands) {
        expander.lookAt(rows, state * words);
        continue;
      }
      const n = expander.expand(rows, state * words, state, calls[state]!);
      const all = n + expander.leftOut();
      to.offer(expander.successors, n, state, all, expander.calls);
      successors += all;
    }
  } catch {
    // Who looks at these states alone will meet it again, and say what it was.
    endStretch(seat, ENDING.thrown);
  }
  // A breach in this chunk is among the reasons.
  if (endingOf(seat) >= ENDING.cut) return undefined;
  spokeIn(seat, chunk).set(spoke);
  return successors;
}

/**
 * Writes down what is new of what a chunk led to, from a word of `found` on, and returns where it ends. If there might be no room for
 * what another chunk leads to, the stretch is ended.
 */
export function writeFinds<S>(
  { seat, expander, words }: Worker<S>,
  chunk: number,
  successors: number,
  sifter: RowSifter,
  begin: number,
): number {
  const { number, found } = seat;
  const end = sifter.sift(found, begin);
  endChunk(seat, chunk, { seat: number, begin, found: (end - begin) / (words + SIFTED), successors });
  if (end > found.length - mostWords(expander, words)) endStretch(seat, ENDING.enough);
  return end;
}

/** Words that what is found in a chunk may take. */
function mostWords<S>({ maxSuccessors }: Expander<S>, words: number): number {
  return CHUNK * (maxSuccessors + 1) * (words + SIFTED);
}
