/**
 * Processes and their file descriptors: close, dup, send, crash, restart.
 *
 * Modelled: a small table of descriptors for each process, lowest number first; close, exit and crash drop references
 * before they return. Left out: threads, fork, close-on-exec, descriptors in flight in a socket that nobody received.
 */
import { guard, operation, possible, type Operation, type Precondition } from '../machine/index.js';
import { NONE } from '../state/index.js';
import { closeFd, hasFreeFd, isOpen, objectBehind, openFd } from '../kernel/descriptors.js';
import type { KernelModel, KernelState } from '../kernel/model.js';

/** A dead process calls nothing. */
export const actorIsAlive: Precondition<KernelState> = possible(
  'actor-is-alive',
  (s, actor: number) => s.processes[actor]!.live,
);

/** The errno of a closed descriptor in most calls. Source: kernel/bpf/syscall.c, CLASS(fd) users return -EBADF. */
export const fdIsOpen = guard<KernelState>('fd-is-open', 'EBADF', isOpen);

/** No descriptor is left for what the call would return. Source: fs/file.c, get_unused_fd_flags. */
export const fdIsFree = guard<KernelState>('fd-is-free', 'EMFILE', hasFreeFd);

export function processes({ domains }: KernelModel): Operation<KernelState>[] {
  const { process, fd } = domains;
  return [
    operation({
      verb: 'close',
      summary: 'closes a descriptor; the last one of an object that nothing else holds frees it',
      params: { actor: process, fd },
      possible: [actorIsAlive],
      guards: [fdIsOpen],
      effect: closeFd,
    }),
    operation({
      verb: 'dup',
      summary: 'a second descriptor for what a descriptor refers to',
      params: { actor: process, fd },
      possible: [actorIsAlive],
      guards: [fdIsOpen, fdIsFree],
      effect: (s, actor, fd) => openFd(s, actor, objectBehind(s, actor, fd)),
      returns: { domain: fd, owner: 'actor' },
    }),
    operation({
      verb: 'send',
      summary: 'passes a descriptor to another process (SCM_RIGHTS); returns its number there',
      params: { actor: process, fd, to: process },
      possible: [
        actorIsAlive,
        possible('receiver-is-another', (_s, actor: number, _fd: number, to: number) => to !== actor),
      ],
      guards: [
        fdIsOpen,
        guard(
          'receiver-is-alive',
          'EPIPE',
          (s, _actor, _fd, to) => s.processes[to]!.live,
          'unix(7): the peer has closed',
        ),
        guard('receiver-has-a-free-fd', 'EMFILE', (s, _actor, _fd, to) => hasFreeFd(s, to)),
      ],
      effect: (s, actor, fd, to) => openFd(s, to, objectBehind(s, actor, fd)),
      returns: { domain: fd, owner: 'to' },
    }),
    operation({
      verb: 'crash',
      summary: 'the process is gone (SIGKILL, exit); all its descriptors are closed',
      params: { actor: process },
      possible: [actorIsAlive],
      effect: crash,
    }),
    operation({
      verb: 'restart',
      summary: 'a new process in the place of a dead one, with nothing open',
      params: { actor: process },
      possible: [possible('actor-is-dead', (s, actor: number) => !s.processes[actor]!.live)],
      effect: (s, actor) => {
        s.processes[actor]!.live = true;
      },
    }),
  ];
}

/** Source: kernel/exit.c, do_exit closes all files before the parent can know of it. */
function crash(s: KernelState, actor: number): void {
  const { fds } = s.processes[actor]!;
  s.processes[actor]!.live = false;
  s.processes[actor]!.unprivileged = 0;
  for (let i = 0; i < s.attachments.length; i++) {
    if (s.attachments[i]!.owner === actor) s.attachments[i]!.owner = NONE;
  }
  for (let fd = 0; fd < fds.length; fd++) if (fds.get(fd) !== NONE) closeFd(s, actor, fd);
}
