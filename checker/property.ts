/**
 * Properties: the claims that a checker decides. A property knows the shape of a state, not how the machine moves it.
 */
import { errnoOf, type Errno, type Operation, type OutcomeCode } from '../model/machine/index.js';

export { deedOf } from '../model/machine/index.js';

/** A clause that failed, and the objects (by object number) it failed for, each under the part it plays. */
export interface Broken {
  readonly clause: string;
  readonly objects: Readonly<Record<string, number>>;
}

/**
 * What a property says of one state or step: nothing, because the situation it speaks about is not there
 * ({@link SILENT}); that it is kept ({@link KEPT}); or which clause is broken.
 */
export type Judgement = undefined | true | Broken;

export const SILENT = undefined;
export const KEPT = true;

/** The clause is said in words that name processes; objects are named by their part in it. */
export function broken(clause: string, objects: Readonly<Record<string, number>> = {}): Broken {
  return { clause, objects };
}

/** One call, seen from both sides. The same object is used for every step: read it, do not keep it. */
export interface Step<S> {
  readonly before: S;
  readonly after: S;
  readonly operation: Operation<S>;
  /** The names of the operation's parameters. */
  readonly parameters: readonly string[];
  /** Who called; NONE (-1) where the operation has no actor. */
  readonly actor: number;
  /** In the order of {@link parameters}. */
  readonly args: readonly number[];
  /** See {@link OutcomeCode}. */
  readonly code: OutcomeCode;
  /** Whether before and after are the same, bit by bit. */
  unchanged(): boolean;
}

/** The argument for a parameter, or undefined if the operation has none of that name. */
export function argument<S>(step: Step<S>, parameter: string): number | undefined {
  const index = step.parameters.indexOf(parameter);
  return index < 0 ? undefined : step.args[index];
}

/** The errno of a refused call; undefined for one that succeeded. */
export function errno<S>(step: Step<S>): Errno | undefined {
  return step.code < 0 ? errnoOf(step.operation, step.code) : undefined;
}

interface Claim {
  /** In kebab-case: the claim itself. */
  readonly name: string;
  /** The sentence that is formalised. */
  readonly claim: string;
  /** Where it was said. */
  readonly source: string;
  /** When it says something, in words. */
  readonly situation: string;
  /** The tags of the machines it speaks about, any of which is enough; `all` for every machine. */
  readonly speaksAbout: readonly string[] | 'all';
}

/** What spares a search from asking about every state. */
interface AsksOfStates {
  /**
   * The top-level fields of the state that the answer depends on; all if it is not given. For two states that agree in these
   * a search asks once, so a field that is read and not named here makes the answer wrong.
   */
  readonly reads?: readonly string[];
}

/** Must be true in every state. */
export interface StateProperty<S> extends Claim, AsksOfStates {
  readonly kind: 'state';
  check(state: S): Judgement;
}

/** Must be true of every call: before, call, outcome, after. */
export interface StepProperty<S> extends Claim {
  readonly kind: 'step';
  /** Only calls of these verbs are judged; all if it is not given. */
  readonly verbs?: readonly string[];
  /** Only calls of operations for which this is true are judged; all if it is not given. */
  readonly speaksOf?: (operation: Operation<S>) => boolean;
  /**
   * Only calls that changed one of these top-level fields of the state are judged. For a claim that can only be broken by
   * such a change, this spares the search from asking about all the others.
   */
  readonly changes?: readonly string[];
  /**
   * Refused calls are judged too: all of them, or only those refused after the effect has `begun`. A refusal by a guard
   * cannot have changed anything, because the effect was not run; for a property that asks no more than that, `begun` spares
   * the search from looking at each.
   */
  readonly refusals?: 'all' | 'begun';
  /** Calls that succeeded are not judged: the claim is about refusals. */
  readonly onlyRefusals?: true;
  /** Of the refused calls, only those that were told one of these are judged. */
  readonly errnos?: readonly Errno[];
  check(step: Step<S>): Judgement;
}

/** Must be true in every state in which all has settled: all actors are gone, and no deferred work is left. */
export interface SettledProperty<S> extends Claim {
  readonly kind: 'settled';
  check(state: S): Judgement;
}

/** A part of what a witness asks for. */
export interface Condition<S> {
  /** What is so when it is met, in a few words. */
  readonly name: string;
  test(state: S): boolean;
}

/** A state that must be reachable: without it other properties may hold for no good reason. */
export interface WitnessProperty<S> extends Claim, AsksOfStates {
  readonly kind: 'witness';
  reached(state: S): boolean;
  /** It is reached where all of these are met. With them, a search that does not get there can say how near it came. */
  readonly conditions?: readonly Condition<S>[];
}

/** A witness said by its conditions. */
export type WitnessDraft<S> = Omit<WitnessProperty<S>, 'reached'> &
  Required<Pick<WitnessProperty<S>, 'conditions'>>;

/** Why an operation is refused: one of its guards, or its effect after that has begun. */
export interface Cause {
  /** The operation's name, and what a trace prints for it. */
  readonly operation: string;
  readonly verb: string;
  /** The name of the guard; `the effect` where it is none. */
  readonly name: string;
  readonly errno: Errno;
  /**
   * Whether somebody else than the caller can end it: in one of the first few thousand states of a breadth-first walk, a call
   * of another actor, or of nobody, leads to where the same call is no longer refused for it.
   */
  othersCanEnd(): boolean;
}

/** Must be true of what refusals tell: asked about every two that one sequence of calls meets, if they tell the same. */
export interface RefusalsProperty extends Claim {
  readonly kind: 'refusals';
  /** Refusals with these are not judged. */
  readonly excepting?: readonly Errno[];
  /** Asked about two causes of one operation, with the same errno, in the order in which they are met. */
  check(earlier: Cause, later: Cause): Judgement;
}

export type Property<S> =
  StateProperty<S> | StepProperty<S> | SettledProperty<S> | RefusalsProperty | WitnessProperty<S>;

/**
 * Says a property, so that editors and compilers know what is meant. A witness said by its conditions is reached where all are
 * met; any other property comes back as it is.
 */
export function defineProperty<S>(property: Property<S> | WitnessDraft<S>): Property<S> {
  if (property.kind !== 'witness' || 'reached' in property) return property;
  const { conditions } = property;
  return {
    ...property,
    reached(state) {
      for (const condition of conditions) if (!condition.test(state)) return false;
      return true;
    },
  };
}

/** Whether a property speaks about a machine with these tags. */
export function speaksAbout<S>(property: Property<S>, tags: readonly string[]): boolean {
  return property.speaksAbout === 'all' || property.speaksAbout.some((tag) => tags.includes(tag));
}
