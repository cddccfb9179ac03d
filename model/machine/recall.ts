/**
 * What calls do, remembered. What an operation does in a state depends only on the bits of the row that its rules read, and a
 * traced memory says which those are. So the calls of an operation are made once for all rows that agree in these bits, and what
 * they wrote is kept: for any other such row the successors are written down without asking a rule.
 *
 * The calls of an operation are remembered together while they read few bits together; else those with the same first argument,
 * the same first two, and so on. An operation of which a single call reads too much of a row (one that asks who holds an
 * object, say) is left to the compiled rules.
 */
import {
  compileAttempt,
  domainSize,
  notMade,
  questionsOf,
  type CallCounts,
  type Counting,
  type Question,
} from './compile.js';
import { LATE, type Operation } from './operation.js';
import { RecallTable, type Made } from './recall-table.js';

/** The calls of an operation that are remembered together. */
interface Group {
  readonly operation: number;
  /** Their arguments; what is missing to five is 0. */
  readonly calls: readonly (readonly number[])[];
  /** Which group this is among all that ever were. */
  readonly serial: number;
  /** The bits of a row that the calls have been seen to read, word by word. */
  readonly mask: Int32Array;
  /** Rows looked at before there was this group. */
  readonly since: number;
  /** Rows in which its calls had to be made. */
  misses: number;
}

/** A machine with the same rules over a traced memory. */
export interface TracedMachine<S> {
  readonly operations: readonly Operation<S>[];
  readonly state: S;
  readonly memory: {
    readonly memory: Int32Array;
    readonly read: Int32Array;
    readonly written: Int32Array;
    readonly words: number;
  };
}

/** A group that reads more bits is split. */
const MANY_BITS = 16;
/** A group that had to be made in more rows is split. */
const MANY_MISSES = 2048;
/** More groups of one operation take longer to look up than its guards take to ask. */
const MANY_GROUPS = 40;
/** What cannot be split is given up if it had to be made in more than one of so many rows. */
const WORTHWHILE = 8;

/** One of the counts of calls. */
interface Tally {
  readonly counts: Float64Array;
  readonly index: number;
}

/** Tallies by their numbers, each with how much a row adds to it. */
type Note = readonly number[];

export class Recall<S> {
  /** 1 for an operation that is not remembered. */
  readonly isDirect: Uint8Array;
  private readonly questions: readonly (readonly Question[])[];
  private readonly attempts: readonly ReturnType<typeof compileAttempt>[];
  readonly table: RecallTable<Note>;
  /** The groups of operation i are those from `first[i]` to before `first[i + 1]`. */
  readonly first: Int32Array;
  /** How many leading arguments tell the groups of an operation apart. */
  private readonly splitBy: number[];
  private readonly tallies: Tally[] = [];
  /** For each operation, the numbers of its tallies by what an attempt came to. */
  private readonly tallyNumbers: readonly Map<number, number>[];
  private groups: readonly Group[] = [];
  private serials = 0;
  private rows = 0;
  /** Operations to be split when the row at hand is done. */
  private readonly overgrown = new Set<number>();

  /** @param isRemembered whether an operation may be remembered */
  constructor(
    private readonly machine: TracedMachine<S>,
    private readonly counts: CallCounts,
    counting: Counting,
    isRemembered: (operation: number) => boolean,
  ) {
    const { operations, state, memory } = machine;
    this.isDirect = Uint8Array.from(operations, (_, i) => (isRemembered(i) ? 0 : 1));
    this.first = new Int32Array(operations.length + 1);
    this.splitBy = operations.map(() => 0);
    this.tallyNumbers = operations.map(() => new Map());
    this.questions = operations.map((op) => questionsOf(op, counting));
    this.attempts = operations.map((op) => compileAttempt(op, state, counting));
    this.table = new RecallTable(
      memory.words,
      (group, rows, offset) => this.make(group, rows, offset),
      (note, hits) => {
        for (let i = 0; i < note.length; i += 2) {
          const tally = this.tallies[note[i]!]!;
          tally.counts[tally.index]! += hits * note[i + 1]!;
        }
      },
    );
    this.regroup();
  }

  /** To be called behind each row. */
  rowDone(): void {
    this.rows++;
    this.table.rowDone();
    if (this.overgrown.size > 0) this.split();
  }

  /** Brings the counts up to date. */
  count(): void {
    this.table.tellAll();
  }

  private regroup(): void {
    const { operations, memory } = this.machine;
    const kept = this.groups;
    const groups: Group[] = [];
    operations.forEach((op, operation) => {
      this.first[operation] = groups.length;
      if (this.isDirect[operation] === 1) return;
      if (this.overgrown.has(operation) || kept.length === 0) {
        for (const calls of callsBySplit(op, this.splitBy[operation]!)) {
          const mask = new Int32Array(memory.words);
          groups.push({ operation, calls, serial: ++this.serials, mask, since: this.rows, misses: 0 });
        }
      } else {
        groups.push(...kept.filter((group) => group.operation === operation));
      }
    });
    this.first[operations.length] = groups.length;
    this.groups = groups;
    this.table.setGroups(groups);
  }

  private split(): void {
    for (const operation of this.overgrown) {
      const domains = Object.values(this.machine.operations[operation]!.params);
      const by = ++this.splitBy[operation]!;
      const groups = domains.slice(0, by).reduce((product, domain) => product * domainSize(domain), 1);
      if (by > domains.length || groups > MANY_GROUPS) this.isDirect[operation] = 1;
    }
    this.regroup();
    this.overgrown.clear();
  }

  /** Makes the calls of a group in a row. */
  private make(g: number, rows: Int32Array, offset: number): Made<Note> {
    const group = this.groups[g]!;
    const { memory, read, written, words } = this.machine.memory;
    const attempt = this.attempts[group.operation]!;
    const changes: number[] = [];
    const note: number[] = [];
    read.fill(0);
    for (let i = 0; i < words; i++) memory[i] = memory[words + i] = rows[offset + i]!;
    for (const call of group.calls) {
      written.fill(0);
      const code = attempt(call[0]!, call[1]!, call[2]!, call[3]!, call[4]!);
      const tally = this.tallyNumber(group.operation, code);
      if (note[note.length - 2] === tally) note[note.length - 1]!++;
      else note.push(tally, 1);
      if (notMade(code) !== undefined) continue;
      for (let i = 0; i < words; i++) {
        const bits = written[i]!;
        changes.push(~bits, memory[i]! & bits);
        memory[i] = rows[offset + i]!;
      }
    }
    for (let i = 0; i < words; i++) group.mask[i]! |= read[i]! | read[words + i]!;
    group.misses++;
    if (this.isOvergrown(group)) this.overgrown.add(group.operation);
    return { changes, note };
  }

  private isOvergrown({ operation, mask, misses, since }: Group): boolean {
    const { length } = Object.keys(this.machine.operations[operation]!.params);
    if (this.splitBy[operation]! < length) return misses > MANY_MISSES || bitsIn(mask) > MANY_BITS;
    return misses % MANY_MISSES === 0 && misses * WORTHWHILE > this.rows - since;
  }

  private tallyNumber(operation: number, code: number): number {
    const numbers = this.tallyNumbers[operation]!;
    // All that were done are counted as one, whatever they returned.
    const what = Math.min(code, 0);
    let number = numbers.get(what);
    if (number === undefined) {
      number = this.tallies.push(this.tally(operation, code)) - 1;
      numbers.set(what, number);
    }
    return number;
  }

  private tally(operation: number, code: number): Tally {
    const { done, late, refused, impossible } = this.counts;
    const question = notMade(code);
    if (question === undefined)
      return code >= 0
        ? { counts: done, index: operation }
        : { counts: late[operation]!, index: LATE - code };
    const { kind, index } = this.questions[operation]![question]!;
    return { counts: (kind === 'g' ? refused : impossible)[operation]!, index };
  }
}

function bitsIn(mask: Int32Array): number {
  let bits = 0;
  for (const word of mask) for (let rest = word; rest !== 0; rest &= rest - 1) bits++;
  return bits;
}

/** All calls of an operation in order, those together that agree in the first arguments. */
function callsBySplit<S>(op: Operation<S>, by: number): number[][][] {
  const lists = new Map<string, number[][]>();
  for (const call of callsOfDomains(Object.values(op.params).map(valuesOf))) {
    const key = call.slice(0, by).join();
    const list = lists.get(key);
    const padded = [...call, 0, 0, 0, 0, 0];
    if (list) list.push(padded);
    else lists.set(key, [padded]);
  }
  return [...lists.values()];
}

function callsOfDomains(domains: readonly (readonly number[])[]): number[][] {
  return domains.reduce<number[][]>(
    (calls, values) => calls.flatMap((call) => values.map((value) => [...call, value])),
    [[]],
  );
}

function valuesOf(domain: Parameters<typeof domainSize>[0]): number[] {
  const first = domain.optional ? -1 : 0;
  return Array.from({ length: domainSize(domain) }, (_, i) => first + i);
}
