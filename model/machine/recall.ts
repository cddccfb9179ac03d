/**
 * What calls do, remembered. What an operation does in a state depends only on the bits of the row that its rules read, and a
 * traced memory says which those are. So a call is made once for all rows that agree in these bits, and what it wrote is kept: for
 * any other such row the successor is written down without asking a rule.
 *
 * The calls of an operation with few of them are remembered one by one. Those of one with many, together while they read few bits
 * together; else those with the same first argument, the same first two, and so on. An operation of which a single call reads too
 * much of a row (one that asks who holds an object, say) is left to the compiled rules.
 *
 * A look-up for each of these groups would take longer than all else. So groups that read nearly the same, whatever operations they
 * are of, are put together (`clusters.ts`), and what came of all of them is remembered once more.
 *
 * Much of what calls lead to is known before it is looked up. If a state was first reached by a call, another call in front of it that
 * commutes with it (`commuting.ts`) leads to a state that was reached before: by the two calls the other way round. And a call that
 * changes nothing, or the same as another one, leads nowhere else (`outcomes.ts`).
 */
import {
  callsOf,
  compileAttempt,
  domainSize,
  notMade,
  questionsOf,
  type CallCounts,
  type Counting,
  type Question,
} from './compile.js';
import { bitsIn, clustersOf } from './clusters.js';
import { Commuting, commutingWords } from './commuting.js';
import { LATE, type Operation } from './operation.js';
import type { Draft } from './outcomes.js';
import { RecallTable } from './recall-table.js';

interface NumberedCall {
  /** Its place among all calls of all operations. */
  readonly number: number;
  /** What is missing to five is 0. */
  readonly args: readonly number[];
}

/** The calls of an operation that are remembered together. */
interface Group {
  readonly operation: number;
  readonly calls: readonly NumberedCall[];
  /** Their numbers, in ascending order. */
  readonly numbers: readonly number[];
  /** Which group this is among all that ever were. */
  readonly serial: number;
  /** The bits of a row that the calls have been seen to read, word by word. */
  readonly mask: Int32Array;
  /** The same of those that they have been seen to write. */
  readonly written: Int32Array;
  /** Rows looked at before there was this group. */
  readonly since: number;
  /** Rows in which its calls had to be made. */
  misses: number;
}

/** Groups that are looked up together. */
interface Cluster {
  readonly groups: readonly number[];
  /** The numbers of their calls, in ascending order. */
  readonly numbers: readonly number[];
  readonly serial: number;
  readonly mask: Int32Array;
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
/** Groups are put together after so many rows, and again whenever there were so many times more. */
const CLUSTER_AFTER = 1 << 9;
const CLUSTER_AGAIN = 8;
/** Rows that are looked at to see which groups to put together. */
const SAMPLE = 1 << 8;
/** What cannot be split is given up if it had to be made in more than one of so many rows. */
const WORTHWHILE = 8;
/** An operation is given up that costs more than one call to be made in each row, when so many were made. */
const MANY_MADE = 1 << 10;

/** Numbers of calls are kept in 16 bits. If there are more calls, it is not asked which of them commute. */
const MOST_NUMBERED = 2 ** 16 - 1;

/** One of the counts of calls. */
interface Tally {
  readonly counts: Float64Array;
  readonly index: number;
}

export class Recall<S> {
  /** 1 for an operation that is not remembered. */
  readonly isDirect: Uint8Array;
  /** The calls of operation i are numbered from `first[i]` to before `first[i + 1]`. */
  readonly first: Int32Array;
  private readonly questions: readonly (readonly Question[])[];
  private readonly attempts: readonly ReturnType<typeof compileAttempt>[];
  private readonly table: RecallTable;
  /** As {@link RecallTable.write}, for the calls with these numbers. */
  readonly write: RecallTable['write'];
  private groups: readonly Group[] = [];
  /** The groups and clusters in the order in which they stand in the table: in front those of which a cluster is looked up instead. */
  private inTable: readonly (Group | Cluster)[] = [];
  private firstLookedUp = 0;
  /** How many leading arguments tell the groups of an operation apart. */
  private readonly splitBy: number[];
  private readonly tallies: Tally[] = [];
  /** For each operation, the numbers of its tallies by what an attempt came to. */
  private readonly tallyNumbers: readonly Map<number, number>[];
  private readonly commuting: Commuting;
  /** For each call that is remembered 1. */
  private readonly isRemembered: Uint8Array;
  private serials = 0;
  private rows = 0;
  /** Calls that had to be made of each operation, since its groups cannot be split any more. */
  private readonly made: number[];
  /** Operations to be split when the row at hand is done. */
  private readonly overgrown = new Set<number>();
  /** Rows looked at when clusters are made next, and some of those looked at since they were made. */
  private nextClustering = CLUSTER_AFTER;
  private readonly sample: Int32Array;
  private nextSample = 0;
  /** What the calls of a group have read and written while they were made. */
  private readonly readNow: Int32Array;
  private readonly writtenNow: Int32Array;
  /** What a call has changed: word by word which bits of the row stay, and the others' values. */
  private readonly change: number[] = [];
  /** Whether calls have been seen to read more since clusters were made. */
  private isOutgrown = true;

  /**
   * @param isRemembered whether an operation may be remembered
   * @param seen as {@link Commuting} has it: of its own, or one that several threads share
   */
  constructor(
    private readonly machine: TracedMachine<S>,
    private readonly counts: CallCounts,
    counting: Counting,
    isRemembered: (operation: number) => boolean,
    seen?: Int32Array,
  ) {
    const { operations, state, memory } = machine;
    const { words } = memory;
    this.isDirect = Uint8Array.from(operations, (_, i) => (isRemembered(i) ? 0 : 1));
    this.first = new Int32Array(operations.length + 1);
    operations.forEach((op, i) => {
      this.first[i + 1] = this.first[i]! + callsOf(op);
    });
    this.splitBy = operations.map((op) => (callsOf(op) <= MANY_GROUPS ? Object.keys(op.params).length : 0));
    this.made = operations.map(() => 0);
    this.tallyNumbers = operations.map(() => new Map());
    this.questions = operations.map((op) => questionsOf(op, counting));
    this.attempts = operations.map((op) => compileAttempt(op, state, counting));
    this.sample = new Int32Array(SAMPLE * words);
    this.readNow = new Int32Array(words);
    this.writtenNow = new Int32Array(words);
    const calls = this.first.at(-1)!;
    this.commuting = new Commuting(calls, words, seen ?? new Int32Array(commutingWords(calls, words)));
    this.isRemembered = new Uint8Array(calls);
    const make: ConstructorParameters<typeof RecallTable>[2] = (which, rows, offset, draft) => {
      const one = this.inTable[which]!;
      if ('calls' in one) this.make(one, rows, offset, draft);
      else this.putTogether(one, rows, offset, draft);
    };
    this.table = new RecallTable(words, calls, make, (number, count) => {
      const { counts: of, index } = this.tallies[number]!;
      of[index]! += count;
    });
    this.write = this.table.write;
    this.regroup();
  }

  /**
   * Looks up what all calls that are remembered come to in a row; then their successors can be written: all of them, or else without
   * those that are the row itself, or the successor by another call.
   */
  mark(rows: Int32Array, offset: number, isAll: boolean): void {
    if (this.rows === this.nextSample) this.takeSample(rows, offset);
    this.table.mark(rows, offset, this.firstLookedUp, isAll);
  }

  private takeSample(rows: Int32Array, offset: number): void {
    const { sample, nextSample, nextClustering } = this;
    const { words } = this.machine.memory;
    const apart = nextClustering / SAMPLE;
    const at = ((nextSample / apart) % SAMPLE) * words;
    for (let i = 0; i < words; i++) sample[at + i] = rows[offset + i]!;
    this.nextSample += apart;
  }

  /** How many were left out since that was asked for last. */
  takeLeftOut(): number {
    return this.table.takeLeftOut();
  }

  /**
   * From a state that was first reached by a call (its number counted from 1; 0 if that is not known): the calls that lead to states
   * that were reached before, a bit for each. Good until a row is looked up.
   */
  known(call: number): Int32Array {
    const { commuting, isRemembered } = this;
    return call > 0 && isRemembered.length < MOST_NUMBERED && isRemembered[call - 1] === 1
      ? commuting.inFrontOf(call - 1, this.groups)
      : commuting.nobody();
  }

  /** To be called behind each row. */
  rowDone(): void {
    this.rows++;
    this.table.rowDone();
    if (this.overgrown.size > 0) this.split();
    if (this.rows >= this.nextClustering) {
      this.nextClustering *= CLUSTER_AGAIN;
      if (this.isOutgrown) this.cluster();
    }
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
      if (this.isDirect[operation] === 1) return;
      if (this.overgrown.has(operation) || kept.length === 0) {
        for (const calls of callsBySplit(op, this.first[operation]!, this.splitBy[operation]!)) {
          const [mask, written] = [new Int32Array(memory.words), new Int32Array(memory.words)];
          const serial = ++this.serials;
          const numbers = calls.map(({ number }) => number);
          groups.push({ operation, calls, numbers, serial, mask, written, since: this.rows, misses: 0 });
        }
      } else {
        groups.push(...kept.filter((group) => group.operation === operation));
      }
    });
    this.groups = groups;
    this.setInTable(groups, 0);
    this.isRemembered.fill(0);
    for (const { numbers } of groups) for (const number of numbers) this.isRemembered[number] = 1;
    this.commuting.forget();
  }

  private split(): void {
    this.table.tellAll();
    for (const operation of this.overgrown) {
      const domains = Object.values(this.machine.operations[operation]!.params);
      const by = ++this.splitBy[operation]!;
      const groups = domains.slice(0, by).reduce((product, domain) => product * domainSize(domain), 1);
      if (by > domains.length || groups > MANY_GROUPS) this.isDirect[operation] = 1;
    }
    this.regroup();
    this.overgrown.clear();
    if (this.rows >= CLUSTER_AFTER) this.cluster();
  }

  /** Makes clusters of the groups, as they are now. */
  private cluster(): void {
    const { groups, sample, table } = this;
    this.isOutgrown = false;
    table.tellAll();
    const lists = clustersOf(
      groups.map(({ mask }) => mask),
      sample,
    );
    const alone = lists.filter(({ length }) => length === 1).flat();
    const together = lists.filter(({ length }) => length > 1);
    const order = [...together.flat(), ...alone];
    const clusters = together.map((members): Cluster => {
      const mask = new Int32Array(this.machine.memory.words);
      for (const group of members) addBits(mask, groups[group]!.mask);
      const numbers = members.flatMap((group) => groups[group]!.numbers).sort((a, b) => a - b);
      return { groups: members.map((group) => order.indexOf(group)), numbers, serial: ++this.serials, mask };
    });
    this.setInTable([...order.map((group) => groups[group]!), ...clusters], order.length - alone.length);
  }

  private setInTable(inTable: readonly (Group | Cluster)[], firstLookedUp: number): void {
    this.inTable = inTable;
    this.firstLookedUp = firstLookedUp;
    this.table.setGroups(inTable);
  }

  /** Writes down what comes of the groups of a cluster in a row. */
  private putTogether({ groups, mask }: Cluster, rows: Int32Array, offset: number, draft: Draft): void {
    for (const group of groups) {
      this.table.addTo(draft, group, rows, offset);
      // The calls may have read more than was known.
      addBits(mask, this.inTable[group]!.mask);
    }
  }

  /** Makes the calls of a group in a row. */
  private make(group: Group, rows: Int32Array, offset: number, { changes, tallies }: Draft): void {
    const { memory, read, written, words } = this.machine.memory;
    const attempt = this.attempts[group.operation]!;
    const { readNow, writtenNow, change } = this;
    const { outcomes } = this.table;
    read.fill(0);
    writtenNow.fill(0);
    for (let i = 0; i < words; i++) memory[i] = memory[words + i] = rows[offset + i]!;
    for (const { number, args } of group.calls) {
      written.fill(0);
      const code = attempt(args[0]!, args[1]!, args[2]!, args[3]!, args[4]!);
      const tally = this.tallyNumber(group.operation, code);
      if (tallies[tallies.length - 2] === tally) tallies[tallies.length - 1]!++;
      else tallies.push(tally, 1);
      changes[number] = 0;
      if (notMade(code) !== undefined) continue;
      for (let i = 0; i < words; i++) {
        const bits = written[i]!;
        writtenNow[i]! |= bits;
        change[2 * i] = ~bits;
        change[2 * i + 1] = memory[i]! & bits;
        memory[i] = rows[offset + i]!;
      }
      changes[number] = outcomes.change(change);
    }
    for (let i = 0; i < words; i++) readNow[i] = read[i]! | read[words + i]!;
    const readsMore = hasMore(group.mask, readNow);
    if (readsMore) this.isOutgrown = true;
    if (readsMore || hasMore(group.written, writtenNow)) {
      addBits(group.mask, readNow);
      addBits(group.written, writtenNow);
      for (const { number } of group.calls) this.commuting.see(number, readNow, writtenNow);
    }
    group.misses++;
    if (this.isOvergrown(group)) this.overgrown.add(group.operation);
  }

  private isOvergrown({ operation, mask, misses, since }: Group): boolean {
    const { length } = Object.keys(this.machine.operations[operation]!.params);
    if (this.splitBy[operation]! < length) return misses > MANY_MISSES || bitsIn(mask) > MANY_BITS;
    const made = ++this.made[operation]!;
    if (made % MANY_MADE === 0 && made > this.rows - since) return true;
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

/** Whether some bits are set that are not among others. */
function hasMore(than: Int32Array, bits: Int32Array): boolean {
  let more = 0;
  for (let i = 0; i < bits.length; i++) more |= bits[i]! & ~than[i]!;
  return more !== 0;
}

function addBits(to: Int32Array, from: Int32Array): void {
  for (let i = 0; i < to.length; i++) to[i]! |= from[i]!;
}

/** All calls of an operation in order, numbered from `first` on, those together that agree in the first arguments. */
function callsBySplit<S>(op: Operation<S>, first: number, by: number): NumberedCall[][] {
  const lists = new Map<string, NumberedCall[]>();
  callsOfDomains(Object.values(op.params).map(valuesOf)).forEach((args, i) => {
    const key = args.slice(0, by).join();
    const list = lists.get(key);
    const call = { number: first + i, args: [...args, 0, 0, 0, 0, 0] };
    if (list) list.push(call);
    else lists.set(key, [call]);
  });
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
