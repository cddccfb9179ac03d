/**
 * The entries of a recall: for a group of calls and the bits of a row that these read, how the row is changed into each of its
 * successors. One open-addressing table points into one array of entries. The code that looks rows up is generated for one width of
 * rows, like that of the state store.
 *
 * All groups are looked up first, and it is marked which calls lead to a successor and where its change stands. Then the successors
 * are written in the order of the calls, whatever group each is in.
 */

/** A group of calls, and the bits of a row that they read. */
interface Masked {
  /** A positive number that no other group has, or ever had. */
  readonly serial: number;
  readonly mask: Int32Array;
}

/**
 * Makes the calls of a group in a row, and returns a number to tell of each row that the entry is good for. Writes down for each
 * successor the number of its call, and word by word which bits of the row stay, and the others' values. It may add bits to the
 * group's mask.
 */
type Make = (group: number, rows: Int32Array, offset: number, changes: number[]) => number;

/**
 * The words of an entry in front of its key: the group, how often it was hit, in how many words the changes come, and what to tell
 * of it.
 */
const HEAD = 4;

/** With so many words of entries all is forgotten. 16 MB */
const MOST_WORDS = 1 << 22;
/** Hits are counted in 32 bits. */
const MOST_ROWS = 1 << 30;

/** The generated code. */
interface LookUps {
  /** Where the entry of a group for the row at `offset` begins; it is made if there is none. */
  readonly find: (group: number, rows: Int32Array, offset: number) => number;
  /** Looks the groups from `from` on up, and marks which calls lead to successors. */
  readonly mark: (rows: Int32Array, offset: number, from: number) => void;
  /**
   * Writes the successors by the calls from `from` to before `to` that were marked, and are not in `leftOut`, behind the `n` words
   * in `out`, and the numbers of their calls, counted from 1, behind as many in `numbers`. Takes the marks away, and returns how many
   * words there are then. Calls are to be asked for in ascending order.
   */
  readonly write: (
    rows: Int32Array,
    offset: number,
    out: Int32Array,
    n: number,
    from: number,
    to: number,
    leftOut: Int32Array,
    numbers: Uint16Array,
  ) => number;
  /** How many were left out since that was asked for last. */
  readonly takeLeftOut: () => number;
}

export class RecallTable {
  readonly find: LookUps['find'];
  readonly mark: LookUps['mark'];
  readonly write: LookUps['write'];
  readonly takeLeftOut: LookUps['takeLeftOut'];
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
  private count = 0;
  private rows = 0;
  /** For writing changes down. More than one is needed when the entry of a cluster is made from those of its groups. */
  private readonly spare: number[][] = [];

  /**
   * @param calls how many numbers of calls there are
   * @param told hears what to tell, for how many rows, and a row that stands for these: it agrees with them in all bits that matter
   */
  constructor(
    private readonly words: number,
    calls: number,
    private readonly make: Make,
    private readonly told: (note: number, rows: number, of: Int32Array, offset: number) => void,
  ) {
    const miss = (group: number, rows: Int32Array, offset: number): number => this.add(group, rows, offset);
    const code = new Function('shared', 'miss', 'calls', sourceOf(words))(
      this.shared,
      miss,
      calls,
    ) as LookUps;
    this.find = code.find;
    this.mark = code.mark;
    this.write = code.write;
    this.takeLeftOut = code.takeLeftOut;
  }

  /** The groups that there are from now on. What is known of those that there were before is kept. */
  setGroups(groups: readonly Masked[]): void {
    this.groups = groups;
    this.shared.groups = new Int32Array(groups.length * (this.words + 1));
    groups.forEach(({ serial }, g) => {
      this.shared.groups[g * (this.words + 1)] = serialWord(serial);
      this.showMask(g);
    });
  }

  /** To be called behind each row. */
  rowDone(): void {
    if (++this.rows >= MOST_ROWS || this.free >= MOST_WORDS) this.forget();
  }

  /** Tells of all rows, and forgets all entries. */
  private forget(): void {
    this.tellAll();
    this.rows = 0;
    this.count = 0;
    this.free = 1;
    this.shared.slots.fill(0);
  }

  /** Tells of all rows since the last time. */
  tellAll(): void {
    for (let entry = 1; entry < this.free; entry = this.behind(entry)) {
      // Whoever is told may look for other entries, and these may be made.
      const { entries } = this.shared;
      const hits = entries[entry + 1]!;
      entries[entry + 1] = 0;
      if (hits > 0) this.told(entries[entry + 3]!, hits, entries, entry + HEAD);
    }
  }

  /** What there is to tell of an entry. */
  noteOf(entry: number): number {
    return this.shared.entries[entry + 3]!;
  }

  /** Adds the changes of an entry to others, as {@link Make} writes them. */
  addChanges(entry: number, changes: number[]): void {
    const { entries } = this.shared;
    for (let at = entry + HEAD + this.words; at < this.behind(entry); at++) changes.push(entries[at]!);
  }

  /** Where an entry ends. */
  private behind(entry: number): number {
    return entry + HEAD + this.words + this.shared.entries[entry + 2]!;
  }

  private showMask(g: number): void {
    const { words } = this;
    const { mask } = this.groups[g]!;
    for (let i = 0, at = g * (words + 1) + 1; i < words; i++) this.shared.groups[at++] = mask[i]!;
  }

  /** Makes the entry for a group in a row. */
  private add(g: number, rows: Int32Array, offset: number): number {
    const { shared, words } = this;
    const changes = this.spare.pop() ?? [];
    const note = this.make(g, rows, offset, changes);
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
    entries[entry + 3] = note;
    let at = entry + HEAD;
    for (let i = 0; i < words; i++) entries[at++] = rows[offset + i]! & mask[i]!;
    for (const change of changes) entries[at++] = change;
    changes.length = 0;
    this.spare.push(changes);
    if (2 * ++this.count > shared.slots.length) this.enlarge();
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
    for (let entry = 1; entry < this.free; entry = this.behind(entry)) this.place(entry);
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
  const row = each((i) => `const r${i} = rows[offset + ${i}];`);
  // The entry e of the group g, whose number and mask stand at `at`.
  const look = `
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
      }`;
  return `"use strict";
  const marks = new Int32Array((calls >>> 5) + 1), places = new Int32Array(calls);
  let countLeftOut = 0;
  function find(g, rows, offset) {
    let { slots, entries, shift } = shared;
    const { groups } = shared, at = g * ${words + 1};
    ${row} ${look}
    return e;
  }
  function mark(rows, offset, from) {
    let { slots, entries, shift } = shared;
    const { groups } = shared;
    ${row}
    for (let g = from, at = from * ${words + 1}; at < groups.length; g++, at += ${words + 1}) {
      ${look}
      entries[e + 1]++;
      let d = e + ${HEAD + words};
      for (const end = d + entries[e + 2]; d < end; d += ${1 + 2 * words}) {
        const call = entries[d];
        marks[call >>> 5] |= 1 << call;
        places[call] = d + 1;
      }
    }
  }
  function write(rows, offset, out, n, from, to, leftOut, numbers) {
    const { entries } = shared;
    ${row}
    let k = n / ${words};
    for (let w = from >>> 5, first = w << 5; first < to; w++, first += 32) {
      let left = marks[w];
      if (first + 32 > to) left &= (1 << to) - 1;
      marks[w] ^= left;
      const without = left & leftOut[w];
      left ^= without;
      for (; left !== 0; left &= left - 1, n += ${words}) {
        const call = first + 31 - Math.clz32(left & -left), d = places[call];
        numbers[k++] = call + 1;
        ${each((i) => `out[n + ${i}] = (r${i} & entries[d + ${2 * i}]) | entries[d + ${2 * i + 1}];`)}
      }
      let bits = without - ((without >>> 1) & 0x55555555);
      bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
      countLeftOut += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
    }
    return n;
  }
  function takeLeftOut() { const count = countLeftOut; countLeftOut = 0; return count; }
  return { find, mark, write, takeLeftOut };`;
}
