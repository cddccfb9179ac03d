/** The place that a call is about: which hook, and in which program or map it is. */
import { argument, type Step } from '../checker/property.js';
import { deviceHook, hookOfKind } from '../model/kernel/attachments.js';
import { linkBehind, mapBehind, programBehind } from '../model/kernel/descriptors.js';
import { mapObject, programObject } from '../model/kernel/lifetime.js';
import { hookIn, XDP_LAYERS, type HookLayer, type KernelState } from '../model/kernel/model.js';
import { NONE } from '../model/state/index.js';

/** A hook, and the program or map that it is in; NONE if it is in none. */
export interface Place {
  readonly hook: number;
  readonly target: number;
}

/**
 * The places that a call names by its parameters: one; none if it names none; several where it names a device and leaves open
 * which of its modes is meant.
 */
export function namedPlaces(step: Step<KernelState>): readonly Place[] {
  const { before, actor } = step;
  const owner = ownerOfLayers(step);
  if (owner !== undefined) return layersNamed(step).map((layer) => inLayer(before, owner, layer));
  const device = argument(step, 'device');
  if (device !== undefined) return [{ hook: deviceHook(before, device), target: NONE }];
  const [slot, map] = [argument(step, 'slot'), argument(step, 'map')];
  if (slot !== undefined && map !== undefined)
    return [{ hook: hookOfKind(before, 'slot', slot), target: mapObject(mapBehind(before, actor, map)) }];
  const inProgram = (fd: number): number => programObject(programBehind(before, actor, fd));
  const [edge, previous] = [argument(step, 'edge'), argument(step, 'previous')];
  if (edge !== undefined && previous !== undefined)
    return [{ hook: hookOfKind(before, 'edge', edge), target: inProgram(previous) }];
  const [subprogram, target] = [argument(step, 'subprogram'), argument(step, 'target')];
  if (subprogram !== undefined && target !== undefined)
    return [{ hook: hookOfKind(before, 'subprogram', subprogram), target: inProgram(target) }];
  return [];
}

/** The device, cgroup or network namespace whose hooks a call is about; undefined if its operation names no layer of them. */
function ownerOfLayers(step: Step<KernelState>): string | undefined {
  const { operation, before } = step;
  if (operation.layer === undefined) return undefined;
  const { cgroups = [], namespaces = [] } = before.kernel.linux;
  const [device, cgroup] = [argument(step, 'device'), argument(step, 'cgroup')];
  if (device !== undefined) return before.kernel.hooks[deviceHook(before, device)]?.of;
  if (cgroup !== undefined) return cgroups[cgroup];
  // A call that names no network namespace is about that of its caller.
  return namespaces[argument(step, 'namespace') ?? 0];
}

/** XDP's modes share a layer in calls; one that names none of them may mean either. */
function layersNamed(step: Step<KernelState>): readonly string[] {
  const { layer = '' } = step.operation;
  if (layer !== 'xdp') return [layer];
  const mode = argument(step, 'mode') ?? NONE;
  return mode === NONE ? XDP_LAYERS : [XDP_LAYERS[mode]!];
}

function inLayer({ kernel }: KernelState, owner: string, layer: string): Place {
  return { hook: hookIn(kernel.hooks, owner, layer as HookLayer), target: NONE };
}

/** The attachment that a call names by its handle or its link, or handed out as one of them; NONE if it did neither. */
export function namedAttachment(step: Step<KernelState>): number {
  const { operation, before, after, actor, code } = step;
  if (operation.params['handle']?.name === 'handle') return argument(step, 'handle')!;
  const link = argument(step, 'link');
  if (link !== undefined) return linkBehind(before, actor, link);
  switch (operation.returns?.domain.name) {
    case 'handle':
      return code;
    case 'fd':
      return linkBehind(after, actor, code);
    default:
      return NONE;
  }
}

/** Whether something is attached at one of these places. */
export function isAtOneOf(places: readonly Place[], { hook, target }: Place): boolean {
  return places.some((place) => place.hook === hook && place.target === target);
}
