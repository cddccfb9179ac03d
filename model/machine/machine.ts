/**
 * A machine: a state in a packed row, and operations that move it. One call goes in, one outcome comes out, and the
 * state has moved. Every way of searching, shrinking, replaying and comparing drives this.
 */
import { RowMemory, type Struct } from '../state/index.js';
import { commutingWords } from './commuting.js';
import {
  callsOf,
  compileCall,
  compileExpansion,
  type Counting,
  type Expansion,
  type StepObserver,
} from './compile.js';
import { compileRememberingExpansion, withoutMemory, type RememberingExpansion } from './remembering.js';
import { IMPOSSIBLE, type Operation, type OutcomeCode } from './operation.js';

/** What an author gives: a schema, where it starts, and what can be done. */
export interface MachineDefinition<S = unknown> {
  readonly name: string;
  /** What properties can ask for, to know whether they speak about this machine. */
  readonly tags?: readonly string[];
  readonly schema: Struct;
  readonly operations: readonly Operation<S>[];
  /** Rules look at more than the state they are given, at rows of a memory of their own: what they do is not to be remembered. */
  readonly looksAside?: true;
  /** Fills in the first state; all fields are zero, false or NONE before. */
  initial(state: S): void;
  /** Called once before anything else, with the tests that say who is held. */
  prepare?(memory: RowMemory, counts: (holdPath: string) => boolean): void;
  /** Nobody is left to act and no deferred work is pending. Without it no state counts as settled. */
  settled?(state: S): boolean;
  /** What is true in a state, one short sentence each, for showing what a call changed. */
  facts?(state: S, nameOf: (object: number) => string): string[];
  /** What an observing operation saw, one word for each number it returned. */
  sight?(state: S, seen: readonly number[], nameOf: (object: number) => string): string[];
  /** What an object is called while a trace has no name for it: what kind it is. */
  kindOf?(state: S, object: number): string;
  /** Whether an object exists in a state. */
  isLive?(state: S, object: number): boolean;
  /** The object a value of an issued domain stands for, so that a trace can name it; NONE if there is none. */
  objectBehind?(state: S, domain: string, owner: number, value: number): number;
}

/** What can be switched off: operations, guards (`guard` or `operation/guard`), and references that hold (`hold:path`). */
export interface Switches {
  readonly without: readonly string[];
}

/** An unknown name among the switches. */
export class UnknownSwitchError extends Error {
  constructor(
    readonly unknown: string,
    readonly known: readonly string[],
  ) {
    super(`nothing is called '${unknown}' here`);
    this.name = 'UnknownSwitchError';
  }
}

export class Machine<S = unknown> {
  readonly name: string;
  readonly memory: RowMemory;
  readonly operations: readonly Operation<S>[];
  /** Words of one row. */
  readonly words: number;
  /** The state that calls move. */
  readonly state: S;
  /** The state as it was at the last {@link remember}. */
  readonly before: S;
  readonly initialRow: Int32Array;
  /** Everything that was switched off. */
  readonly without: readonly string[];
  private readonly calls: readonly ((a: number, b: number, c: number, d: number, e: number) => OutcomeCode)[];

  /**
   * @param memory the memory of another machine with the same schema, to be taken over: many variants of one machine, each used
   * after the one before, share one set of compiled accessors, and the rules stay fast. The other machine is of no use any more.
   */
  constructor(
    readonly definition: MachineDefinition<S>,
    switches: Switches = { without: [] },
    memory = new RowMemory(definition.schema),
  ) {
    this.name = definition.name;
    this.memory = memory;
    this.words = this.memory.words;
    // The schema is what the author built the type S from: the one place where that is taken on trust.
    this.state = this.memory.after as S;
    this.before = this.memory.before as S;
    this.without = switches.without;
    const off = new Set(switches.without);
    checkSwitches(definition, this.memory, off);
    checkNames(definition);
    this.operations = definition.operations
      .filter((op) => !off.has(op.name))
      .map((op) => withoutGuards(op, off));
    definition.prepare?.(this.memory, (path) => !off.has(`hold:${path}`));
    this.calls = this.operations.map((op) => compileCall(op, this.state));
    this.memory.memory.fill(0);
    definition.initial(this.state);
    this.initialRow = this.memory.memory.slice(0, this.words);
  }

  /** Back to the first state. */
  reset(): void {
    this.load(this.initialRow, 0);
  }

  /** Makes the row at `offset` the current state. */
  load(rows: Int32Array, offset: number): void {
    const { memory } = this.memory;
    for (let i = 0; i < this.words; i++) memory[i] = rows[offset + i]!;
  }

  /** Writes the current state to `offset`. */
  save(rows: Int32Array, offset: number): void {
    const { memory } = this.memory;
    for (let i = 0; i < this.words; i++) rows[offset + i] = memory[i]!;
  }

  /** Makes the current state the one `before` shows. */
  remember(): void {
    const { memory } = this.memory;
    const { words } = this;
    for (let i = 0; i < words; i++) memory[words + i] = memory[i]!;
  }

  /** Whether the current state and the remembered one are the same. */
  unchanged(): boolean {
    const { memory } = this.memory;
    const { words } = this;
    for (let i = 0; i < words; i++) if (memory[words + i] !== memory[i]) return false;
    return true;
  }

  /** Makes one call. An impossible call (a dead process's) returns IMPOSSIBLE and changes nothing. */
  call(operation: number, args: readonly number[]): OutcomeCode {
    return this.calls[operation]!(args[0] ?? 0, args[1] ?? 0, args[2] ?? 0, args[3] ?? 0, args[4] ?? 0);
  }

  /** The compiled call of one operation, for loops that cannot afford {@link call}. */
  caller(operation: number): (a: number, b: number, c: number, d: number, e: number) => OutcomeCode {
    return this.calls[operation]!;
  }

  /** Whether a call can be made at all in the current state; guards are not asked. */
  isPossible(operation: number, args: readonly number[]): boolean {
    return this.operations[operation]!.possible.every((precondition) =>
      precondition.test(this.state, ...args),
    );
  }

  settled(state: S): boolean {
    return this.definition.settled?.(state) ?? false;
  }

  /**
   * A function that writes all successors of a row, and shows each step to the observers on the way; those of some operations
   * only, if these are given by their numbers.
   */
  expansion(
    observers: readonly (StepObserver | undefined)[],
    counting?: Counting,
    only?: readonly number[],
  ): Expansion {
    return compileExpansion(this.operations, this.memory, this.state, observers, counting, only);
  }

  /**
   * The same for searches of many states: what operations without an observer do is remembered for rows that agree in what their
   * rules touch. The rules must be functions of what they read through the state, as everywhere.
   *
   * @param seen as many words as {@link commutingWords} says, zero in the beginning, that all threads share which look at states of one search
   */
  rememberingExpansion(
    observers: readonly (StepObserver | undefined)[],
    counting: Counting = 'as-needed',
    only?: readonly number[],
    seen?: Int32Array,
  ): RememberingExpansion {
    const { definition, without, operations, memory, state } = this;
    if (definition.looksAside) return withoutMemory(this.expansion(observers, counting, only));
    const trace = (): Machine<S> =>
      new Machine(definition, { without }, new RowMemory(definition.schema, true));
    return compileRememberingExpansion(operations, memory, state, observers, counting, trace, only, seen);
  }

  /** How many words of `seen` a {@link rememberingExpansion} needs. */
  get commutingWords(): number {
    return commutingWords(
      this.operations.reduce((sum, op) => sum + callsOf(op), 0),
      this.words,
    );
  }

  operationIndex(name: string): number {
    return this.operations.findIndex((op) => op.name === name);
  }
}

export { IMPOSSIBLE };

function withoutGuards<S>(op: Operation<S>, off: ReadonlySet<string>): Operation<S> {
  const guards = op.guards.filter((g) => !off.has(g.name) && !off.has(`${op.name}/${g.name}`));
  return guards.length === op.guards.length ? op : { ...op, guards };
}

function checkNames<S>({ name, operations }: MachineDefinition<S>): void {
  const names = operations.map((op) => op.name);
  const twice = names.find((candidate, i) => names.indexOf(candidate) !== i);
  if (twice === undefined) return;
  throw new RangeError(`'${name}' has two operations called '${twice}': give one of them a name of its own`);
}

function checkSwitches<S>(
  definition: MachineDefinition<S>,
  memory: RowMemory,
  off: ReadonlySet<string>,
): void {
  const known = switchNames(definition, memory);
  for (const name of off) if (!known.includes(name)) throw new UnknownSwitchError(name, known);
}

/** Every name that can be switched off. */
export function switchNames<S>(definition: MachineDefinition<S>, memory: RowMemory): string[] {
  const names = new Set<string>();
  for (const op of definition.operations) {
    names.add(op.name);
    for (const g of op.guards) names.add(g.name).add(`${op.name}/${g.name}`);
  }
  for (const path of memory.holdPaths) names.add(`hold:${path}`);
  return [...names];
}
