import { KEPT, argument, broken, defineProperty, type Step } from '../checker/property.js';
import { deviceHook, hookOfKind, programAt } from '../model/kernel/attachments.js';
import { linkBehind, mapBehind, programBehind } from '../model/kernel/descriptors.js';
import { mapObject, programObject } from '../model/kernel/lifetime.js';
import type { KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';

/** A hook, and the program or map that it is in. */
interface Place {
  readonly hook: number;
  readonly target: number;
}

/** The place that a call names by its parameters; undefined if it names none. */
function namedPlace(step: Step<KernelState>): Place | undefined {
  const { before, actor } = step;
  const device = argument(step, 'device');
  if (device !== undefined) return { hook: deviceHook(before, device), target: NONE };
  const [slot, map] = [argument(step, 'slot'), argument(step, 'map')];
  if (slot !== undefined && map !== undefined)
    return { hook: hookOfKind(before, 'slot', slot), target: mapObject(mapBehind(before, actor, map)) };
  const inProgram = (fd: number): number => programObject(programBehind(before, actor, fd));
  const [edge, previous] = [argument(step, 'edge'), argument(step, 'previous')];
  if (edge !== undefined && previous !== undefined)
    return { hook: hookOfKind(before, 'edge', edge), target: inProgram(previous) };
  const [subprogram, target] = [argument(step, 'subprogram'), argument(step, 'target')];
  if (subprogram !== undefined && target !== undefined)
    return { hook: hookOfKind(before, 'subprogram', subprogram), target: inProgram(target) };
  return undefined;
}

/** Where an extension goes that was loaded for a placeholder: into the target named now, else into the one of then. */
function loadedPlace(step: Step<KernelState>, program: number): Place | undefined {
  const { before, actor } = step;
  const { source, subprogram, target } = before.programs[program]!;
  if (before.kernel.sources[source]!.kind !== 'extension') return undefined;
  const fd = argument(step, 'target');
  const named = fd === undefined ? target : programBehind(before, actor, fd);
  return named === NONE ? undefined : { hook: subprogram, target: programObject(named) };
}

/** The attachment that a call named by its handle, or handed out as a handle or a link; NONE if it did neither. */
function namedAttachment(step: Step<KernelState>): number {
  const handle = argument(step, 'handle');
  if (handle !== undefined) return handle;
  switch (step.operation.returns?.domain.name) {
    case 'handle':
      return step.code;
    case 'fd':
      return linkBehind(step.after, step.actor, step.code);
    default:
      return NONE;
  }
}

/** Whether the program is attached: in the attachment and at the place that were named, as far as they were. */
function isAttachedAsAsked(step: Step<KernelState>, program: number): boolean {
  const { after } = step;
  const named = namedAttachment(step);
  const place = namedPlace(step) ?? loadedPlace(step, program);
  for (let i = 0; i < after.attachments.length; i++) {
    const attachment = after.attachments[i]!;
    if (!attachment.attached || attachment.program !== program || (named !== NONE && named !== i)) continue;
    if (!place || (attachment.hook === place.hook && attachment.target === place.target)) return true;
  }
  return false;
}

/** Whether a detach took something off its hook: what was named by its handle, else anything. */
function isDetachedAsAsked({ before, after }: Step<KernelState>, handle: number | undefined): boolean {
  if (handle !== undefined) return !after.attachments[handle]!.attached;
  for (let i = 0; i < before.attachments.length; i++) {
    if (before.attachments[i]!.attached && !after.attachments[i]!.attached) return true;
  }
  return false;
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
    const { before, after, actor, operation } = step;
    const fd = argument(step, 'program');
    if (fd !== undefined && fd !== NONE) {
      const program = programBehind(before, actor, fd);
      if (isAttachedAsAsked(step, program)) return KEPT;
      return broken(`${operation.verb} succeeded, and the program is not attached there`, {
        program: programObject(program),
      });
    }
    const place = namedPlace(step);
    if (!place) {
      if (isDetachedAsAsked(step, argument(step, 'handle'))) return KEPT;
      return broken(`${operation.verb} succeeded, and everything is still attached`);
    }
    // When what the place was in has gone with its last reference, so has the place.
    const left = programAt(after, place.hook, place.target);
    if (left === NONE) return KEPT;
    return broken(`${operation.verb} succeeded, and a program is still attached`, {
      left: programObject(left),
    });
  },
});
