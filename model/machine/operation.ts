/**
 * Operations: what an actor can call. An operation reads like the mail that proposed it: first when the call can be
 * made at all, then the refusals in the order in which they are checked, then the effect.
 */
import { ERRNOS, type Errno } from './errno.js';

/** The values a parameter takes, by name. Rules see a value as its index, and a missing one as NONE (-1). */
export interface Domain {
  readonly name: string;
  readonly values: readonly string[];
  /** Any two values can be swapped without changing what the machine does: counterexamples use the first ones. */
  readonly interchangeable: boolean;
  /** NONE is a value too, written `none`. */
  readonly optional: boolean;
  /**
   * For numbers that calls hand out and later calls name (fds, handles): whose numbers they are. `actor` means each
   * value of the parameter called `actor` has a table of its own.
   */
  readonly issued?: 'actor' | 'everyone';
}

/** A domain with fixed, distinct values. */
export function domain(name: string, values: readonly string[]): Domain {
  return { name, values, interchangeable: false, optional: false };
}

/** A domain whose values differ by name only. */
export function interchangeable(name: string, values: readonly string[]): Domain {
  return { name, values, interchangeable: true, optional: false };
}

/** Numbers that calls return, and that belong to one actor (`actor`) or to all (`everyone`). */
export function issued(name: string, values: readonly string[], by: 'actor' | 'everyone'): Domain {
  return { name, values, interchangeable: false, optional: false, issued: by };
}

/** The same domain with NONE as a further value. */
export function optional(domain: Domain): Domain {
  return { ...domain, optional: true };
}

/**
 * A question about the state and the call. It may take fewer arguments than the operation has parameters: then it is
 * asked as soon as those it takes are known, which is what keeps an exhaustive search fast.
 */
export type Test<S> = (state: S, ...args: number[]) => boolean;

/** One reason for which an operation is refused: the test says what must be true, the errno what the caller is told. */
export interface Guard<S> {
  readonly name: string;
  readonly errno: Errno;
  readonly test: Test<S>;
  /** Where the refusal comes from: a mail, a file and function, a run. */
  readonly source?: string;
}

/** Why a call is not tried in a state. */
export interface Precondition<S> {
  readonly name: string;
  readonly test: Test<S>;
  /** The model's own limit (a table is full), not the behaviour of what is modelled. A verdict names it. */
  readonly isBound: boolean;
}

export interface Operation<S> {
  /** Unique in its machine; what statistics and `--without` name. */
  readonly name: string;
  /** What a trace prints: operations that do the same thing in different forms share it. */
  readonly verb: string;
  /**
   * What the call does in the words of claims and scenarios (`attach`, `replace`, …), where the verb says it in the words of the
   * system that is modelled (`xdp_link`); see {@link deedOf}.
   */
  readonly deed?: string;
  /**
   * Which hook it is about, where what it names has several: the name of one layer of hooks, or of several that a parameter
   * chooses from.
   */
  readonly layer?: string;
  /**
   * Nobody calls it: the system does it by itself, some time after it has become possible. A run on a live system does not make
   * it but waits for it.
   */
  readonly spontaneous?: true;
  /** One sentence for people. */
  readonly summary: string;
  /** In order; a first one called `actor` is who makes the call. At most {@link MAX_PARAMETERS}. */
  readonly params: Readonly<Record<string, Domain>>;
  /** When the call can be made at all: a dead process makes none. */
  readonly possible: readonly Precondition<S>[];
  /** The refusals, in the order in which they are checked. They must not change the state. */
  readonly guards: readonly Guard<S>[];
  /**
   * What the call does: a few assignments. Returns the number it hands out, or nothing; a refusal after the work has
   * begun is returned as {@link refuse}.
   */
  readonly effect: (state: S, ...args: number[]) => number | void;
  /** The number handed out: of which domain, and which parameter says whose it is. */
  readonly returns?: { readonly domain: Domain; readonly owner?: string };
  /**
   * An operation that changes nothing, only looks: it returns what it saw, in words. A search does not follow it.
   */
  readonly observe?: (state: S, ...args: number[]) => readonly number[];
  /**
   * Of an operation that only looks: the top-level fields of the state that what it sees depends on; all if it is not given.
   */
  readonly reads?: readonly string[];
}

/** Operations take at most this many parameters, the actor included. */
export const MAX_PARAMETERS = 5;

/** What an author must say of an operation; the rest has defaults. */
export type OperationDraft<S> = Pick<Operation<S>, 'verb' | 'summary' | 'params'> &
  Partial<Omit<Operation<S>, 'verb' | 'summary' | 'params'>>;

export function operation<S>(draft: OperationDraft<S>): Operation<S> {
  const count = Object.keys(draft.params).length;
  const name = draft.name ?? draft.verb;
  if (count > MAX_PARAMETERS) {
    throw new RangeError(
      `operation '${name}' has ${count} parameters; at most ${MAX_PARAMETERS} are possible`,
    );
  }
  return { name, possible: [], guards: [], effect: () => undefined, ...draft };
}

/** What a call does, in the words of claims and scenarios: the verb, unless the operation says another. */
export function deedOf<S>({ verb, deed }: Operation<S>): string {
  return deed ?? verb;
}

/** A refusal: what must be true, and what the caller is told if it is not. */
export function guard<S>(name: string, errno: Errno, test: Test<S>, source?: string): Guard<S> {
  return source === undefined ? { name, errno, test } : { name, errno, test, source };
}

/** The call can be made only if the test is true. */
export function possible<S>(name: string, test: Test<S>): Precondition<S> {
  return { name, test, isBound: false };
}

/**
 * The call is tried only if the model has room for what it makes; the name says of what. Asked behind the guards: a call that
 * is refused needs no room.
 */
export function roomFor<S>(name: string, test: Test<S>): Precondition<S> {
  return { name, test, isBound: true };
}

/**
 * What a call came to, as one number: 0 or above is success and the number handed out; -1 - i is refusal by guard i;
 * from {@link LATE} downwards, refusal by the effect itself; {@link IMPOSSIBLE}, that the call cannot be made.
 */
export type OutcomeCode = number;

/** The code of the first refusal by an effect; the others stand below it, in the order of {@link ERRNOS}. */
export const LATE = -1000;
export const IMPOSSIBLE: OutcomeCode = -1_000_000;

/** The value an effect returns to refuse after it has begun. */
export function refuse(errno: Errno): OutcomeCode {
  return LATE - ERRNOS.indexOf(errno);
}

/** Every outcome with which an operation can refuse: by each of its guards, or by its effect with each errno. */
export function refusalCodes<S>({ guards }: Operation<S>): readonly OutcomeCode[] {
  return [...guards.map((_, i) => -1 - i), ...ERRNOS.map((_, i) => LATE - i)];
}

export function isRefusal(code: OutcomeCode): boolean {
  return code < 0 && code !== IMPOSSIBLE;
}

/** Which errno a refused call of this operation returned. */
export function errnoOf<S>(operation: Operation<S>, code: OutcomeCode): Errno {
  if (code > LATE) return operation.guards[-1 - code]!.errno;
  return ERRNOS[LATE - code]!;
}

/** Which guard refused a call; undefined for a refusal by the effect itself. */
export function guardOf<S>(operation: Operation<S>, code: OutcomeCode): Guard<S> | undefined {
  return code > LATE ? operation.guards[-1 - code] : undefined;
}
