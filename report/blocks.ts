/** Spreading columns over tables that stand one below the other. */

/**
 * The numbers from 0 below `count`, in order, in as few lists as are all found to fit, each about as long as the others; in
 * lists of one number each if nothing fits.
 */
export function inFewestBlocks(count: number, fits: (block: readonly number[]) => boolean): number[][] {
  for (let blocks = 1; blocks < count; blocks++) {
    const found = evenly(count, blocks);
    if (found.every(fits)) return found;
  }
  return evenly(count, count);
}

function evenly(count: number, lists: number): number[][] {
  const start = (list: number): number => Math.ceil((list * count) / lists);
  return Array.from({ length: lists }, (_, list) => {
    return Array.from({ length: start(list + 1) - start(list) }, (_, i) => start(list) + i);
  });
}
