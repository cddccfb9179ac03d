/**
 * Pins on Linux: names on bpffs, and a second bpffs that hides the first.
 *
 * Modelled: OBJ_PIN, OBJ_GET, unlink, rename over another name, hard links; a bpffs mounted over the first, with names of its own,
 * and umount, which removes them. Names are looked up in the one that is on top. Left out: directories and modes, O_PATH
 * descriptors of a pin, renaming one name of an object over another of the same, and a bpffs that goes with its mount namespace
 * (it goes as by umount).
 * Source: kernel/bpf/inode.c, bpf_obj_pin_user, bpf_obj_get_user, bpf_free_inode; fs/namei.c; each errno seen on Linux 6.18.
 */
import { guard, operation, possible, type Guard, type Operation } from '../../machine/index.js';
import { putPinned } from '../../kernel/deferred.js';
import { isOpen, objectBehind, openFd } from '../../kernel/descriptors.js';
import { names } from '../../kernel/mounts.js';
import type { KernelModel, KernelState } from '../../kernel/model.js';
import { NONE } from '../../state/index.js';
import { actorIsAlive, fdIsFree } from '../processes.js';
import { authority } from './authority.js';

export function linuxPins(k: KernelModel): Operation<KernelState>[] {
  return [...objects(k), ...files(k), ...mounts(k)];
}

const nameExists: Guard<KernelState> = guard(
  'path-exists',
  'ENOENT',
  (s, _actor, path) => names(s).get(path) !== NONE,
);

const newNameIsFree: Guard<KernelState> = guard(
  'path-is-free',
  'EEXIST',
  (s, _actor, _what, path) => names(s).get(path) === NONE,
);

/** The calls of bpf(2). */
function objects({ domains }: KernelModel): Operation<KernelState>[] {
  const { process, fd, path } = domains;
  return [
    operation({
      verb: 'pin',
      summary: 'gives an object a name on bpffs, which holds it (OBJ_PIN)',
      params: { actor: process, fd, path },
      possible: [actorIsAlive],
      guards: [
        guard(
          'object-to-pin-is-open',
          'EINVAL',
          isOpen,
          'kernel/bpf/inode.c, bpf_obj_pin_user: EINVAL, not EBADF, and before the path is looked at',
        ),
        newNameIsFree,
      ],
      effect: (s, actor, fd, path) => {
        names(s).set(path, objectBehind(s, actor, fd));
      },
    }),
    operation({
      verb: 'get',
      summary: 'opens a pin: a new descriptor for its object (OBJ_GET)',
      params: { actor: process, path },
      possible: [actorIsAlive],
      guards: [nameExists, fdIsFree],
      effect: (s, actor, path) => openFd(s, actor, names(s).get(path)),
      returns: { domain: fd, owner: 'actor' },
    }),
  ];
}

/** The calls that every file system has. */
function files({ domains }: KernelModel): Operation<KernelState>[] {
  const { process, path } = domains;
  return [
    operation({
      verb: 'unpin',
      summary: 'removes a name from bpffs, whoever made it (unlink)',
      params: { actor: process, path },
      possible: [actorIsAlive],
      guards: [nameExists],
      effect: (s, _actor, path) => {
        dropName(s, path);
      },
    }),
    operation({
      verb: 'rename',
      summary: 'gives a pin another name; what had that name loses it in the same step',
      params: { actor: process, path, to: path },
      possible: [
        actorIsAlive,
        // Two names of one inode would both stay; the names of two inodes would not.
        possible(
          'names-are-of-two-objects',
          (s, _actor: number, path: number, to: number) =>
            path !== to && (names(s).get(path) === NONE || names(s).get(path) !== names(s).get(to)),
        ),
      ],
      guards: [nameExists],
      effect: (s, _actor, path, to) => {
        const displaced = names(s).get(to);
        names(s).set(to, names(s).get(path));
        names(s).set(path, NONE);
        putPinned(s, displaced);
      },
    }),
    operation({
      verb: 'hard_link',
      deed: 'pin',
      summary: 'gives a pin a second name (link)',
      params: { actor: process, from: path, path },
      possible: [actorIsAlive],
      guards: [nameExists, newNameIsFree],
      effect: (s, _actor, from, path) => {
        names(s).set(path, names(s).get(from));
      },
    }),
  ];
}

function dropName(s: KernelState, path: number): void {
  const object = names(s).get(path);
  names(s).set(path, NONE);
  putPinned(s, object);
}

/** A second bpffs at the same place. Source: fs/namespace.c. */
function mounts(k: KernelModel): Operation<KernelState>[] {
  const { process } = k.domains;
  return [
    operation({
      verb: 'mount_bpffs',
      summary:
        'mounts an empty bpffs over the one that is there, whose names nobody can use until it is unmounted',
      params: { actor: process },
      possible: [actorIsAlive, possible('one-bpffs-is-mounted', (s) => s.overmounted === 0)],
      guards: authority(k),
      effect: (s) => {
        s.overmounted = 1;
      },
    }),
    operation({
      verb: 'umount_bpffs',
      summary: 'unmounts the bpffs on top: all its names go, and those below can be used again',
      params: { actor: process },
      possible: [actorIsAlive, possible('two-bpffs-are-mounted', (s) => s.overmounted === 1)],
      guards: authority(k),
      effect: (s) => {
        for (let path = 0; path < s.upperPins.length; path++) {
          if (s.upperPins.get(path) !== NONE) dropName(s, path);
        }
        s.overmounted = 0;
      },
    }),
  ];
}
