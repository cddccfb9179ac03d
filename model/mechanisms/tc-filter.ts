/**
 * tc: clsact and cls_bpf filters.
 *
 * Modelled: the clsact qdisc as a container; filters of one device, one direction and one priority, with handles that the
 * kernel picks, lowest free first, from 1; adding without a handle always adds another filter, in front of the others;
 * replacing and deleting by handle, whoever made the filter; deleting the qdisc deletes all. A handle is a name that is used
 * again. Left out: priorities, protocols, chains, shared blocks, handles chosen by the caller for a filter that is not there.
 * Seen on Linux 6.18 and left out as well: a handle is named together with its device, so that without the qdisc the errno of
 * replace and detach is EINVAL; and deleting a qdisc that was never there is ENOENT, one that was there before EINVAL.
 * Source: net/sched/cls_bpf.c (cls_bpf_change, list_add_rcu), net/sched/cls_api.c, net/sched/sch_api.c.
 */
import { guard, operation, type Guard, type Operation } from '../machine/index.js';
import { attachAt, freeAttachmentSlot } from '../kernel/attachments.js';
import { programBehind } from '../kernel/descriptors.js';
import { detach } from '../kernel/lifetime.js';
import type { KernelModel, KernelState } from '../kernel/model.js';
import { NONE } from '../state/index.js';
import { attachmentsBound, isProgram, replaceIn } from './attaching.js';
import { actorIsAlive, fdIsOpen } from './processes.js';

export function tcFilter({ domains, devices }: KernelModel): Operation<KernelState>[] {
  const { process, fd, device, handle } = domains;
  const filterExists: Guard<KernelState> = guard(
    'filter-exists',
    'ENOENT',
    (s, _actor, handle) => s.attachments[handle]!.attached,
  );
  return [
    operation({
      verb: 'create_qdisc',
      summary: 'makes the clsact qdisc that filters of a device are in',
      params: { actor: process, device },
      possible: [actorIsAlive],
      guards: [guard('qdisc-is-absent', 'EEXIST', (s, _actor, device) => !s.containers.get(device))],
      effect: (s, _actor, device) => {
        s.containers.set(device, true);
      },
    }),
    operation({
      verb: 'delete_qdisc',
      summary: 'deletes the clsact qdisc of a device, and with it the filters of everybody',
      params: { actor: process, device },
      possible: [actorIsAlive],
      guards: [
        guard(
          'qdisc-exists',
          'EINVAL',
          (s, _actor, device) => s.containers.get(device),
          'sch_api.c: "Invalid handle"',
        ),
      ],
      effect: (s, _actor, device) => {
        s.containers.set(device, false);
        for (let i = 0; i < s.attachments.length; i++) {
          if (s.attachments[i]!.attached && s.attachments[i]!.hook === devices[device]) detach(s, i);
        }
      },
    }),
    operation({
      verb: 'attach',
      summary: 'adds a filter in front of the others; returns the handle the kernel picked',
      params: { actor: process, program: fd, device },
      possible: [actorIsAlive, attachmentsBound],
      guards: [
        guard(
          'qdisc-exists',
          'EINVAL',
          (s, _actor, _fd, device) => s.containers.get(device),
          'cls_api.c: "Parent Qdisc doesn\'t exists"',
        ),
        fdIsOpen,
        isProgram(),
      ],
      effect: (s, actor, fd, device) => addInFront(s, actor, programBehind(s, actor, fd), devices[device]!),
      returns: { domain: handle },
    }),
    operation({
      verb: 'replace',
      summary: 'another program in the filter with this handle, whoever made it',
      params: { actor: process, handle, program: fd },
      possible: [actorIsAlive],
      guards: [
        filterExists,
        guard('fd-is-open', 'EBADF', (s, actor, _handle, fd) => s.processes[actor]!.fds.get(fd) !== NONE),
        guard('fd-is-a-program', 'EINVAL', (s, actor, _handle, fd) => programBehind(s, actor, fd) !== NONE),
      ],
      effect: (s, actor, handle, fd) => {
        replaceIn(s, actor, handle, programBehind(s, actor, fd));
      },
    }),
    operation({
      verb: 'detach',
      summary: 'deletes the filter with this handle, whoever made it',
      params: { actor: process, handle },
      possible: [actorIsAlive],
      guards: [filterExists],
      effect: (s, _actor, handle) => {
        detach(s, handle);
      },
    }),
  ];
}

function addInFront(s: KernelState, actor: number, program: number, hook: number): number {
  const handle = freeAttachmentSlot(s);
  for (let i = 0; i < s.attachments.length; i++) {
    if (s.attachments[i]!.attached && s.attachments[i]!.hook === hook) s.attachments[i]!.rank++;
  }
  attachAt(s, handle, program, hook, NONE, actor);
  return handle;
}
