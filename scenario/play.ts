/** A scenario as it goes in one design: what its names stand for so far, and how a step becomes calls. */
import type { LowerStep } from '../model/proposals/lowering.js';
import type { Proposal } from '../model/proposals/proposal.js';
import { LoweredStep, type StepSetting } from './lowered-step.js';
import { StepEnd, type Outcome } from './outcome.js';
import type { Deed, Step } from './scenario.js';
import type { Stage } from './stage.js';
import type { AttachedThing, Hold, ProgramThing, Role, Thing, Word } from './things.js';

/** What most steps come to. */
export const DONE: Outcome = { kind: 'done' };

const NO_DESCRIPTORS: ReadonlyMap<Role, number> = new Map();

export type DeedOf<Verb extends Deed['verb']> = Extract<Deed, { readonly verb: Verb }>;

/** What is known of a step that is to become calls. */
export type Given = Omit<StepSetting, 'stage' | 'actor' | 'result'>;

export interface Pinned {
  readonly thing: Thing;
  /** What of it is pinned, each at a path of its own. */
  readonly roles: readonly Role[];
}

export class Play {
  readonly names = new Map<string, Hold>();
  /** By the path in the scenario. */
  readonly pinned = new Map<string, Pinned>();

  /** `paths`: how many paths the scenario uses; those behind them are for the maps of what is pinned. */
  constructor(
    readonly stage: Stage,
    readonly proposal: Proposal,
    private readonly paths: number,
  ) {}

  /** The path for the first, second, … thing that is pinned at a path of the scenario. */
  path(path: string, nth: number): string {
    return path.replace(/\d+/, (number) => String(Number(number) + nth * this.paths));
  }

  /** Makes the step's call once for each item, and returns all the descriptors that were handed out. */
  each<T>(
    step: Step,
    items: readonly T[],
    wordsFor: (item: T, index: number) => Readonly<Record<string, Word | undefined>>,
  ): ReadonlyMap<Role, number> {
    return new Map(items.flatMap((item, i) => [...this.plain(step, wordsFor(item, i)).descriptors]));
  }

  /** A step that every design has the same call for. */
  plain(step: Step, words: StepSetting['words'], verb: string = step.deed.verb): LoweredStep {
    const lowered = this.lowered(step, { words, elseWhy: `there is no '${verb}' here` });
    lowered.call(verb);
    return lowered;
  }

  /** Makes the calls of a step as the design says, or else the one that its verb means. */
  lower(step: Step, given: Given, how: LowerStep | undefined): LoweredStep {
    return this.lowered(step, given).lower(how, step.deed.verb);
  }

  /** A step before its calls are made. */
  lowered(step: Step, given: Given): LoweredStep {
    return new LoweredStep({ stage: this.stage, actor: actorOf(step), result: step.result, ...given });
  }

  /** What the step has made: the actor, or another owner, has these descriptors of it, under the step's name for it. */
  define(
    { result, actor = 'A' }: Step,
    thing: Thing,
    descriptors: ReadonlyMap<Role, number>,
    owner = letterIndex(actor),
  ): void {
    const hold = this.stage.holds.add(thing, owner, descriptors);
    if (result !== undefined) this.names.set(result, hold);
  }

  /** What a name stands for; ends the step if nothing came of the one that should have made it. */
  held(name: string): Hold {
    const hold = this.names.get(name);
    if (hold === undefined) throw new StepEnd({ kind: 'out-of-reach', why: `there is no ${name}` });
    return this.stage.holds.isOpen(hold) ? hold : { ...hold, descriptors: NO_DESCRIPTORS };
  }

  /** The program that a name stands for; ends the step like {@link held}. */
  program(name: string): ProgramThing {
    const { thing } = this.held(name);
    if (thing.sort === 'program') return thing;
    throw cannot(`${name} is no program`);
  }

  /** The attachment that a name stands for; ends the step like {@link held}. */
  attached(name: string): AttachedThing {
    const { thing } = this.held(name);
    if (thing.sort === 'attachment') return thing;
    throw cannot(`${name} is not attached`);
  }
}

/** The end of a step that the design has no call for. */
export function cannot(why: string): StepEnd {
  return new StepEnd({ kind: 'cannot-be-said', why });
}

export function nothingToDo(why: string): Outcome {
  return { kind: 'nothing-to-do', why };
}

/** Who does a step, as a number; nobody does a packet, and then it is of no account. */
export function actorOf({ actor = 'A' }: Step): number {
  return letterIndex(actor);
}

export function letterIndex(letter: string): number {
  return letter.charCodeAt(0) - 'A'.charCodeAt(0);
}
