/**
 * Memory that is handed out in pieces, all of one array: what the compiler makes of code that reads many things from one array is half
 * as long as if it read them from several.
 */
export class Arena {
  /** Replaced by a larger array as more is handed out. */
  memory = new Int32Array(1 << 14);
  /** Where the next piece begins. 0 is where none does. */
  private next = 1;

  /** Words that were handed out. */
  get size(): number {
    return this.next;
  }

  /** Where a piece of so many words begins. What is in it is not said. */
  take(length: number): number {
    const begin = this.next;
    this.next += length;
    if (this.next > this.memory.length) {
      const larger = new Int32Array(2 * this.next);
      larger.set(this.memory);
      this.memory = larger;
    }
    return begin;
  }

  /** As {@link Arena.take}, of zeros. */
  takeZeros(length: number): number {
    const begin = this.take(length);
    this.memory.fill(0, begin, begin + length);
    return begin;
  }

  /** Takes back what begins at `begin`, and all that was handed out after it. */
  takeBack(begin: number): void {
    this.next = begin;
  }
}
