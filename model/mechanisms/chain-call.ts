/**
 * Chain calls: which program the kernel calls after another has returned.
 *
 * Modelled: edges that any holder of the previous program's descriptor sets and removes; an edge holds the next program and
 * goes with the previous one; nothing keeps a cycle from being made. Left out: that edges differ by return code (one edge a
 * program stands for the wildcard), and reading an edge.
 * Source: the mail of 7 Oct 2019, "xdp: Support multiple programs on a single interface through chain calls", v3,
 * https://lore.kernel.org/bpf/157046883502.2092443.146052429591277809.stgit@alrua-x1/
 */
import { guard, operation, roomFor, type Guard, type Operation } from '../machine/index.js';
import { NONE } from '../state/index.js';
import { occupant } from '../kernel/attachments.js';
import { isOpen, programBehind } from '../kernel/descriptors.js';
import { detach, programObject } from '../kernel/lifetime.js';
import type { KernelModel, KernelState } from '../kernel/model.js';
import { roomAt, setAt } from './attaching.js';
import { actorIsAlive } from './processes.js';

export function chainCall({ domains, edges }: KernelModel): Operation<KernelState>[] {
  const { process, fd, edge } = domains;
  const after = (s: KernelState, actor: number, previous: number): number =>
    programObject(programBehind(s, actor, previous));
  const previousGuards: Guard<KernelState>[] = [
    guard('previous-fd-is-open', 'EBADF', isOpen),
    guard('previous-is-a-program', 'EINVAL', (s, actor, fd) => programBehind(s, actor, fd) !== NONE),
  ];
  return [
    operation({
      name: 'attach-chain',
      verb: 'attach',
      summary: 'lets a program be called after another, whatever was called there before',
      params: { actor: process, previous: fd, edge, program: fd },
      possible: [
        actorIsAlive,
        roomFor('attachments', (s, actor, previous, edge) =>
          roomAt(s, edges[edge]!, after(s, actor, previous)),
        ),
      ],
      guards: [
        ...previousGuards,
        guard('next-fd-is-open', 'EBADF', (s, actor, _previous, _edge, fd) => isOpen(s, actor, fd)),
        guard(
          'next-is-a-program',
          'EINVAL',
          (s, actor, _previous, _edge, fd) => programBehind(s, actor, fd) !== NONE,
        ),
      ],
      effect: (s, actor, previous, edge, fd) => {
        setAt(s, actor, programBehind(s, actor, fd), edges[edge]!, after(s, actor, previous));
      },
    }),
    operation({
      name: 'detach-chain',
      verb: 'detach',
      summary: 'removes what is called after a program, whoever put it there',
      params: { actor: process, previous: fd, edge },
      possible: [actorIsAlive],
      guards: [
        ...previousGuards,
        guard(
          'edge-exists',
          'ENOENT',
          (s, actor, previous, edge) => occupant(s, edges[edge]!, after(s, actor, previous)) !== NONE,
        ),
      ],
      effect: (s, actor, previous, edge) => {
        detach(s, occupant(s, edges[edge]!, after(s, actor, previous)));
      },
    }),
  ];
}
