/**
 * prog_array: slots that a program tail-calls into.
 *
 * Modelled: any holder of the map overwrites and empties any slot; the slots are emptied with the map's last fd or pin, even
 * while a program still uses it (`kernel/lifetime.ts`). Left out: the owner kind that fixes which programs fit, the later
 * exclusion with extensions, and that the kernel empties the slots in a work item, a moment later.
 * Source: kernel/bpf/arraymap.c; Linux commit c9da161c6517.
 */
import { guard, operation, roomFor, type Guard, type Operation } from '../machine/index.js';
import { NONE } from '../state/index.js';
import { occupant } from '../kernel/attachments.js';
import { isOpen, mapBehind, openFd, programBehind } from '../kernel/descriptors.js';
import { detach, mapObject } from '../kernel/lifetime.js';
import type { KernelModel, KernelState } from '../kernel/model.js';
import { roomAt, setAt } from './attaching.js';
import { actorIsAlive, fdIsFree } from './processes.js';

export function progArray({ domains, slots }: KernelModel): Operation<KernelState>[] {
  const { process, fd, slot } = domains;
  const mapGuards: Guard<KernelState>[] = [
    guard('map-fd-is-open', 'EBADF', isOpen),
    guard('fd-is-a-map', 'EINVAL', (s, actor, map) => mapBehind(s, actor, map) !== NONE),
  ];
  const inMap = (s: KernelState, actor: number, map: number): number => mapObject(mapBehind(s, actor, map));
  return [
    operation({
      verb: 'create_map',
      summary: 'makes a prog_array with empty slots and returns a descriptor of it',
      params: { actor: process },
      possible: [actorIsAlive, roomFor('maps', (s) => freeMapSlot(s) !== NONE)],
      guards: [fdIsFree],
      effect: (s, actor) => {
        const map = freeMapSlot(s);
        s.maps[map]!.live = true;
        return openFd(s, actor, mapObject(map));
      },
      returns: { domain: fd, owner: 'actor' },
    }),
    operation({
      name: 'attach-slot',
      verb: 'attach',
      summary: 'puts a program into a slot, whatever was there',
      params: { actor: process, map: fd, slot, program: fd },
      possible: [
        actorIsAlive,
        roomFor('attachments', (s, actor, map, slot) => roomAt(s, slots[slot]!, inMap(s, actor, map))),
      ],
      guards: [
        ...mapGuards,
        guard('program-fd-is-open', 'EBADF', (s, actor, _map, _slot, fd) => isOpen(s, actor, fd)),
        guard(
          'fd-is-a-program',
          'EINVAL',
          (s, actor, _map, _slot, fd) => programBehind(s, actor, fd) !== NONE,
        ),
      ],
      effect: (s, actor, map, slot, fd) => {
        setAt(s, actor, programBehind(s, actor, fd), slots[slot]!, inMap(s, actor, map));
      },
    }),
    operation({
      name: 'detach-slot',
      verb: 'detach',
      summary: 'empties a slot, whoever filled it',
      params: { actor: process, map: fd, slot },
      possible: [actorIsAlive],
      guards: [
        ...mapGuards,
        guard(
          'slot-is-filled',
          'ENOENT',
          (s, actor, map, slot) => occupant(s, slots[slot]!, inMap(s, actor, map)) !== NONE,
        ),
      ],
      effect: (s, actor, map, slot) => {
        detach(s, occupant(s, slots[slot]!, inMap(s, actor, map)));
      },
    }),
  ];
}

export function freeMapSlot(s: KernelState): number {
  for (let i = 0; i < s.maps.length; i++) if (!s.maps[i]!.live) return i;
  return NONE;
}
