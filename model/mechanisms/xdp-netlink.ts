/**
 * XDP by netlink: one program for each device, kept by the device, and nobody owns anything.
 *
 * Modelled: set, set only if empty (2016), clear, and replace with an expected program (5.7). Left out: the modes
 * (generic, driver, hardware), upper devices, and links.
 * Source: net/core/dev.c, dev_xdp_attach; net/core/rtnetlink.c; Linux commit 92234c8f15c8 for the expected program.
 */
import { guard, operation, optional, roomFor, type Guard, type Operation } from '../machine/index.js';
import { NONE } from '../state/index.js';
import { occupant, programAt } from '../kernel/attachments.js';
import { isOpen, programBehind } from '../kernel/descriptors.js';
import { detach } from '../kernel/lifetime.js';
import type { KernelModel, KernelState } from '../kernel/model.js';
import { attachmentsBound, isNoExtension, isProgram, roomAt, setAt } from './attaching.js';
import { actorIsAlive, fdIsOpen } from './processes.js';

/** Set and clear. */
export function xdpNetlink({ domains, devices }: KernelModel): Operation<KernelState>[] {
  const { process, fd, device } = domains;
  const set = (s: KernelState, actor: number, fd: number, device: number): void => {
    setAt(s, actor, programBehind(s, actor, fd), devices[device]!, NONE);
  };
  return [
    operation({
      verb: 'attach',
      summary: 'sets the program of a device, whatever was there before',
      params: { actor: process, program: fd, device },
      possible: [
        actorIsAlive,
        roomFor('attachments', (s, _actor, _fd, device) => roomAt(s, devices[device]!, NONE)),
      ],
      guards: [fdIsOpen, isProgram(), isNoExtension],
      effect: set,
    }),
    operation({
      verb: 'detach',
      summary: 'clears the program of a device, whoever set it; clearing an empty one succeeds',
      params: { actor: process, device },
      possible: [actorIsAlive],
      effect: (s, _actor, device) => {
        const present = occupant(s, devices[device]!, NONE);
        if (present !== NONE) detach(s, present);
      },
    }),
  ];
}

/** Set only if nothing is there: XDP_FLAGS_UPDATE_IF_NOEXIST. */
export function xdpNetlinkIfEmpty({ domains, devices }: KernelModel): Operation<KernelState>[] {
  const { process, fd, device } = domains;
  return [
    operation({
      verb: 'attach_if_empty',
      summary: 'sets the program of a device if it has none',
      params: { actor: process, program: fd, device },
      possible: [actorIsAlive, attachmentsBound],
      guards: [
        fdIsOpen,
        isProgram(),
        isNoExtension,
        guard(
          'device-is-empty',
          'EBUSY',
          (s, _actor, _fd, device) => occupant(s, devices[device]!, NONE) === NONE,
          'net/core/dev.c, dev_xdp_attach: EBUSY even for the same program',
        ),
      ],
      effect: (s, actor, fd, device) => {
        setAt(s, actor, programBehind(s, actor, fd), devices[device]!, NONE);
      },
    }),
  ];
}

/** Replace with an expected program: XDP_FLAGS_REPLACE and IFLA_XDP_EXPECTED_FD. */
export function xdpNetlinkExpected({ domains, devices }: KernelModel): Operation<KernelState>[] {
  const { process, fd, device } = domains;
  const openOrNone = (s: KernelState, actor: number, fd: number): boolean =>
    fd === NONE || isOpen(s, actor, fd);
  const programOrNone = (s: KernelState, actor: number, fd: number): boolean =>
    fd === NONE || programBehind(s, actor, fd) !== NONE;
  const program = (s: KernelState, actor: number, fd: number): number =>
    fd === NONE ? NONE : programBehind(s, actor, fd);
  const sawExpected: Guard<KernelState> = guard(
    'device-has-the-expected-program',
    'EEXIST',
    (s, actor, expected, _fd, device) => programAt(s, devices[device]!, NONE) === program(s, actor, expected),
    'net/core/dev.c, dev_xdp_attach: "Active program does not match expected"',
  );
  return [
    operation({
      verb: 'replace',
      summary:
        'sets or clears the program of a device if the present one is the expected one; none means empty',
      params: { actor: process, expected: optional(fd), program: optional(fd), device },
      possible: [
        actorIsAlive,
        roomFor(
          'attachments',
          (s, _actor, _expected, fd, device) => fd === NONE || roomAt(s, devices[device]!, NONE),
        ),
      ],
      guards: [
        guard('fd-is-open', 'EBADF', (s, actor, _expected, fd) => openOrNone(s, actor, fd)),
        guard('fd-is-a-program', 'EINVAL', (s, actor, _expected, fd) => programOrNone(s, actor, fd)),
        guard('expected-fd-is-open', 'EBADF', (s, actor, expected) => openOrNone(s, actor, expected)),
        guard('expected-is-a-program', 'EINVAL', (s, actor, expected) => programOrNone(s, actor, expected)),
        sawExpected,
      ],
      effect: (s, actor, _expected, fd, device) => {
        const hook = devices[device]!;
        const present = occupant(s, hook, NONE);
        if (fd !== NONE) setAt(s, actor, programBehind(s, actor, fd), hook, NONE);
        else if (present !== NONE) detach(s, present);
      },
    }),
  ];
}
