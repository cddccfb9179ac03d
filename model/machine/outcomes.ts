/**
 * What comes of the calls of a group in a row: how the row is changed into each of its successors, and what there is to count. The
 * calls make the same few changes, and come to the same few outcomes, in very many rows: each is kept once.
 */
import type { Arena } from './arena.js';
import { Distinct } from './distinct.js';

/** An outcome while it is written down. */
export interface Draft {
  /** By the number of a call: the change that it makes ({@link Outcomes.change}), or 0 if it leads to no successor. */
  readonly changes: Int32Array;
  /** What to count for each row: pairs of the number of a tally, and how much to add to it. */
  readonly tallies: number[];
}

/** Where in their outcomes what is said of some calls stands. */
export interface Layout {
  /** Their numbers, in ascending order. */
  readonly numbers: readonly number[];
  /** Of the words with a bit for each call, outcomes have those from `first` to before `end`. */
  readonly first: number;
  readonly end: number;
  /** In front of the changes there are so many words. */
  readonly before: number;
}

/** The words of an outcome in front: in how many rows it was met, how many successors they have, … */
export const MET = 0;
export const SUCCESSORS = 1;
/** … how many words the outcome has, and how many of these are tallies. */
const LENGTH = 2;
const TALLIES = 3;
/**
 * Then a bit for each call that leads to a successor, in as many words as the {@link Layout} says. The same without calls that
 * change nothing, or make the change of a call in front of them. Then where the change of each call is, and then the tallies.
 */
export const HEAD = 4;

/** The words of a change: the last draft that has it, and then word by word which bits of the row stay and the others' values. */
export const CHANGE = 1;

/** With so few words of bits, all outcomes have all of them. */
export const FEW_WORDS = 8;

export class Outcomes {
  /** Words that have a bit for each call. */
  private readonly bitWords: number;
  private distinct = new Distinct();
  private distinctChanges = new Distinct();
  /** Where all outcomes begin. */
  private begins: number[] = [];
  private drafts = 0;
  /** The change that leads to the row itself. */
  private unchanged = 0;

  /**
   * @param arena has all outcomes and changes
   * @param words words of a row
   * @param calls how many numbers of calls there are
   */
  constructor(
    private readonly arena: Arena,
    private readonly words: number,
    calls: number,
  ) {
    this.bitWords = (calls + 31) >>> 5;
    this.clear();
  }

  /** Forgets all outcomes and changes. What they take in the arena is not given back. */
  clear(): void {
    const { words } = this;
    this.distinct = new Distinct();
    this.distinctChanges = new Distinct();
    this.begins = [];
    const nothing = Array.from({ length: words }, () => [-1, 0]).flat();
    this.unchanged = this.change(nothing);
  }

  /** @param numbers of calls, in ascending order */
  layoutOf(numbers: readonly number[]): Layout {
    const isWhole = this.bitWords <= FEW_WORDS;
    const first = isWhole ? 0 : numbers[0]! >>> 5;
    const end = isWhole ? this.bitWords : (numbers.at(-1)! >>> 5) + 1;
    return { numbers, first, end, before: HEAD + 2 * (end - first) };
  }

  /** Where a change begins that consists of these words, without the first one. */
  change(from: readonly number[]): number {
    const { arena, words } = this;
    const length = CHANGE + 2 * words;
    const begin = arena.take(length);
    const { memory } = arena;
    memory[begin] = 0;
    for (let i = 0; i < 2 * words; i++) memory[begin + CHANGE + i] = from[i]!;
    const kept = this.distinctChanges.keep(memory, begin, begin + length, CHANGE);
    if (kept !== begin) arena.takeBack(begin);
    return kept;
  }

  /** Where the outcome begins that a draft says of some calls. */
  add(calls: Layout, { changes, tallies }: Draft): number {
    const { arena } = this;
    const { numbers, before } = calls;
    const length = before + numbers.length + tallies.length;
    const begin = arena.takeZeros(length);
    const { memory } = arena;
    memory[begin + LENGTH] = length;
    memory[begin + TALLIES] = tallies.length;
    this.writeBits(begin, calls, changes);
    let to = begin + before;
    for (let i = 0; i < numbers.length; i++) memory[to++] = changes[numbers[i]!]!;
    for (let i = 0; i < tallies.length; i++) memory[to++] = tallies[i]!;
    const kept = this.distinct.keep(memory, begin, to, SUCCESSORS);
    if (kept === begin) this.begins.push(begin);
    else arena.takeBack(begin);
    return kept;
  }

  private writeBits(begin: number, { numbers, first, end }: Layout, changes: Int32Array): void {
    const { arena, unchanged } = this;
    const { memory } = arena;
    const draft = ++this.drafts;
    for (let i = 0; i < numbers.length; i++) {
      const call = numbers[i]!;
      const change = changes[call]!;
      if (change === 0) continue;
      memory[begin + SUCCESSORS]!++;
      const word = begin + HEAD + (call >>> 5) - first;
      memory[word]! |= 1 << call;
      if (change === unchanged || memory[change] === draft) continue;
      memory[change] = draft;
      memory[word + end - first]! |= 1 << call;
    }
  }

  /** Adds to a draft what an outcome says of some calls. */
  addTo({ changes, tallies }: Draft, outcome: number, { numbers, before }: Layout): void {
    const { memory } = this.arena;
    let at = outcome + before;
    for (let i = 0; i < numbers.length; i++) changes[numbers[i]!] = memory[at++]!;
    for (const end = outcome + memory[outcome + LENGTH]!; at < end; at++) tallies.push(memory[at]!);
  }

  /** Tells how much is to be added to each tally for the rows since the last time. */
  tellAll(tell: (tally: number, count: number) => void): void {
    const { memory } = this.arena;
    for (const outcome of this.begins) {
      const met = memory[outcome + MET]!;
      if (met === 0) continue;
      memory[outcome + MET] = 0;
      const end = outcome + memory[outcome + LENGTH]!;
      for (let at = end - memory[outcome + TALLIES]!; at < end; at += 2)
        tell(memory[at]!, met * memory[at + 1]!);
    }
  }
}
