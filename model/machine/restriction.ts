/**
 * Restrictions: what is not done. A machine under restrictions is the same machine, in which some calls are never made: each
 * sequence of calls it allows comes to the same in the machine without them, and nothing is refused that was not refused before.
 */
import type { RowMemory } from '../state/index.js';
import { Machine, type MachineDefinition } from './machine.js';
import { possible, roomFor, type Operation, type Test } from './operation.js';

/** Whether a call is forbidden, asked about the state on both sides of it. It must not change either. */
export type StepTest<S> = (before: S, after: S, args: readonly number[]) => boolean;

/** What a restriction says of an operation's calls: none is forbidden, all are, or those for which the test is true. */
export type Forbidden<S> = 'none' | 'all' | StepTest<S>;

export interface Restriction<S> {
  /** Unique among those tried together: `attach:nobody`. */
  readonly name: string;
  /** How it reads behind "It holds if": `nobody may attach`. */
  readonly sentence: string;
  /** The names of restrictions all of whose forbidden calls this one forbids too. */
  readonly implies: readonly string[];
  /** Asked once for each operation. */
  readonly forbids: (operation: Operation<S>) => Forbidden<S>;
}

/** The machine in which no call is made that one of the restrictions forbids. The memory must be of the same schema. */
export function restrictedMachine<S>(
  definition: MachineDefinition<S>,
  restrictions: readonly Restriction<S>[],
  memory: RowMemory,
): Machine<S> {
  const operations = definition.operations.map((op) => restricted(op, restrictions, memory));
  return new Machine({ ...definition, operations, looksAside: true }, { without: [] }, memory);
}

/** Operations keep their numbers, so that a trace means the same under any restriction. */
function restricted<S>(
  op: Operation<S>,
  restrictions: readonly Restriction<S>[],
  memory: RowMemory,
): Operation<S> {
  const forbidden = restrictions.map((restriction) => restriction.forbids(op));
  if (forbidden.includes('all')) {
    return { ...op, possible: [possible('nobody-does-it', () => false), ...op.possible] };
  }
  const tests = forbidden.filter((test) => typeof test === 'function');
  if (tests.length === 0) return op;
  // Asked last, as a bound is: the effect may count on the guards and on all other preconditions.
  return { ...op, possible: [...op.possible, roomFor('restrictions', allowed(op, tests, memory))] };
}

/** A test that makes the call, asks about it, and takes it back. */
function allowed<S>(op: Operation<S>, tests: readonly StepTest<S>[], rows: RowMemory): Test<S> {
  const { memory, words } = rows;
  const [before, after] = [rows.before as S, rows.after as S];
  const count = Object.keys(op.params).length;
  // Where there are no parameters, a bound is asked ahead of the guards.
  const unasked = count === 0 ? op.guards : [];
  const test: Test<S> = (state, ...args) => {
    if (unasked.some((guard) => !guard.test(state))) return true;
    memory.copyWithin(words, 0, words);
    op.effect(state, ...args);
    const isForbidden = tests.some((forbids) => forbids(before, after, args));
    memory.copyWithin(0, words, 2 * words);
    return !isForbidden;
  };
  // The number of arguments a test takes says when it is asked: here, when all are known.
  return Object.defineProperty(test, 'length', { value: 1 + count });
}

/** No call of an operation is made. */
export function nobodyMay<S>(
  operation: Operation<S>,
  { sentence = `nobody may ${operation.name}`, implies = [] as readonly string[] } = {},
): Restriction<S> {
  return {
    name: `${operation.name}:nobody`,
    sentence,
    implies,
    forbids: ({ name }) => (name === operation.name ? 'all' : 'none'),
  };
}
