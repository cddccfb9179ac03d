/**
 * prog_array: slots that programs tail-call into, as Linux has them.
 *
 * Modelled: update, delete and their order of checks, the kind of program that a map is for, that its slots are emptied by a work
 * item some time after its last descriptor and pin are gone, that it can be opened by its id until then, and, where a kernel has
 * it, that a program with a replaced function does not come into a slot. A map whose last descriptor is closed a second time before
 * the work item has run is never freed. Left out: lookup, which changes nothing (a run on a live system reads the slots with it),
 * flags, dev-bound programs, and tracers in slots.
 * Source: kernel/bpf/arraymap.c, bpf_fd_array_map_update_elem, prog_fd_array_get_ptr, prog_array_map_clear; kernel/bpf/core.c,
 * bpf_prog_map_compatible; seen on Linux 6.18.
 */
import {
  domain,
  guard,
  operation,
  possible,
  refuse,
  roomFor,
  type Guard,
  type Operation,
} from '../../machine/index.js';
import { NONE } from '../../state/index.js';
import { occupant } from '../../kernel/attachments.js';
import { isToBeCleared } from '../../kernel/deferred.js';
import { hasFreeFd, isOpen, mapBehind, openFd, programBehind } from '../../kernel/descriptors.js';
import { clearMap, detach, mapObject } from '../../kernel/lifetime.js';
import type { KernelModel, KernelState } from '../../kernel/model.js';
import { roomAt, setAt } from '../attaching.js';
import { loadProgram, programsBound } from '../load.js';
import { freeMapSlot } from '../prog-array.js';
import { actorIsAlive, fdIsFree } from '../processes.js';
import { authority } from './authority.js';
import type { LinuxFeature } from './kernel.js';
import { mapOwners } from './map-owners.js';

export function progArrays(k: KernelModel, features: ReadonlySet<LinuxFeature>): Operation<KernelState>[] {
  if (!features.has('prog-array')) return [];
  return [create(k), loadTailCaller(k), update(k), remove(k), mapById(k), clearLater(k)];
}

const isAMap: readonly Guard<KernelState>[] = [
  guard('map-fd-is-open', 'EBADF', isOpen),
  guard('fd-is-a-map', 'EINVAL', (s, actor, map) => mapBehind(s, actor, map) !== NONE),
];

function inMap(s: KernelState, actor: number, map: number): number {
  return mapObject(mapBehind(s, actor, map));
}

/** The slots, and one that a map does not have. */
function slotDomain({ hooks, slots }: KernelModel) {
  return domain('slot', [...slots.map((hook) => hooks[hook]!.name), 'slot_beyond']);
}

function create(k: KernelModel): Operation<KernelState> {
  const { process, fd } = k.domains;
  return operation({
    verb: 'prog_array_create',
    deed: 'create_map',
    summary: 'makes a prog_array with empty slots and returns a descriptor of it',
    params: { actor: process },
    possible: [actorIsAlive, roomFor('maps', (s) => freeMapSlot(s) !== NONE)],
    guards: [...authority(k), fdIsFree],
    effect: (s, actor) => {
      const map = freeMapSlot(s);
      s.maps[map]!.live = true;
      return openFd(s, actor, mapObject(map));
    },
    returns: { domain: fd, owner: 'actor' },
  });
}

/**
 * The map gets its owner before the descriptor is made: a load that fails for want of one has fixed the kind of the map.
 * Source: kernel/bpf/syscall.c, bpf_prog_load: bpf_prog_select_runtime stands before bpf_prog_new_fd; seen on Linux 6.18.
 */
function loadTailCaller(k: KernelModel): Operation<KernelState> {
  const { process, fd } = k.domains;
  const source = k.ordinary.find((candidate) => k.options.sources[candidate]!.tailCalls)!;
  const owners = mapOwners(k);
  const kind = owners.kindFrom(source, NONE);
  return operation({
    verb: 'load_tail_caller',
    deed: 'load',
    summary: 'loads a program that tail-calls through a prog_array, which it references from then on',
    params: { actor: process, map: fd },
    possible: [actorIsAlive, programsBound],
    guards: [
      ...authority(k),
      ...isAMap,
      guard(
        'map-takes-the-kind',
        'EINVAL',
        (s, actor, map) => owners.takes(s, mapBehind(s, actor, map), kind),
        'kernel/bpf/core.c, bpf_check_tail_call',
      ),
    ],
    effect: (s, actor, map) => {
      const used = mapBehind(s, actor, map);
      owners.own(s, used, kind);
      if (!hasFreeFd(s, actor)) return refuse('EMFILE');
      const loaded = loadProgram(s, actor, source);
      s.programs[loaded.program]!.map = used;
      return loaded.fd;
    },
    returns: { domain: fd, owner: 'actor' },
  });
}

function update(k: KernelModel): Operation<KernelState> {
  const { process, fd } = k.domains;
  const { slots } = k;
  const owners = mapOwners(k);
  const sourceOf = (s: KernelState, actor: number, fd: number) =>
    k.options.sources[s.programs[programBehind(s, actor, fd)]!.source]!;
  return operation({
    verb: 'prog_array_update',
    deed: 'attach',
    summary: 'puts a program into a slot, whatever was there',
    params: { actor: process, map: fd, slot: slotDomain(k), program: fd },
    possible: [
      actorIsAlive,
      possible(
        'program-is-no-tracer',
        (s, actor, _map, _slot, fd) =>
          programBehind(s, actor, fd) === NONE || sourceOf(s, actor, fd).kind !== 'tracer',
      ),
      roomFor('attachments', (s, actor, map, slot) => roomAt(s, slots[slot]!, inMap(s, actor, map))),
    ],
    guards: [
      ...isAMap,
      slotExists(k),
      guard('program-fd-is-open', 'EBADF', (s, actor, _map, _slot, fd) => isOpen(s, actor, fd)),
      guard('fd-is-a-program', 'EINVAL', (s, actor, _map, _slot, fd) => programBehind(s, actor, fd) !== NONE),
      guard(
        'program-is-no-extension',
        'EINVAL',
        (s, actor, _map, _slot, fd) => sourceOf(s, actor, fd).kind !== 'extension',
        'kernel/bpf/arraymap.c, prog_fd_array_get_ptr',
      ),
      guard(
        'map-takes-the-kind',
        'EINVAL',
        (s, actor, map, _slot, fd) =>
          owners.takes(s, mapBehind(s, actor, map), owners.kindOf(s, programBehind(s, actor, fd))),
        'kernel/bpf/core.c, bpf_prog_map_compatible',
      ),
      guard(
        'program-is-not-extended',
        'EBUSY',
        (s, actor, map, _slot, fd) =>
          s.programs[programBehind(s, actor, fd)]!.extended === 0 || !isOwned(s, mapBehind(s, actor, map)),
        'kernel/bpf/arraymap.c, prog_fd_array_get_ptr: is_extended; Linux commit d6083f040d5d',
      ),
    ],
    effect: (s, actor, map, slot, fd) => {
      const [filled, program] = [mapBehind(s, actor, map), programBehind(s, actor, fd)];
      const isFirst = !isOwned(s, filled);
      owners.own(s, filled, owners.kindOf(s, program));
      // The kind is looked at, and fixed, before the mark: the refusal comes after it.
      if (isFirst && s.programs[program]!.extended === 1) return refuse('EBUSY');
      setAt(s, actor, program, slots[slot]!, mapObject(filled));
      return undefined;
    },
  });
}

function isOwned(s: KernelState, map: number): boolean {
  return s.maps[map]!.owner !== 0;
}

function slotExists({ slots }: KernelModel): Guard<KernelState> {
  return guard(
    'slot-exists',
    'E2BIG',
    (_s, _actor, _map, slot) => slot < slots.length,
    'kernel/bpf/arraymap.c, bpf_fd_array_map_update_elem and fd_array_map_delete_elem',
  );
}

function remove(k: KernelModel): Operation<KernelState> {
  const { slots } = k;
  return operation({
    verb: 'prog_array_delete',
    deed: 'detach',
    summary: 'empties a slot, whoever filled it',
    params: { actor: k.domains.process, map: k.domains.fd, slot: slotDomain(k) },
    possible: [actorIsAlive],
    guards: [
      ...isAMap,
      slotExists(k),
      guard(
        'slot-is-filled',
        'ENOENT',
        (s, actor, map, slot) => occupant(s, slots[slot]!, inMap(s, actor, map)) !== NONE,
      ),
    ],
    effect: (s, actor, map, slot) => {
      detach(s, occupant(s, slots[slot]!, inMap(s, actor, map)));
    },
  });
}

/** MAP_GET_FD_BY_ID: a map that programs use, or that is still to be emptied, has its id. */
function mapById(k: KernelModel): Operation<KernelState> {
  const { process, fd, mapId } = k.domains;
  return operation({
    verb: 'map_get_fd_by_id',
    deed: 'get',
    summary: 'opens a map by its id: a new descriptor for it',
    params: { actor: process, id: mapId },
    possible: [actorIsAlive],
    guards: [
      ...authority(k),
      guard(
        'map-has-the-id',
        'ENOENT',
        (s, _actor, id) => s.maps[id]!.live,
        'kernel/bpf/syscall.c, bpf_map_get_fd_by_id',
      ),
      fdIsFree,
    ],
    effect: (s, actor, id) => openFd(s, actor, mapObject(id)),
    returns: { domain: fd, owner: 'actor' },
  });
}

/** The work item that the last descriptor or pin leaves behind; whoever has opened the map since then sees its slots go. */
function clearLater({ domains }: KernelModel): Operation<KernelState> {
  return operation({
    verb: 'clear',
    summary: 'the kernel empties a prog_array whose last descriptor or pin is gone',
    params: { map: domains.mapId },
    possible: [possible('map-is-to-be-emptied', isToBeCleared)],
    spontaneous: true,
    effect: clearMap,
  });
}
