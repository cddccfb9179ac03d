/**
 * Which outcome each group of calls has come to ({@link Outcomes}), by the bits of a row that its calls read. Each group has its own
 * open-addressing table; all stand in one array. The code that looks rows up is generated for one width of rows, like that of the
 * state store.
 *
 * All groups are looked up first, and it is marked which calls lead to a successor and where its change stands. Then the successors
 * are written in the order of the calls, whatever group each is in.
 */
import { Arena } from './arena.js';
import { CHANGE, FEW_WORDS, HEAD, MET, Outcomes, SUCCESSORS, type Draft, type Layout } from './outcomes.js';

/** A group of calls, and the bits of a row that they read. */
interface Masked {
  /** A number that no other group has, or ever had. */
  readonly serial: number;
  /** The numbers of the calls, in ascending order. */
  readonly numbers: readonly number[];
  readonly mask: Int32Array;
}

/** A group with its slots: each has the bits of a row, and where its outcome begins; 0 if it is empty. */
interface Group extends Layout {
  readonly mask: Int32Array;
  /** Where the slots begin. */
  begin: number;
  /** Log2 of their number, without those {@link BEHIND} them. */
  bits: number;
  /** How many are taken. */
  count: number;
}

/** Makes the calls of a group in a row, and writes down what comes of it. It may add bits to the group's mask. */
type Make = (group: number, rows: Int32Array, offset: number, draft: Draft) => void;

/** Log2 of the slots that a group has in the beginning. */
const FIRST_BITS = 4;
/** Slots are taken to this part. */
const LOAD = 0.6;
/** A row that finds its slot taken goes into one behind it. These are behind the last one; the very last is never taken. */
const BEHIND = 32;

/**
 * The words of a group in the arena: where its slots begin, and 32 less the logarithm of their number; the words with the bits of its
 * calls ({@link Layout}). Then its mask.
 */
const SLOTS = 0;
const SHIFT = 1;
const SPAN = 2;
const MASK = 4;

/** With so many words all is forgotten. 16 MB */
const MOST_WORDS = 1 << 22;
/** How often outcomes are met is counted in 32 bits, and there may be many groups. */
const MOST_ROWS = 1 << 20;

/** The generated code. */
interface LookUps {
  /** Where the outcome of a group for the row at `offset` begins; it is made if there is none. */
  readonly find: (group: number, rows: Int32Array, offset: number) => number;
  /**
   * Looks the groups from `from` on up, and marks which calls lead to successors: all of them, or else leaves out those that change
   * nothing, or make the change of another call of the group.
   */
  readonly mark: (rows: Int32Array, offset: number, from: number, isAll: boolean) => void;
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
  /** What the groups have come to. */
  readonly outcomes: Outcomes;
  /** Has all that the generated code reads. */
  private readonly arena = new Arena();
  /** Where the words are that have a bit for each call that is marked. */
  private readonly marks: number;
  /** Where two words for each call are: where the outcome of its group stands that was found last, and at which of its words the change is. */
  private readonly homes: number;
  /** Where the groups are, where they end, and where a word for each is that says where its outcome is that was found last. */
  private readonly places = { groups: 0, end: 0, found: 0 };
  /** What is taken of the arena for good. */
  private readonly taken: number;
  private groups: readonly Group[] = [];
  private bySerial = new Map<number, Group>();
  private rows = 0;
  /** More than one is needed when the outcome of a cluster is made from those of its groups. */
  private readonly spare: Draft[] = [];

  /**
   * @param calls how many numbers of calls there are
   * @param tell hears how much to add to each tally
   */
  constructor(
    private readonly words: number,
    private readonly calls: number,
    private readonly make: Make,
    private readonly tell: (tally: number, count: number) => void,
  ) {
    const { arena, places } = this;
    const bitWords = (calls + 31) >>> 5;
    this.marks = arena.takeZeros(bitWords);
    this.homes = arena.takeZeros(2 * calls);
    this.taken = arena.size;
    this.outcomes = new Outcomes(arena, words, calls);
    const miss = (group: number, rows: Int32Array, offset: number): number => this.add(group, rows, offset);
    const source = sourceOf(words, bitWords, this.marks, this.homes);
    const code = new Function('arena', 'places', 'miss', source)(arena, places, miss) as LookUps;
    this.find = code.find;
    this.mark = code.mark;
    this.write = code.write;
    this.takeLeftOut = code.takeLeftOut;
  }

  /** The groups that there are from now on. What is known of those that there were before is kept. */
  setGroups(groups: readonly Masked[]): void {
    const known = this.bySerial;
    this.bySerial = new Map(
      groups.map((group) => [group.serial, known.get(group.serial) ?? this.createGroup(group)]),
    );
    this.groups = [...this.bySerial.values()];
    this.place();
  }

  private createGroup({ numbers, mask }: Masked): Group {
    const slots = { begin: this.takeSlots(FIRST_BITS), bits: FIRST_BITS, count: 0 };
    return { ...this.outcomes.layoutOf(numbers), mask, ...slots };
  }

  /** Says in the arena where all groups are. */
  private place(): void {
    const { arena, groups, places } = this;
    places.groups = arena.take(groups.length * (MASK + this.words));
    places.end = arena.size;
    places.found = arena.takeZeros(groups.length);
    groups.forEach(({ numbers, before }, g) => {
      this.show(g);
      // A call may be in a group and in a cluster. That stands behind the group, and is looked up instead.
      numbers.forEach((call, i) => {
        arena.memory[this.homes + 2 * call] = places.found + g;
        arena.memory[this.homes + 2 * call + 1] = before + i;
      });
    });
  }

  /** To be called behind each row. */
  rowDone(): void {
    if (++this.rows >= MOST_ROWS) this.tellAll();
    if (this.arena.size >= MOST_WORDS) this.forget();
  }

  /** Forgets all outcomes. */
  private forget(): void {
    this.tellAll();
    this.arena.takeBack(this.taken);
    this.outcomes.clear();
    for (const group of this.groups) {
      group.begin = this.takeSlots(FIRST_BITS);
      group.bits = FIRST_BITS;
      group.count = 0;
    }
    this.place();
  }

  /** Tells of all rows since the last time. */
  tellAll(): void {
    this.rows = 0;
    this.outcomes.tellAll(this.tell);
  }

  /** Adds what a group comes to in a row to a draft. */
  addTo(draft: Draft, group: number, rows: Int32Array, offset: number): void {
    this.outcomes.addTo(draft, this.find(group, rows, offset), this.groups[group]!);
  }

  private takeSlots(bits: number): number {
    return this.arena.takeZeros((this.words + 1) * ((1 << bits) + BEHIND));
  }

  /** Shows the generated code where the slots of a group are, and its mask. */
  private show(g: number): void {
    const { memory } = this.arena;
    const { begin, bits, first, end, mask } = this.groups[g]!;
    const place = this.places.groups + g * (MASK + this.words);
    memory[place + SLOTS] = begin;
    memory[place + SHIFT] = 32 - bits;
    memory[place + SPAN] = first;
    memory[place + SPAN + 1] = end;
    for (let i = 0; i < mask.length; i++) memory[place + MASK + i] = mask[i]!;
  }

  /** Makes the calls of a group in a row, and keeps what comes of it. */
  private add(g: number, rows: Int32Array, offset: number): number {
    const group = this.groups[g]!;
    const draft = this.spare.pop() ?? { changes: new Int32Array(this.calls), tallies: [] };
    draft.tallies.length = 0;
    this.make(g, rows, offset, draft);
    const outcome = this.outcomes.add(group, draft);
    this.spare.push(draft);
    if (group.count >= LOAD * (1 << group.bits)) this.enlarge(group);
    while (!this.enter(group, rows, offset, group.mask, outcome)) this.enlarge(group);
    group.count++;
    // Calls may have read more than was known.
    this.show(g);
    return outcome;
  }

  /** Enters an outcome for the bits in the mask of the row at `offset`; false if there is no room behind the slot that is theirs. */
  private enter(
    { begin, bits }: Group,
    rows: Int32Array,
    offset: number,
    mask: Int32Array,
    outcome: number,
  ): boolean {
    const { words } = this;
    const slots = this.arena.memory;
    let hash = 0;
    for (let i = 0; i < words; i++) hash = hashed(hash, rows[offset + i]! & mask[i]!);
    const width = words + 1;
    let at = begin + (hash >>> (32 - bits)) * width;
    const last = begin + ((1 << bits) + BEHIND - 1) * width;
    while (slots[at + words] !== 0) at += width;
    if (at >= last) return false;
    for (let i = 0; i < words; i++) slots[at + i] = rows[offset + i]! & mask[i]!;
    slots[at + words] = outcome;
    return true;
  }

  private enlarge(group: Group): void {
    const { words } = this;
    const { begin, bits } = group;
    const width = words + 1;
    const end = begin + ((1 << bits) + BEHIND) * width;
    const whole = new Int32Array(words).fill(-1);
    let at = begin;
    while (at < end) {
      group.bits++;
      group.begin = this.takeSlots(group.bits);
      const slots = this.arena.memory;
      at = begin;
      while (at < end && (slots[at + words] === 0 || this.enter(group, slots, at, whole, slots[at + words]!)))
        at += width;
    }
  }
}

/** The hash of one more word; the generated code has the same. */
function hashed(hash: number, word: number): number {
  return Math.imul(hash ^ (hash >>> 15) ^ word, 0x9e3779b1);
}

function sourceOf(words: number, bitWords: number, marks: number, homes: number): string {
  const each = (line: (i: number) => string, separator = ' '): string => lines(words, line, separator);
  const hash = each((i) =>
    i === 0 ? 'let h = Math.imul(k0, 0x9e3779b1);' : `h = Math.imul(h ^ (h >>> 15) ^ k${i}, 0x9e3779b1);`,
  );
  const row = each((i) => `const r${i} = rows[offset + ${i}];`);
  // The outcome e of the group g, which is at `at`.
  const look = `
      ${each((i) => `const k${i} = r${i} & memory[at + ${MASK + i}];`)}
      ${hash}
      let j = memory[at + ${SLOTS}] + (h >>> memory[at + ${SHIFT}]) * ${words + 1}, e = memory[j + ${words}];
      while (e === 0 || ${each((i) => `memory[j + ${i}] !== k${i}`, ' || ')}) {
        if (e === 0) {
          e = miss(g, rows, offset);
          memory = arena.memory;
          break;
        }
        j += ${words + 1};
        e = memory[j + ${words}];
      }`;
  const isFew = bitWords <= FEW_WORDS;
  const eachBits = (line: (i: number) => string): string => lines(isFew ? bitWords : 0, line, ' ');
  const mark = isFew
    ? `const bits = e + (isAll ? ${HEAD} : ${HEAD + bitWords});
      ${eachBits((i) => `m${i} |= memory[bits + ${i}];`)}`
    : `let w = memory[at + ${SPAN}];
      const end = memory[at + ${SPAN + 1}];
      for (let bits = e + (isAll ? ${HEAD} : ${HEAD} + end - w); w < end; w++) memory[${marks} + w] |= memory[bits++];`;
  return `"use strict";
  let leftOutNow = 0;
  function find(g, rows, offset) {
    let { memory } = arena;
    const at = places.groups + g * ${MASK + words};
    ${row} ${look}
    return e;
  }
  function mark(rows, offset, from, isAll) {
    let { memory } = arena;
    const { groups, end, found } = places;
    ${row}
    ${eachBits((i) => `let m${i} = 0;`)}
    let successors = 0;
    for (let g = from, at = groups + from * ${MASK + words}; at < end; g++, at += ${MASK + words}) {
      ${look}
      memory[e + ${MET}]++;
      successors += memory[e + ${SUCCESSORS}];
      memory[found + g] = e;
      ${mark}
    }
    ${eachBits((i) => `memory[${marks} + ${i}] = m${i};`)}
    leftOutNow += successors;
  }
  function write(rows, offset, out, n, from, to, leftOut, numbers) {
    const { memory } = arena;
    ${row}
    let k = n / ${words};
    const before = k;
    for (let w = from >>> 5, first = w << 5; first < to; w++, first += 32) {
      let left = memory[${marks} + w];
      if (first + 32 > to) left &= (1 << to) - 1;
      memory[${marks} + w] ^= left;
      left &= ~leftOut[w];
      for (; left !== 0; left &= left - 1, n += ${words}) {
        const call = first + 31 - Math.clz32(left & -left), home = ${homes} + 2 * call;
        const c = memory[memory[memory[home]] + memory[home + 1]] + ${CHANGE};
        numbers[k++] = call + 1;
        ${each((i) => `out[n + ${i}] = (r${i} & memory[c + ${2 * i}]) | memory[c + ${2 * i + 1}];`)}
      }
    }
    leftOutNow -= k - before;
    return n;
  }
  function takeLeftOut() { const count = leftOutNow; leftOutNow = 0; return count; }
  return { find, mark, write, takeLeftOut };`;
}

function lines(n: number, line: (i: number) => string, separator: string): string {
  return Array.from({ length: n }, (_, i) => line(i)).join(separator);
}
