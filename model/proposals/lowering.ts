/**
 * How a design says the verbs that scenarios are written in (`scenario/`): load, attach, replace, detach. Most of it follows
 * from the operations' verbs and the names of their parameters; a design says only where it needs more calls than one, or a
 * call with another verb.
 */
import type { KernelState } from '../kernel/model.js';

/** What a scenario can load: a program, one that has places for others to run in, and two that run in such places. */
export const PROGRAM_KINDS = ['program', 'rootlet', 'fw1', 'fw2'] as const;

export type ProgramKind = (typeof PROGRAM_KINDS)[number];

/**
 * A step of a scenario as a design sees it. Its words are what is known: the parameters that calls of this step can have, by
 * name: `program`, `device`; `target`, `previous`, `map`, `subprogram` of the program that another runs in; `link`, `handle`
 * and all that was said at attach of something that is attached, and `expected`, the program that runs there now.
 */
export interface ScenarioStep {
  readonly state: KernelState;
  readonly actor: number;
  /** What is loaded; undefined in other steps. */
  readonly loads: ProgramKind | undefined;
  /** Whether the step has this word. */
  has(word: string): boolean;
  /** Whether there is a call with this verb that makes do with the step's words. */
  canCall(verb: string): boolean;
  /**
   * A word as a rule sees it: a number handed out, or the index of a value. Ends the step if the actor has no descriptor for it,
   * or if there is no such word.
   */
  value(word: string): number;
  /**
   * Makes the call with this verb that takes most of the step's words, and returns what it hands out. `words` are added to the
   * step's. Ends the step if the call is refused, or if there is none.
   */
  call(verb: string, words?: Readonly<Record<string, string>>): number;
  /** Closes the actor's descriptor of the link: how what can only be let go of is detached. */
  closeLink(): void;
  /** Ends the step: the design has no way, and the reason in a few words. */
  giveUp(why: string): never;
}

export type LowerStep = (step: ScenarioStep) => void;

/** What a design says of its own; a verb that is not there is a call of that verb. */
export interface Lowering {
  readonly load?: LowerStep;
  /** On a device, or in another program if the step has a `target`. */
  readonly attach?: LowerStep;
  /** Another program in the place of one that is attached. */
  readonly replace?: LowerStep;
  /** Of something that is attached; or, if the step has a `device` and nothing else, of whatever is there. */
  readonly detach?: LowerStep;
}

/** Where an attach puts a program in the place of what is there, replacing is attaching again. */
export const attachAgain: LowerStep = (step) => {
  step.call('attach');
};
