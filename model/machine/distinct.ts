/** Keeps lists of words, each once: all stand in one array, which is the caller's. */
export class Distinct {
  /** Where each list begins, and its hash; 0 in an empty slot. */
  private slots = new Int32Array(1 << 8);
  private count = 0;

  /**
   * Where a list begins that is the same and was kept before; else `begin`, and it is kept.
   *
   * @param words the list is in these, from `begin`, which is above 0, to before `end`. The same as another one's are all but `skip`
   * words in front. None is the beginning of another one
   */
  keep(words: Int32Array, begin: number, end: number, skip = 0): number {
    let hash = 0;
    for (let at = begin + skip; at < end; at++)
      hash = Math.imul(hash ^ (hash >>> 15) ^ words[at]!, 0x85ebca6b);
    const { slots } = this;
    let slot = this.homeOf(hash);
    for (let other; (other = slots[slot]!) !== 0; slot = (slot + 2) & (slots.length - 1)) {
      if (slots[slot + 1] !== hash) continue;
      let at = begin + skip;
      while (at < end && words[at] === words[at - begin + other]) at++;
      if (at === end) return other;
    }
    slots[slot] = begin;
    slots[slot + 1] = hash;
    if (4 * ++this.count > slots.length) this.enlarge();
    return begin;
  }

  private homeOf(hash: number): number {
    return (2 * (hash ^ (hash >>> 15))) & (this.slots.length - 1);
  }

  private enlarge(): void {
    const before = this.slots;
    this.slots = new Int32Array(4 * before.length);
    for (let at = 0; at < before.length; at += 2) {
      if (before[at] === 0) continue;
      let slot = this.homeOf(before[at + 1]!);
      while (this.slots[slot] !== 0) slot = (slot + 2) & (this.slots.length - 1);
      this.slots[slot] = before[at]!;
      this.slots[slot + 1] = before[at + 1]!;
    }
  }
}
