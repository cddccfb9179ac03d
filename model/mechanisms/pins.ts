/**
 * Pins: names on bpffs that hold an object.
 *
 * Modelled: pin, unpin, get. Left out: directories, permissions, rename, hard links, several mounts.
 */
import { guard, operation, type Operation } from '../machine/index.js';
import { NONE } from '../state/index.js';
import { isOpen, objectBehind, openFd } from '../kernel/descriptors.js';
import { putPinned } from '../kernel/deferred.js';
import type { KernelModel, KernelState } from '../kernel/model.js';
import { actorIsAlive, fdIsFree } from './processes.js';

export function pins({ domains }: KernelModel): Operation<KernelState>[] {
  const { process, fd, path } = domains;
  const nameExists = guard<KernelState>(
    'path-exists',
    'ENOENT',
    (s, _actor, path) => s.pins.get(path) !== NONE,
  );
  return [
    operation({
      verb: 'pin',
      summary: 'gives an object a name on bpffs, which holds it',
      params: { actor: process, fd, path },
      possible: [actorIsAlive],
      guards: [
        guard(
          'object-to-pin-is-open',
          'EINVAL',
          isOpen,
          'kernel/bpf/inode.c, bpf_obj_pin_user: EINVAL, not EBADF',
        ),
        guard('path-is-free', 'EEXIST', (s, _actor, _fd, path) => s.pins.get(path) === NONE),
      ],
      effect: (s, actor, fd, path) => {
        s.pins.set(path, objectBehind(s, actor, fd));
      },
    }),
    operation({
      verb: 'unpin',
      summary: 'removes a name from bpffs, whoever made it',
      params: { actor: process, path },
      possible: [actorIsAlive],
      guards: [nameExists],
      effect: (s, _actor, path) => {
        const object = s.pins.get(path);
        s.pins.set(path, NONE);
        putPinned(s, object);
      },
    }),
    operation({
      verb: 'get',
      summary: 'opens a pin: a new descriptor for its object',
      params: { actor: process, path },
      possible: [actorIsAlive],
      guards: [nameExists, fdIsFree],
      effect: (s, actor, path) => openFd(s, actor, s.pins.get(path)),
      returns: { domain: fd, owner: 'actor' },
    }),
  ];
}
