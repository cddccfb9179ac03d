/**
 * Authority: what a process may still do without capabilities.
 *
 * Modelled: a process that drops all its capabilities (capset(2)) and keeps its descriptors; a new process in its place has them
 * again. Whoever has a descriptor of a program or a link may attach, update and detach with it all the same: descriptors are
 * capabilities of their own. Left out: single capabilities, users other than root (so that a file of root's stays accessible),
 * and kernel.unprivileged_bpf_disabled other than 2.
 * Source: kernel/bpf/syscall.c; seen on Linux 6.18.
 */
import { guard, operation, type Guard, type Operation } from '../../machine/index.js';
import type { KernelModel, KernelState } from '../../kernel/model.js';
import { actorIsAlive } from '../processes.js';

/** For calls that ask for CAP_NET_ADMIN, CAP_BPF or CAP_SYS_ADMIN. */
export const isPrivileged: Guard<KernelState> = guard(
  'actor-is-privileged',
  'EPERM',
  (s, actor) => s.processes[actor]!.unprivileged === 0,
  'net/core/rtnetlink.c, rtnetlink_rcv_msg: netlink_net_capable; kernel/bpf/syscall.c: capable, bpf_capable',
);

/** The check of a call that only the privileged can make, where processes can drop their capabilities. */
export function authority({ options }: KernelModel): Guard<KernelState>[] {
  return options.linux?.authority ? [isPrivileged] : [];
}

export function dropCapabilities({ domains }: KernelModel): Operation<KernelState>[] {
  return [
    operation({
      verb: 'drop_capabilities',
      summary: 'gives up all capabilities, and keeps what is open (capset)',
      params: { actor: domains.process },
      possible: [actorIsAlive],
      effect: (s, actor) => {
        s.processes[actor]!.unprivileged = 1;
      },
    }),
  ];
}
