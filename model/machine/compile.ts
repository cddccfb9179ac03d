/**
 * Turns operations into straight-line code over the row.
 *
 * For one call: the preconditions and guards in order, then the effect. For all successors of a state: one loop for
 * each parameter, where every question is asked as soon as the arguments it takes are known, so that a refused call
 * costs little; after each effect the row is written out and restored. Nothing is allocated in either.
 */
import type { RowMemory } from '../state/index.js';
import { ERRNOS, type Errno } from './errno.js';
import {
  IMPOSSIBLE,
  LATE,
  type Domain,
  type Guard,
  type Operation,
  type OutcomeCode,
  type Precondition,
  type Test,
} from './operation.js';

/** Sees each step of one operation during an expansion: `before` and `after` are in the machine's two views. */
export interface StepObserver {
  /** Called after each effect, and for each refused call as well if `refusals` is set. */
  see(code: OutcomeCode, a: number, b: number, c: number, d: number, e: number): void;
  readonly refusals: boolean;
  /** Of the refused calls, only those that are told one of these are shown; all if it is not given. */
  readonly errnos?: ReadonlySet<Errno>;
}

/** How often each operation was done, refused by each guard or by its effect, and kept back by each precondition. */
export interface CallCounts {
  readonly done: Float64Array;
  /** One for each guard. */
  readonly refused: readonly Float64Array[];
  /** Refusals by the effect: one for each errno, in the order of {@link ERRNOS}. */
  readonly late: readonly Float64Array[];
  /** One for each precondition. */
  readonly impossible: readonly Float64Array[];
}

export function emptyCounts<S>(operations: readonly Operation<S>[]): CallCounts {
  return {
    done: new Float64Array(operations.length),
    refused: operations.map((op) => new Float64Array(op.guards.length)),
    late: operations.map(() => new Float64Array(ERRNOS.length)),
    impossible: operations.map((op) => new Float64Array(op.possible.length)),
  };
}

export interface Expansion {
  /** At most this many successors come from one state. */
  readonly maxSuccessors: number;
  /** Writes the successors of the row at `offset` one after the other into `out`, and returns how many. */
  readonly expand: (rows: Int32Array, offset: number, out: Int32Array) => number;
  readonly counts: CallCounts;
}

/**
 * What the counts of an expansion are good for. `as-needed`: a full table may end an operation before its guards are asked, and
 * the refusals that this hides are not counted. `every-refusal`: each call that is refused is counted, under the guard that
 * refuses it.
 */
export type Counting = 'as-needed' | 'every-refusal';

const VARIABLES = ['a', 'b', 'c', 'd', 'e'];

/** How many values a parameter takes. */
export function domainSize(domain: Domain): number {
  return domain.values.length + (domain.optional ? 1 : 0);
}

function firstValue(domain: Domain): number {
  return domain.optional ? -1 : 0;
}

/** How many arguments a test takes; the state comes first and is not counted. */
function arity(test: (...args: never[]) => unknown): number {
  return Math.max(0, test.length - 1);
}

/** By how many of its first arguments it is decided whether a call of an operation is refused with an outcome. */
export function decidingArguments<S>({ params, guards }: Operation<S>, code: OutcomeCode): number {
  if (code <= LATE) return Object.keys(params).length;
  return Math.max(...guards.slice(0, -code).map(({ test }) => arity(test)));
}

function callOf(name: string, argumentCount: number): string {
  return `${name}(${['s', ...VARIABLES.slice(0, argumentCount)].join(', ')})`;
}

export function compileCall<S>(
  op: Operation<S>,
  state: S,
): (a: number, b: number, c: number, d: number, e: number) => OutcomeCode {
  const impossible = (isBound: boolean): string[] =>
    op.possible.flatMap((p, i) =>
      p.isBound === isBound ? [`if (!${callOf(`p${i}`, arity(p.test))}) return ${IMPOSSIBLE};`] : [],
    );
  const lines = [
    ...impossible(false),
    ...op.guards.map((g, i) => `if (!${callOf(`g${i}`, arity(g.test))}) return ${-1 - i};`),
    ...impossible(true),
    `return ${callOf('effect', Object.keys(op.params).length)} | 0;`,
  ];
  const names = [...op.possible.map((_, i) => `p${i}`), ...op.guards.map((_, i) => `g${i}`)];
  const make = new Function(
    's',
    'effect',
    ...names,
    `return function call(a, b, c, d, e) { ${lines.join('\n')} }`,
  );
  return make(
    state,
    op.effect,
    ...op.possible.map((p) => p.test),
    ...op.guards.map((g) => g.test),
  ) as ReturnType<typeof compileCall>;
}

/** Codes from here downwards say at which question an attempt ended. */
const NOT_MADE = -2_000_000;

/** Which question an attempt ended at, by its place among {@link questionsOf}; undefined if the call was made. */
export function notMade(attempt: number): number | undefined {
  return attempt > NOT_MADE ? undefined : NOT_MADE - attempt;
}

/**
 * One call as an expansion makes it: the same questions in the same order, and what it came to, or at which question it
 * ended.
 */
export function compileAttempt<S>(
  op: Operation<S>,
  state: S,
  counting: Counting,
): (a: number, b: number, c: number, d: number, e: number) => number {
  const lines = questionsOf(op, counting).map(
    ({ kind, index, arity: taken }, i) => `if (!${callOf(`${kind}${index}`, taken)}) return ${NOT_MADE - i};`,
  );
  const names = [...op.possible.map((_, i) => `p${i}`), ...op.guards.map((_, i) => `g${i}`)];
  const make = new Function(
    's',
    'effect',
    ...names,
    `return function attempt(${VARIABLES.join(', ')}) {
      ${lines.join('\n')}
      return ${callOf('effect', Object.keys(op.params).length)} | 0;
    }`,
  );
  return make(
    state,
    op.effect,
    ...op.possible.map((p) => p.test),
    ...op.guards.map((g) => g.test),
  ) as ReturnType<typeof compileAttempt>;
}

/** The questions of an operation of which nobody sees the refusals, in the order in which an expansion asks them. */
export function questionsOf<S>(op: Operation<S>, counting: Counting): readonly Question[] {
  return placeQuestions(op, () => false, counting).sort((one, other) => one.level - other.level);
}

/** Writes the successors by one operation behind the `n` words in `out`, and returns how many words there are then. */
export type ExpandOperation = (rows: Int32Array, offset: number, out: Int32Array, n: number) => number;

export interface Expander {
  readonly operation: number;
  readonly expand: ExpandOperation;
}

export function compileExpansion<S>(
  operations: readonly Operation<S>[],
  memory: RowMemory,
  state: S,
  observers: readonly (StepObserver | undefined)[],
  counting: Counting = 'as-needed',
  only?: readonly number[],
): Expansion & { readonly expanders: readonly Expander[] } {
  const counts = emptyCounts(operations);
  const calls = [...operations.keys()].filter((i) => !operations[i]!.observe && (only?.includes(i) ?? true));
  const expanders = calls.map((i): Expander => {
    const expand = compileOperation(operations[i]!, i, memory, state, observers[i], counts, counting);
    return { operation: i, expand };
  });
  const maxSuccessors = calls.reduce((sum, i) => sum + callsOf(operations[i]!), 0);
  const steps = expanders.map((_, i) => `n = x${i}(rows, offset, out, n);`);
  const expand = new Function(
    'M',
    ...expanders.map((_, i) => `x${i}`),
    `return function expand(rows, offset, out) { ${loadingSource(memory.words)} let n = 0; ${steps.join(' ')} return n / ${memory.words}; }`,
  )(memory.memory, ...expanders.map((one) => one.expand)) as Expansion['expand'];
  return { maxSuccessors, expand, counts, expanders };
}

/** Makes the row at `offset` both the state and the one before. */
export function loadingSource(words: number): string {
  return range(words)
    .map((i) => `M[${i}] = M[${words + i}] = rows[offset + ${i}];`)
    .join(' ');
}

/** How many different calls of an operation there are. */
export function callsOf<S>(op: Operation<S>): number {
  return Object.values(op.params).reduce((product, domain) => product * domainSize(domain), 1);
}

/** Whether a bound of an operation may end it before its guards are asked, where counting is `as-needed`. */
export function endsEarly<S>({ isBound, test }: Precondition<S>): boolean {
  return isBound && arity(test) === 0;
}

function compileOperation<S>(
  op: Operation<S>,
  index: number,
  memory: RowMemory,
  state: S,
  observer: StepObserver | undefined,
  counts: CallCounts,
  counting: Counting,
): ExpandOperation {
  const domains = Object.values(op.params);
  const depth = domains.length;
  const isShown = ({ errno }: Guard<S>): boolean =>
    observer !== undefined && observer.refusals && (observer.errnos?.has(errno) ?? true);
  const body: string[] = [];
  const questions = placeQuestions(op, isShown, counting);
  const skip = (level: number): string => (level === 0 ? 'return n;' : 'continue;');
  for (let level = 0; level <= depth; level++) {
    const below = domains.slice(level).reduce((product, domain) => product * domainSize(domain), 1);
    for (const question of questions.filter((q) => q.level === level)) {
      const tell =
        question.kind === 'g' && isShown(op.guards[question.index]!)
          ? ` see(${[-1 - question.index, ...arguments_(depth)].join(', ')});`
          : '';
      const counter = question.kind === 'g' ? 'refused' : 'impossible';
      body.push(
        `if (!${callOf(`${question.kind}${question.index}`, question.arity)}) { ${counter}[${question.index}] += ${below};${tell} ${skip(level)} }`,
      );
    }
    if (level < depth) {
      const variable = VARIABLES[level]!;
      const domain = domains[level]!;
      body.push(
        `for (let ${variable} = ${firstValue(domain)}; ${variable} < ${domain.values.length}; ${variable}++) {`,
      );
    }
  }
  const { words } = memory;
  body.push(
    `const code = ${callOf('effect', depth)} | 0;`,
    `if (code >= 0) done[${index}]++; else late[${LATE} - code]++;`,
    observer ? `see(${['code', ...arguments_(depth)].join(', ')});` : '',
    ...range(words).map((i) => `out[n + ${i}] = M[${i}];`),
    `n += ${words};`,
    ...range(words).map((i) => `M[${i}] = rows[offset + ${i}];`),
    '}'.repeat(depth),
    'return n;',
  );
  const names = [...op.possible.map((_, i) => `p${i}`), ...op.guards.map((_, i) => `g${i}`)];
  return new Function(
    'M',
    's',
    'effect',
    'see',
    'done',
    'refused',
    'late',
    'impossible',
    ...names,
    `return function expand_${op.name.replace(/\W/g, '_')}(rows, offset, out, n) { ${body.join('\n')} }`,
  )(
    memory.memory,
    state,
    op.effect,
    observer ? observer.see.bind(observer) : undefined,
    counts.done,
    counts.refused[index],
    counts.late[index],
    counts.impossible[index],
    ...op.possible.map((p) => p.test),
    ...op.guards.map((g) => g.test),
  ) as ExpandOperation;
}

export interface Question {
  readonly kind: 'p' | 'g';
  readonly index: number;
  readonly arity: number;
  /** In how deep a loop it is asked: after that many arguments are known. */
  readonly level: number;
}

/**
 * When each precondition and guard is asked. A precondition as early as its own arguments allow; a guard not before
 * those that are checked ahead of it, so that the right refusal wins; one whose refusals are watched one by one not before all
 * arguments are known, because each refused call is seen with them. The model's own bounds come behind the guards: they
 * keep back only what would be done, never a refusal. But where nobody watches or counts refusals, one that asks about nothing
 * but the state comes first: a full table ends the matter for all arguments at once.
 */
function placeQuestions<S>(
  op: Operation<S>,
  isShown: (guard: Guard<S>) => boolean,
  counting: Counting,
): Question[] {
  const depth = Object.keys(op.params).length;
  const isEarly = (precondition: Precondition<S>): boolean =>
    !precondition.isBound ||
    (!op.guards.some(isShown) && counting === 'as-needed' && endsEarly(precondition));
  const questions: Question[] = [];
  let level = 0;
  const ask = (kind: Question['kind'], index: number, test: Test<S>, inOrder: boolean): void => {
    const own = arity(test);
    level = Math.max(level, own);
    questions.push({ kind, index, arity: own, level: inOrder ? level : own });
  };
  op.possible.forEach((precondition, i) => {
    if (isEarly(precondition)) ask('p', i, precondition.test, false);
  });
  op.guards.forEach((guard, i) => {
    if (isShown(guard)) level = depth;
    ask('g', i, guard.test, true);
  });
  op.possible.forEach((precondition, i) => {
    if (!isEarly(precondition)) ask('p', i, precondition.test, true);
  });
  return questions;
}

function arguments_(depth: number): string[] {
  return VARIABLES.map((variable, i) => (i < depth ? variable : '0'));
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
