/**
 * Which groups of calls are looked up together. One look-up for groups that read nearly the same bits of a row is cheaper than one
 * for each, as long as the bits of all of them do not come in too many ways.
 */

/** So many bits may come in all ways: what they come to still fits into the processor's caches. */
const FEW_BITS = 14;
/** Of the rows of a sample, so many may differ in more bits than that: one of so many. */
const SAME_IN_SAMPLE = 8;

/** Groups that are looked up together. */
interface Cluster {
  readonly members: number[];
  readonly mask: Int32Array;
  readonly bits: number;
  /** Whether its bits come in few ways. */
  readonly isSmall: boolean;
}

/**
 * Puts groups together.
 *
 * @param masks for each group, the bits that it reads
 * @param sample rows met, one after the other
 * @returns for each cluster its groups, in ascending order
 */
export function clustersOf(masks: readonly Int32Array[], sample: Int32Array): readonly (readonly number[])[] {
  const makeCluster = (members: number[], mask: Int32Array): Cluster => {
    const bits = bitsIn(mask);
    return { members, mask, bits, isSmall: bits <= FEW_BITS || isAlikeIn(sample, mask) };
  };
  const clusters = merged(containing(masks, makeCluster), makeCluster);
  return clusters.map(({ members }) => members.sort((a, b) => a - b)).sort((a, b) => a[0]! - b[0]!);
}

type MakeCluster = (members: number[], mask: Int32Array) => Cluster;

/** Each group joins the one that reads all that it reads, and as little else as possible. */
function containing(masks: readonly Int32Array[], makeCluster: MakeCluster): Cluster[] {
  const clusters: Cluster[] = [];
  const byBits = masks.map((mask, group) => ({ mask, group, bits: bitsIn(mask) }));
  for (const { mask, group } of byBits.sort((a, b) => b.bits - a.bits || a.group - b.group)) {
    const home = clusters.filter((cluster) => bitsInEither(cluster.mask, mask) === cluster.bits).at(-1);
    if (home) home.members.push(group);
    else clusters.push(makeCluster([group], mask));
  }
  return clusters;
}

/** Joins two small clusters at a time, those first that grow least by it, as long as what comes of it is small. */
function merged(clusters: readonly Cluster[], makeCluster: MakeCluster): Cluster[] {
  const left = new Set(clusters);
  const small = clusters.filter(({ isSmall }) => isSmall);
  let pairs = small.flatMap((one, i) => small.slice(0, i).map((other) => pairOf(other, one)));
  while (pairs.length > 0) {
    const { one, other } = pairs.reduce((best, pair) => (pair.growth < best.growth ? pair : best));
    const mask = one.mask.map((word, i) => word | other.mask[i]!);
    const union = makeCluster([...one.members, ...other.members], mask);
    if (union.isSmall) {
      left.delete(one);
      left.delete(other);
      pairs = pairs.filter((pair) => left.has(pair.one) && left.has(pair.other));
      for (const cluster of left) if (cluster.isSmall) pairs.push(pairOf(cluster, union));
      left.add(union);
    } else {
      pairs = pairs.filter((pair) => pair.one !== one || pair.other !== other);
    }
  }
  return [...left];
}

interface Pair {
  readonly one: Cluster;
  readonly other: Cluster;
  /** How many bits the larger of them gets. */
  readonly growth: number;
}

function pairOf(one: Cluster, other: Cluster): Pair {
  const growth = bitsInEither(one.mask, other.mask) - Math.max(one.bits, other.bits);
  return { one, other, growth };
}

/** Whether most rows of the sample agree in these bits with another one. What is alike by chance in a hash does no harm. */
function isAlikeIn(sample: Int32Array, mask: Int32Array): boolean {
  const most = sample.length / mask.length / SAME_IN_SAMPLE;
  const different = new Set<number>();
  for (let offset = 0; offset < sample.length; offset += mask.length) {
    let hash = 0;
    for (let i = 0; i < mask.length; i++)
      hash = Math.imul(hash ^ (mask[i]! & sample[offset + i]!), 0x85ebca6b) ^ (hash >>> 15);
    different.add(hash);
    if (different.size > most) return false;
  }
  return true;
}

function bitsInEither(one: Int32Array, other: Int32Array): number {
  let bits = 0;
  for (let i = 0; i < one.length; i++) bits += bitsOf(one[i]! | other[i]!);
  return bits;
}

/** How many bits are set in all words. */
export function bitsIn(mask: Int32Array): number {
  return bitsInEither(mask, mask);
}

/** Source: "Bit Twiddling Hacks", counting bits set, in parallel. */
function bitsOf(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
