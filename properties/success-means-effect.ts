import {
  KEPT,
  argument,
  broken,
  deedOf,
  defineProperty,
  type Judgement,
  type Step,
} from '../checker/property.js';
import { programBehind } from '../model/kernel/descriptors.js';
import { isLink, programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';
import { isAtOneOf, namedAttachment, namedPlaces, type Place } from './places.js';

/** Where an extension goes that was loaded for a placeholder: into the target named now, else into the one of then. */
function loadedPlace(step: Step<KernelState>, program: number): Place | undefined {
  const { before, actor } = step;
  const { source, subprogram, target } = before.programs[program]!;
  if (before.kernel.sources[source]!.kind !== 'extension') return undefined;
  const fd = argument(step, 'target');
  const named = fd === undefined ? target : programBehind(before, actor, fd);
  return named === NONE ? undefined : { hook: subprogram, target: programObject(named) };
}

/** Whether the program is attached: in the attachment and at the place that were named, as far as they were. */
function isAttachedAsAsked(step: Step<KernelState>, program: number): boolean {
  const { after } = step;
  const named = namedAttachment(step);
  const places = placesFor(step, program);
  for (let i = 0; i < after.attachments.length; i++) {
    const attachment = after.attachments[i]!;
    if (!attachment.attached || attachment.program !== program || (named !== NONE && named !== i)) continue;
    if (places.length === 0 || isAtOneOf(places, attachment)) return true;
  }
  return false;
}

function placesFor(step: Step<KernelState>, program: number): readonly Place[] {
  const named = namedPlaces(step);
  if (named.length > 0) return named;
  const loaded = loadedPlace(step, program);
  return loaded ? [loaded] : [];
}

/** The program that a detach left at a place where it was to be taken off; NONE if it did as it was asked. */
function leftBehind(step: Step<KernelState>, places: readonly Place[]): number {
  const { before, after, actor } = step;
  const fd = argument(step, 'program');
  const named = fd === undefined || fd === NONE ? NONE : programBehind(before, actor, fd);
  for (let i = 0; i < after.attachments.length; i++) {
    const left = after.attachments[i]!;
    if (!left.attached || !isAtOneOf(places, left)) continue;
    // From a list goes one entry, and a link in it is not meant by the name of its program.
    const isOneOfMany = !after.kernel.hooks[left.hook]!.exclusive;
    if (!isOneOfMany || (left.program === named && !isLink(after, i))) return left.program;
  }
  return NONE;
}

function isAnythingDetached({ before, after }: Step<KernelState>, places: readonly Place[]): boolean {
  for (let i = 0; i < before.attachments.length; i++) {
    const was = before.attachments[i]!;
    if (!was.attached || after.attachments[i]!.attached) continue;
    if (places.length === 0 || isAtOneOf(places, was)) return true;
  }
  return false;
}

/** A place that takes a list is never simply empty: something must have gone from it. */
function isList({ after }: Step<KernelState>, places: readonly Place[]): boolean {
  return places.some(({ hook }) => !after.kernel.hooks[hook]!.exclusive);
}

function judgeDetach(step: Step<KernelState>): Judgement {
  const { after, operation } = step;
  const named = namedAttachment(step);
  if (named !== NONE) {
    if (!after.attachments[named]!.attached) return KEPT;
    return broken(`${operation.verb} succeeded, and what it names is still attached`);
  }
  const places = namedPlaces(step);
  if ((places.length === 0 || isList(step, places)) && !isAnythingDetached(step, places))
    return broken(`${operation.verb} succeeded, and everything is still attached`);
  // When what the place was in has gone with its last reference, so has the place.
  const left = leftBehind(step, places);
  if (left === NONE) return KEPT;
  return broken(`${operation.verb} succeeded, and a program is still attached`, {
    left: programObject(left),
  });
}

export const successMeansEffect = defineProperty<KernelState>({
  name: 'success-means-effect',
  kind: 'step',
  claim:
    'A call that attaches, replaces or detaches and returns success has done so, in the very place that it names.',
  source:
    'https://lore.kernel.org/bpf/20200412133204.43847-1-dsahern@kernel.org/ — a detach that reported success left the program attached',
  situation: 'an attach, replace or detach succeeds',
  speaksAbout: 'all',
  verbs: ['attach', 'attach_if_empty', 'replace', 'detach'],
  check(step) {
    const { before, actor, operation } = step;
    const fd = argument(step, 'program');
    if (deedOf(operation) === 'detach' || fd === undefined || fd === NONE) return judgeDetach(step);
    const program = programBehind(before, actor, fd);
    if (isAttachedAsAsked(step, program)) return KEPT;
    return broken(`${operation.verb} succeeded, and the program is not attached there`, {
      program: programObject(program),
    });
  },
});
