/** Load, attach, replace and detach: what is known at each, and what becomes of what it makes. */
import type { LowerStep } from '../model/proposals/lowering.js';
import type { StepSetting } from './lowered-step.js';
import type { Outcome } from './outcome.js';
import { actorOf, cannot, DONE, nothingToDo, type DeedOf, type Play } from './play.js';
import type { Step } from './scenario.js';
import { placeFor, sourceFor } from './sources.js';
import type { AttachedThing, Part, ProgramThing, Word } from './things.js';

/** Words that say nothing of the place of what is attached. */
const NOT_OF_THE_PLACE = ['program', 'expected', 'link'];

/** A firewall is loaded for the program it is to run in, where the design wants to know that. */
export function load(play: Play, step: Step, { loads, target }: DeedOf<'load'>): Outcome {
  const source = sourceFor(loads, play.proposal.kernel.sources);
  if (source === undefined) throw cannot(`there is no ${loads} here`);
  const root = target === undefined ? undefined : play.program(target);
  const words = {
    program: source.name,
    target: root && { thing: root, role: 'program' as const },
    subprogram: root && placeFor(source, root.source),
  };
  const lowered = play.lower(
    step,
    { words, loads, elseWhy: 'no call loads it' },
    play.proposal.scenario?.load,
  );
  const loadedFor = lowered.used.has('target') ? root : undefined;
  const thing: ProgramThing = { sort: 'program', name: step.result ?? source.name, source, loadedFor };
  play.define(step, thing, lowered.descriptors);
  return DONE;
}

/** What a later step can say of the place is all that was known at the attach, and what it handed out. */
export function attach(play: Play, step: Step, deed: DeedOf<'attach'>): Outcome {
  const program = play.program(deed.program);
  const place = 'device' in deed ? onDevice(deed.device) : inside(play, program, deed.target);
  const words = { program: { thing: program, role: 'program' as const }, ...place.words };
  const lowered = play.lower(step, { ...place, words }, play.proposal.scenario?.attach);
  const said = [...lowered.words].filter(([name]) => !NOT_OF_THE_PLACE.includes(name));
  const where: Record<string, Word> = Object.fromEntries(said);
  const putBy = new Map([[lowered.actor, program]]);
  const thing: AttachedThing = { sort: 'attachment', name: step.result ?? 'link', program, putBy, where };
  if (lowered.descriptors.has('link')) where['link'] = { thing, role: 'link' };
  play.define(step, thing, lowered.descriptors);
  return DONE;
}

/** What is known when a program is attached in another. */
function inside(play: Play, program: ProgramThing, target: string): Place {
  const { thing: root, descriptors } = play.held(target);
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

/** Another program in a place, whoever attached the one that is there. */
export function replace(play: Play, step: Step, { attached, program }: DeedOf<'replace'>): Outcome {
  const thing = play.attached(attached);
  const next = play.program(program);
  const words = {
    ...thing.where,
    program: { thing: next, role: 'program' as const },
    expected: expectedBy(step, thing),
  };
  const elseWhy = 'nothing is replaced in place';
  play.lower(step, { words, elseWhy }, play.proposal.scenario?.replace ?? replaceOrUpdate);
  thing.program = next;
  thing.putBy.set(actorOf(step), next);
  return DONE;
}

/** Takes away what a name stands for, whoever attached it. */
export function detach(play: Play, step: Step, name: string): Outcome {
  const thing = play.names.get(name)?.thing;
  if (thing === undefined) return nothingToDo(`there is no ${name}`);
  if (thing.sort !== 'attachment') throw cannot(`${name} is not attached`);
  const words = { ...thing.where, expected: expectedBy(step, thing) };
  const lowered = play.lowered(step, { words, elseWhy: 'nothing is detached' });
  const how = play.proposal.scenario?.detach;
  if (how === undefined && !lowered.canCall('detach') && lowered.has('link')) {
    // Where a link can only be let go of, that is how it is detached.
    lowered.closeLink();
  } else {
    lowered.lower(how, 'detach');
  }
  return DONE;
}

/** Takes away whatever is at a device, by the device's name. */
export function detachDevice(play: Play, step: Step, device: string): Outcome {
  const lowered = play.lowered(step, { words: { device }, elseWhy: 'nothing is detached' });
  const how = play.proposal.scenario?.detach;
  if (how === undefined && !lowered.canCall('detach')) {
    lowered.giveUp('nothing is detached by the name of its device');
  }
  lowered.lower(how, 'detach');
  return DONE;
}

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
