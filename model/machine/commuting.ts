/**
 * Which calls commute, by the bits of a row that they have been seen to read and to write. What one thread has seen, others have to
 * know: a state may be looked at by another thread than the one that found it. So the bits can stand in memory that threads share; they
 * only become more.
 */

/** Calls of which the same was seen. */
interface Alike {
  readonly numbers: readonly number[];
}

/** Words of the memory for so many calls, in rows of so many words. */
export function commutingWords(calls: number, words: number): number {
  return 1 + 2 * calls * words;
}

export class Commuting {
  /** By the number of a call: the calls in front of it that commute with it, as a bit for each. */
  private before: (Int32Array | undefined)[] = [];
  /** What the first word of the memory was when these were found out: it changes whenever a bit is added. */
  private version = 0;
  private readonly none: Int32Array;

  /** @param seen {@link commutingWords} words, zero in the beginning: for each call the bits it read, and those it wrote */
  constructor(
    calls: number,
    private readonly words: number,
    private readonly seen: Int32Array,
  ) {
    this.none = new Int32Array((calls >>> 5) + 1);
  }

  /** Adds bits that a call has read and written. */
  see(call: number, read: Int32Array, written: Int32Array): void {
    const { words, seen } = this;
    let isMore = 0;
    for (let i = 0, at = 1 + 2 * call * words; i < words; i++, at++) {
      isMore |= (read[i]! & ~seen[at]!) | (written[i]! & ~seen[at + words]!);
      Atomics.or(seen, at, read[i]!);
      Atomics.or(seen, at + words, written[i]!);
    }
    if (isMore !== 0) Atomics.add(seen, 0, 1);
  }

  /** The empty set of calls, as {@link inFrontOf} has it. */
  nobody(): Int32Array {
    return this.none;
  }

  /**
   * The calls in front of one that commute with it, as far as anybody has seen, a bit for each. @param groups among which they are looked
   * for: calls of which the same was seen
   */
  inFrontOf(call: number, groups: readonly Alike[]): Int32Array {
    // What another thread had seen when it found this state is seen here without asking for more: the state came by way of atomics.
    const version = this.seen[0]!;
    if (version !== this.version) {
      this.before = [];
      this.version = version;
    }
    return (this.before[call] ??= this.found(call, groups));
  }

  /** To be called when the groups are others. */
  forget(): void {
    this.before = [];
  }

  private found(call: number, groups: readonly Alike[]): Int32Array {
    const bits = new Int32Array(this.none.length);
    for (const { numbers } of groups) {
      if (!this.commute(numbers[0]!, call)) continue;
      for (const one of numbers) if (one < call) bits[one >>> 5]! |= 1 << one;
    }
    return bits;
  }

  private commute(one: number, other: number): boolean {
    const { seen, words } = this;
    for (let i = 0; i < words; i++) {
      const a = 1 + 2 * one * words + i;
      const b = 1 + 2 * other * words + i;
      const read = seen[a]!;
      const written = seen[a + words]!;
      if (((read & seen[b + words]!) | (written & (seen[b]! | seen[b + words]!))) !== 0) return false;
    }
    return true;
  }
}
