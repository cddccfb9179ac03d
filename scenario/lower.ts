/** The steps of a scenario in the calls of one design: what is known at each verb, and what becomes of what a step makes. */
import type { LowerStep } from '../model/proposals/lowering.js';
import type { Proposal } from '../model/proposals/proposal.js';
import { LoweredStep, type StepSetting } from './lowered-step.js';
import { StepEnd, type Outcome } from './outcome.js';
import type { Deed, Step } from './scenario.js';
import { placeFor, sourceFor } from './sources.js';
import type { Stage } from './stage.js';
import type { AttachedThing, Hold, Part, ProgramThing, Role, Thing, Word } from './things.js';

const DONE: Outcome = { kind: 'done' };

/** Words that say nothing of the place of what is attached. */
const NOT_OF_THE_PLACE = ['program', 'expected', 'link'];

const NO_DESCRIPTORS: ReadonlyMap<Role, number> = new Map();

type DeedOf<Verb extends Deed['verb']> = Extract<Deed, { readonly verb: Verb }>;

interface Pinned {
  readonly thing: Thing;
  /** What of it is pinned, each at a path of its own. */
  readonly roles: readonly Role[];
}

export class Lowerer {
  private readonly names = new Map<string, Hold>();
  private readonly pinned = new Map<string, Pinned>();

  /** `paths`: how many paths the scenario uses; those behind them are for the maps of what is pinned. */
  constructor(
    private readonly stage: Stage,
    private readonly proposal: Proposal,
    private readonly paths: number,
  ) {}

  /** Makes the calls of the next step. Throws what the rules of the design throw. */
  perform(step: Step): Outcome {
    try {
      return this.deed(step);
    } catch (error) {
      if (!(error instanceof StepEnd)) throw error;
      if (step.result !== undefined) this.names.delete(step.result);
      return error.outcome;
    }
  }

  private deed(step: Step): Outcome {
    const { deed } = step;
    switch (deed.verb) {
      case 'load':
        return this.load(step, deed);
      case 'attach':
        return this.attach(step, deed);
      case 'replace':
        return this.replace(step, deed);
      case 'detach':
        return 'device' in deed ? this.detachDevice(step, deed.device) : this.detach(step, deed.attached);
      case 'close':
        return this.close(step, deed);
      case 'send':
        return this.send(step, deed);
      case 'pin':
        return this.pin(step, deed);
      case 'unpin':
        return this.unpin(step, deed);
      case 'get':
        return this.get(step, deed);
      case 'crash':
        this.plain(step, {});
        this.stage.holds.closeAll(actorOf(step));
        return DONE;
      case 'restart':
        this.plain(step, {});
        return DONE;
      case 'packet': {
        const words = new Map([['device', deed.device]]);
        const nobody = { actor: undefined, words, mustTake: [], descriptor: () => undefined };
        this.stage.call('packet', nobody, "there is no 'packet' here", undefined);
        return DONE;
      }
    }
  }

  private load(step: Step, { loads, target }: DeedOf<'load'>): Outcome {
    const source = sourceFor(loads, this.proposal.kernel.sources);
    if (source === undefined) throw cannot(`there is no ${loads} here`);
    const root = target === undefined ? undefined : this.program(target);
    const words = {
      program: source.name,
      target: root && { thing: root, role: 'program' as const },
      subprogram: root && placeFor(source, root.source),
    };
    const lowered = this.lower(
      step,
      { words, loads, elseWhy: `no call loads it` },
      this.proposal.scenario?.load,
    );
    const loadedFor = lowered.used.has('target') ? root : undefined;
    const thing: ProgramThing = { sort: 'program', name: step.result ?? source.name, source, loadedFor };
    return this.define(step, thing, lowered.descriptors);
  }

  private attach(step: Step, deed: DeedOf<'attach'>): Outcome {
    const program = this.program(deed.program);
    const place = 'device' in deed ? onDevice(deed.device) : this.inside(program, deed.target);
    const words = { program: { thing: program, role: 'program' as const }, ...place.words };
    const lowered = this.lower(step, { ...place, words }, this.proposal.scenario?.attach);
    const said = [...lowered.words].filter(([name]) => !NOT_OF_THE_PLACE.includes(name));
    const where: Record<string, Word> = Object.fromEntries(said);
    const putBy = new Map([[lowered.actor, program]]);
    const thing: AttachedThing = { sort: 'attachment', name: step.result ?? 'link', program, putBy, where };
    if (lowered.descriptors.has('link')) where['link'] = { thing, role: 'link' };
    return this.define(step, thing, lowered.descriptors);
  }

  /** What is known when a program is attached in another. */
  private inside(program: ProgramThing, target: string): Place {
    const { thing: root, descriptors } = this.held(target);
    if (root.sort !== 'program') throw cannot(`${target} is no program`);
    const itself = { thing: root, role: 'program' as const };
    const isSaidAtLoad = program.loadedFor !== undefined;
    return {
      words: {
        target: itself,
        previous: itself,
        map: descriptors.has('map') ? { thing: root, role: 'map' } : undefined,
        subprogram: placeFor(program.source, root.source),
      },
      mustTake: program.loadedFor === root ? [] : ['target', 'previous', 'map'],
      elseWhy: isSaidAtLoad
        ? `${program.name} was loaded for ${program.loadedFor.name}`
        : 'no program runs in another',
    };
  }

  private replace(step: Step, { attached, program }: DeedOf<'replace'>): Outcome {
    const thing = this.attached(attached);
    const next = this.program(program);
    const words = {
      ...thing.where,
      program: { thing: next, role: 'program' as const },
      expected: expectedBy(step, thing),
    };
    const elseWhy = 'nothing is replaced in place';
    this.lower(step, { words, elseWhy }, this.proposal.scenario?.replace ?? replaceOrUpdate);
    thing.program = next;
    thing.putBy.set(actorOf(step), next);
    return DONE;
  }

  private detach(step: Step, name: string): Outcome {
    const thing = this.names.get(name)?.thing;
    if (thing === undefined) return nothingToDo(`there is no ${name}`);
    if (thing.sort !== 'attachment') throw cannot(`${name} is not attached`);
    const words = { ...thing.where, expected: expectedBy(step, thing) };
    const lowered = this.lowered(step, { words, elseWhy: 'nothing is detached' });
    const how = this.proposal.scenario?.detach;
    if (how === undefined && !lowered.canCall('detach') && lowered.has('link')) {
      return this.closeLink(step, lowered, thing);
    }
    lowered.lower(how, 'detach');
    return DONE;
  }

  /** Where a link can only be let go of, that is how it is detached. */
  private closeLink(step: Step, lowered: LoweredStep, thing: AttachedThing): Outcome {
    const fd = lowered.value('link');
    this.plain(step, { fd }, 'close');
    this.stage.holds.close(this.stage.holds.newest(lowered.actor, { thing, role: 'link' })!);
    return DONE;
  }

  private detachDevice(step: Step, device: string): Outcome {
    const lowered = this.lowered(step, { words: { device }, elseWhy: 'nothing is detached' });
    const how = this.proposal.scenario?.detach;
    if (how === undefined && !lowered.canCall('detach')) {
      lowered.giveUp('nothing is detached by the name of its device');
    }
    lowered.lower(how, 'detach');
    return DONE;
  }

  private close(step: Step, { name }: DeedOf<'close'>): Outcome {
    const hold = this.names.get(name);
    if (hold === undefined) return nothingToDo(`there is no ${name}`);
    if (hold.descriptors.size === 0 || !this.stage.holds.isOpen(hold)) {
      return nothingToDo('no descriptor to close');
    }
    for (const fd of hold.descriptors.values()) this.plain(step, { fd });
    this.stage.holds.close(hold);
    return DONE;
  }

  private send(step: Step, { name, to }: DeedOf<'send'>): Outcome {
    const { thing, descriptors } = this.held(name);
    const received = this.each(step, [...descriptors.values()], (fd) => ({ fd, to }));
    this.define(step, thing, received, letterIndex(to));
    return descriptors.size === 0 ? nothingToDo('no descriptor to send') : DONE;
  }

  private pin(step: Step, { name, path }: DeedOf<'pin'>): Outcome {
    const { thing, descriptors } = this.held(name);
    const roles = [...descriptors.keys()];
    this.each(step, roles, (role, i) => ({ fd: descriptors.get(role), path: this.path(path, i) }));
    this.pinned.set(path, { thing, roles });
    return roles.length === 0 ? nothingToDo('no descriptor to pin') : DONE;
  }

  private unpin(step: Step, { path }: DeedOf<'unpin'>): Outcome {
    const found = this.pinned.get(path);
    if (found?.roles.length === 0) return nothingToDo('nothing is pinned there');
    this.each(step, found?.roles ?? [undefined], (_, i) => ({ path: this.path(path, i) }));
    this.pinned.delete(path);
    return DONE;
  }

  private get(step: Step, { path }: DeedOf<'get'>): Outcome {
    const found = this.pinned.get(path);
    const opened = this.each(step, found?.roles ?? [undefined], (_, i) => ({ path: this.path(path, i) }));
    if (found !== undefined) this.define(step, found.thing, opened);
    return found?.roles.length === 0 ? nothingToDo('no descriptor to open') : DONE;
  }

  /** The path for the first, second, … thing that is pinned at a path of the scenario. */
  private path(path: string, nth: number): string {
    return path.replace(/\d+/, (number) => String(Number(number) + nth * this.paths));
  }

  /** Makes the step's call once for each item, and returns all the descriptors that were handed out. */
  private each<T>(
    step: Step,
    items: readonly T[],
    wordsFor: (item: T, index: number) => Readonly<Record<string, Word | undefined>>,
  ): ReadonlyMap<Role, number> {
    return new Map(items.flatMap((item, i) => [...this.plain(step, wordsFor(item, i)).descriptors]));
  }

  /** A step that every design has the same call for. */
  private plain(step: Step, words: StepSetting['words'], verb: string = step.deed.verb): LoweredStep {
    const lowered = this.lowered(step, { words, elseWhy: `there is no '${verb}' here` });
    lowered.call(verb);
    return lowered;
  }

  private lower(step: Step, given: Given, how: LowerStep | undefined): LoweredStep {
    return this.lowered(step, given).lower(how, step.deed.verb);
  }

  private lowered(step: Step, given: Given): LoweredStep {
    return new LoweredStep({ stage: this.stage, actor: actorOf(step), result: step.result, ...given });
  }

  private define(
    { result, actor = 'A' }: Step,
    thing: Thing,
    descriptors: ReadonlyMap<Role, number>,
    owner = letterIndex(actor),
  ): Outcome {
    const hold = this.stage.holds.add(thing, owner, descriptors);
    if (result !== undefined) this.names.set(result, hold);
    return DONE;
  }

  /** What a name stands for; ends the step if nothing came of the one that should have made it. */
  private held(name: string): Hold {
    const hold = this.names.get(name);
    if (hold === undefined) throw new StepEnd({ kind: 'out-of-reach', why: `there is no ${name}` });
    return this.stage.holds.isOpen(hold) ? hold : { ...hold, descriptors: NO_DESCRIPTORS };
  }

  private program(name: string): ProgramThing {
    const { thing } = this.held(name);
    if (thing.sort === 'program') return thing;
    throw cannot(`${name} is no program`);
  }

  private attached(name: string): AttachedThing {
    const { thing } = this.held(name);
    if (thing.sort === 'attachment') return thing;
    throw cannot(`${name} is not attached`);
  }
}

type Given = Omit<StepSetting, 'stage' | 'actor' | 'result'>;

type Place = Pick<StepSetting, 'words' | 'mustTake' | 'elseWhy'>;

function onDevice(device: string): Place {
  return { words: { device }, mustTake: ['device'], elseWhy: 'nothing is attached to a device' };
}

/** Some call the one `replace`, some the other. Whoever lacks the descriptor of a link is told that first. */
const replaceOrUpdate: LowerStep = (step) => {
  const verb = ['replace', 'update'].find((candidate) => step.canCall(candidate));
  if (verb === undefined && step.has('link')) step.value('link');
  step.call(verb ?? 'replace');
};

/** The program that an actor expects in a place: what it put there itself, or else what is said to be there. */
function expectedBy(step: Step, { putBy, program }: AttachedThing): Part {
  return { thing: putBy.get(actorOf(step)) ?? program, role: 'program' };
}

function cannot(why: string): StepEnd {
  return new StepEnd({ kind: 'cannot-be-said', why });
}

function nothingToDo(why: string): Outcome {
  return { kind: 'nothing-to-do', why };
}

function actorOf({ actor = 'A' }: Step): number {
  return letterIndex(actor);
}

function letterIndex(letter: string): number {
  return letter.charCodeAt(0) - 'A'.charCodeAt(0);
}
