/**
 * The entries of a recall: for a group of calls and the bits of a row that these read, how the row is changed into each of its
 * successors. One open-addressing table points into one array of entries. The code that looks rows up is generated for one width of
 * rows, like that of the state store.
 */

/** A group of calls, and the bits of a row that they read. */
interface Masked {
  /** A positive number that no other group has, or ever had. */
  readonly serial: number;
  readonly mask: Int32Array;
}

/** What came of the calls of a group in a row. */
export interface Made<T> {
  /** For each successor, word by word: which bits of the row stay, and the others' values. */
  readonly changes: readonly number[];
  /** What to tell of each row that the entry is good for. */
  readonly note: T;
}

/** The words of an entry in front of its key: the group, how often it was hit, and in how many words the changes come. */
const HEAD = 3;

/** With so many words of entries all is forgotten. 8 MB */
const MOST_WORDS = 1 << 21;
/** Hits are counted in 32 bits. */
const MOST_ROWS = 1 << 30;

type LookUp = (
  rows: Int32Array,
  offset: number,
  out: Int32Array,
  n: number,
  from: number,
  to: number,
) => number;

export class RecallTable<T> {
  /**
   * Writes what the groups from `from` to before `to` lead to from the row at `offset` behind the `n` words in `out`, and returns
   * how many words there are then.
   */
  readonly successors: LookUp;
  /** What the generated code reads. The first word of the entries is in no entry, so that 0 is none. */
  private readonly shared = {
    /** For each group its number, and its mask word by word. */
    groups: new Int32Array(0),
    slots: new Int32Array(1 << 12),
    /** 32 less the logarithm of the number of slots. */
    shift: 20,
    entries: new Int32Array(1 << 14),
  };
  private groups: readonly Masked[] = [];
  private free = 1;
  private notes: { readonly entry: number; readonly note: T }[] = [];
  private rows = 0;

  /**
   * @param make makes the calls of a group in a row; it may add bits to the group's mask
   * @param told hears a note, and for how many rows
   */
  constructor(
    private readonly words: number,
    private readonly make: (group: number, rows: Int32Array, offset: number) => Made<T>,
    private readonly told: (note: T, rows: number) => void,
  ) {
    const miss = (group: number, rows: Int32Array, offset: number): number => this.add(group, rows, offset);
    this.successors = new Function('shared', 'miss', sourceOf(words))(this.shared, miss) as LookUp;
  }

  setGroups(groups: readonly Masked[]): void {
    this.groups = groups;
    this.shared.groups = new Int32Array(groups.length * (this.words + 1));
    groups.forEach((_, g) => {
      this.showMask(g);
    });
  }

  /** To be called behind each row. */
  rowDone(): void {
    if (++this.rows < MOST_ROWS && this.free < MOST_WORDS) return;
    this.tellAll();
    this.rows = 0;
    this.notes = [];
    this.free = 1;
    this.shared.slots.fill(0);
  }

  /** Tells of all rows since the last time. */
  tellAll(): void {
    const { entries } = this.shared;
    for (const { entry, note } of this.notes) {
      const hits = entries[entry + 1]!;
      entries[entry + 1] = 0;
      if (hits > 0) this.told(note, hits);
    }
  }

  private showMask(g: number): void {
    const { serial, mask } = this.groups[g]!;
    const at = g * (this.words + 1);
    this.shared.groups[at] = serialWord(serial);
    this.shared.groups.set(mask, at + 1);
  }

  /** Makes the entry for a group in a row. */
  private add(g: number, rows: Int32Array, offset: number): number {
    const { shared, words } = this;
    const { changes, note } = this.make(g, rows, offset);
    // The calls may have read more than was known.
    this.showMask(g);
    const { serial, mask } = this.groups[g]!;
    const entry = this.free;
    this.free += HEAD + words + changes.length;
    if (this.free > shared.entries.length) {
      const larger = new Int32Array(2 * this.free);
      larger.set(shared.entries);
      shared.entries = larger;
    }
    const { entries } = shared;
    entries[entry] = serialWord(serial);
    entries[entry + 1] = 0;
    entries[entry + 2] = changes.length;
    let at = entry + HEAD;
    for (let i = 0; i < words; i++) entries[at++] = rows[offset + i]! & mask[i]!;
    for (const change of changes) entries[at++] = change;
    this.notes.push({ entry, note });
    if (2 * this.notes.length > shared.slots.length) this.enlarge();
    else this.place(entry);
    return entry;
  }

  private place(entry: number): void {
    const { slots, shift } = this.shared;
    let at = this.hashOf(entry) >>> shift;
    while (slots[at] !== 0) at = (at + 1) & (slots.length - 1);
    slots[at] = entry;
  }

  /** As the generated code has it; the upper bits choose the slot. */
  private hashOf(entry: number): number {
    const { entries } = this.shared;
    let h = entries[entry]!;
    for (let i = 0; i < this.words; i++) {
      if (i > 0) h ^= h >>> 15;
      h = Math.imul(h ^ entries[entry + HEAD + i]!, 0x85ebca6b);
    }
    return h;
  }

  private enlarge(): void {
    const { shared } = this;
    shared.slots = new Int32Array(2 * shared.slots.length);
    shared.shift--;
    for (const { entry } of this.notes) this.place(entry);
  }
}

/** The number of a group, spread over the bits of a word. */
function serialWord(serial: number): number {
  return Math.imul(serial, 0x9e3779b1);
}

function sourceOf(words: number): string {
  const each = (line: (i: number) => string, separator = ' '): string =>
    Array.from({ length: words }, (_, i) => line(i)).join(separator);
  const hash = each((i) => `h = Math.imul(h ^ k${i}, 0x85ebca6b);`, ' h ^= h >>> 15; ');
  return `"use strict";
  return function recall(rows, offset, out, n, from, to) {
    let { slots, entries, shift } = shared;
    const { groups } = shared;
    ${each((i) => `const r${i} = rows[offset + ${i}];`)}
    for (let g = from, at = from * ${words + 1}; g < to; g++, at += ${words + 1}) {
      const head = groups[at];
      ${each((i) => `const k${i} = r${i} & groups[at + ${1 + i}];`)}
      let h = head; ${hash}
      let j = h >>> shift, e = slots[j];
      while (entries[e] !== head || ${each((i) => `entries[e + ${HEAD + i}] !== k${i}`, ' || ')}) {
        if (e === 0) {
          e = miss(g, rows, offset);
          slots = shared.slots; entries = shared.entries; shift = shared.shift;
          break;
        }
        j = (j + 1) & (slots.length - 1);
        e = slots[j];
      }
      entries[e + 1]++;
      let d = e + ${HEAD + words};
      for (const end = d + entries[e + 2]; d < end; d += ${2 * words}, n += ${words}) {
        ${each((i) => `out[n + ${i}] = (r${i} & entries[d + ${2 * i}]) | entries[d + ${2 * i + 1}];`)}
      }
    }
    return n;
  };`;
}
