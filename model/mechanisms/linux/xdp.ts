/**
 * XDP on a device: by netlink, where whoever comes last wins, and by links, which nobody can override.
 *
 * Modelled: the driver's and the generic mode, of which one at a time can have a program; set, set only if empty, replace with an
 * expected program, and clear, each in a mode that is named or, if none is, in the driver's; LINK_CREATE; and which of them goes
 * before which. Left out: devices without a driver mode, hardware offload, upper devices, what a driver itself refuses, and a
 * netlink call with both XDP_FLAGS_REPLACE and XDP_FLAGS_UPDATE_IF_NOEXIST.
 * Source: net/core/dev.c, dev_change_xdp_fd, dev_xdp_attach, bpf_xdp_link_attach; each errno seen on Linux 6.18.
 */
import {
  domain,
  guard,
  operation,
  optional,
  roomFor,
  type Errno,
  type Guard,
  type Operation,
} from '../../machine/index.js';
import { occupant, programAt } from '../../kernel/attachments.js';
import { programBehind } from '../../kernel/descriptors.js';
import { detach, isLink } from '../../kernel/lifetime.js';
import { hookIn, XDP_LAYERS, type KernelModel, type KernelState } from '../../kernel/model.js';
import { NONE } from '../../state/index.js';
import { attachmentsBound, isProgram, makeLink, roomAt, setAt } from '../attaching.js';
import { actorIsAlive, fdIsFree, fdIsOpen } from '../processes.js';
import { authority } from './authority.js';
import { isHere } from './devices.js';
import type { LinuxFeature } from './kernel.js';
import { programTypes } from './program-types.js';

/** The modes as calls name them, in the order of their hooks. A call that names none means the first. */
const XDP_MODES = ['drv', 'skb'] as const;

export function xdp(k: KernelModel, features: ReadonlySet<LinuxFeature>): Operation<KernelState>[] {
  if (!features.has('xdp')) return [];
  return [...netlink(k), ...(features.has('links') ? [replaceExpected(k), link(k)] : [])];
}

/** Which hook a call is about. */
function hooksOf({ hooks, domains }: KernelModel) {
  const hook = domains.device.values.map((of) => XDP_LAYERS.map((layer) => hookIn(hooks, of, layer)));
  const numberOf = (mode: number): number => (mode === NONE ? 0 : mode);
  return {
    hook: (device: number, mode: number): number => hook[device]![numberOf(mode)]!,
    otherHook: (device: number, mode: number): number => hook[device]![1 - numberOf(mode)]!,
  };
}

function isLinkAt(s: KernelState, hook: number): boolean {
  const present = occupant(s, hook, NONE);
  return present !== NONE && isLink(s, present);
}

/** The checks of a call that names a program, a device and a mode, in this order. */
function rulesOf(k: KernelModel) {
  const { hook, otherHook } = hooksOf(k);
  const types = programTypes(k);
  return {
    hook,
    exists: (errno: Errno): Guard<KernelState> =>
      guard(
        'device-exists',
        errno,
        (s, _actor, _fd, device) => isHere(s, device),
        errno === 'ENODEV'
          ? 'net/core/rtnetlink.c, rtnl_setlink'
          : 'net/core/dev.c, bpf_xdp_link_attach: EINVAL, not ENODEV',
      ),
    isXdp: types.isOfType('xdp'),
    fitsLink: types.fitsLink('xdp'),
    hasNoLink: guard<KernelState>(
      'mode-has-no-link',
      'EBUSY',
      (s, _actor, _fd, device, mode) => !isLinkAt(s, hook(device, mode)),
      'net/core/dev.c, dev_xdp_attach: "Can\'t replace active BPF XDP link"',
    ),
    isEmpty: guard<KernelState>(
      'mode-is-empty',
      'EBUSY',
      (s, _actor, _fd, device, mode) => occupant(s, hook(device, mode), NONE) === NONE,
      'net/core/dev.c, dev_xdp_attach: "Can\'t replace active XDP program with BPF link", "XDP program already attached"',
    ),
    otherModeIsEmpty: guard<KernelState>(
      'other-mode-is-empty',
      'EEXIST',
      (s, _actor, _fd, device, mode) => occupant(s, otherHook(device, mode), NONE) === NONE,
      'net/core/dev.c, dev_xdp_attach: "Native and generic XDP can\'t be active at the same time"',
    ),
    isForDevices: types.isNotOfKind('xdp/devmap'),
    roomToSet: roomFor<KernelState>('attachments', (s, _actor, _fd, device, mode) =>
      roomAt(s, hook(device, mode), NONE),
    ),
  };
}

/** RTM_SETLINK with IFLA_XDP, as it was from the start. */
function netlink(k: KernelModel): Operation<KernelState>[] {
  const { process, fd, device } = k.domains;
  const mode = optional(domain('mode', XDP_MODES));
  const rules = rulesOf(k);
  const { hook } = rules;
  const named = [
    ...authority(k),
    rules.exists('ENODEV'),
    fdIsOpen,
    isProgram(),
    rules.isXdp,
    rules.hasNoLink,
  ];
  const set = (s: KernelState, actor: number, fd: number, device: number, mode: number): void => {
    setAt(s, actor, programBehind(s, actor, fd), hook(device, mode), NONE);
  };
  return [
    operation({
      verb: 'xdp_set',
      deed: 'attach',
      layer: 'xdp',
      summary: 'sets the program of a device, whatever netlink set there before',
      params: { actor: process, program: fd, device, mode },
      possible: [actorIsAlive, rules.roomToSet],
      guards: [...named, rules.otherModeIsEmpty, rules.isForDevices],
      effect: set,
    }),
    operation({
      verb: 'xdp_set_if_empty',
      deed: 'attach_if_empty',
      layer: 'xdp',
      summary: 'sets the program of a device if it has none (XDP_FLAGS_UPDATE_IF_NOEXIST)',
      params: { actor: process, program: fd, device, mode },
      possible: [actorIsAlive, attachmentsBound],
      guards: [...named, rules.isEmpty, rules.otherModeIsEmpty, rules.isForDevices],
      effect: set,
    }),
    operation({
      verb: 'xdp_clear',
      deed: 'detach',
      layer: 'xdp',
      summary: 'clears the program of a device in one mode, whoever set it; clearing an empty one succeeds',
      params: { actor: process, device, mode },
      possible: [actorIsAlive],
      guards: [
        ...authority(k),
        guard(
          'device-exists',
          'ENODEV',
          (s, _actor, device) => isHere(s, device),
          rules.exists('ENODEV').source,
        ),
        guard(
          'mode-has-no-link',
          'EBUSY',
          (s, _actor, device, mode) => !isLinkAt(s, hook(device, mode)),
          rules.hasNoLink.source,
        ),
      ],
      effect: (s, _actor, device, mode) => {
        clear(s, hook(device, mode));
      },
    }),
  ];
}

function clear(s: KernelState, hook: number): void {
  const present = occupant(s, hook, NONE);
  if (present !== NONE) detach(s, present);
}

/** RTM_SETLINK with XDP_FLAGS_REPLACE and IFLA_XDP_EXPECTED_FD; without a program it clears. Linux commit 92234c8f15c8. */
function replaceExpected(k: KernelModel): Operation<KernelState> {
  const { process, fd, device } = k.domains;
  const rules = rulesOf(k);
  const { hook } = rules;
  const program = (s: KernelState, actor: number, fd: number): number =>
    fd === NONE ? NONE : programBehind(s, actor, fd);
  return operation({
    verb: 'xdp_replace',
    deed: 'replace',
    layer: 'xdp',
    summary:
      'sets or clears the program of a device if the present one is the expected one; none means empty (XDP_FLAGS_REPLACE)',
    params: {
      actor: process,
      program: optional(fd),
      device,
      mode: optional(domain('mode', XDP_MODES)),
      expected: optional(fd),
    },
    possible: [
      actorIsAlive,
      roomFor(
        'attachments',
        (s, actor, fd, device, mode) => fd === NONE || rules.roomToSet.test(s, actor, fd, device, mode),
      ),
    ],
    guards: [
      ...authority(k),
      rules.exists('ENODEV'),
      ...[fdIsOpen, isProgram(), rules.isXdp].map(ifProgramIsGiven),
      ...[fdIsOpen, isProgram(), rules.isXdp].map(ifExpectedIsGiven),
      rules.hasNoLink,
      guard(
        'mode-has-the-expected-program',
        'EEXIST',
        (s, actor, _fd, device, mode, expected) =>
          programAt(s, hook(device, mode), NONE) === program(s, actor, expected),
        'net/core/dev.c, dev_xdp_attach: "Active program does not match expected"',
      ),
      ifProgramIsGiven(rules.otherModeIsEmpty),
      ifProgramIsGiven(rules.isForDevices),
    ],
    effect: (s, actor, fd, device, mode) => {
      if (fd === NONE) clear(s, hook(device, mode));
      else setAt(s, actor, programBehind(s, actor, fd), hook(device, mode), NONE);
    },
  });
}

/** A check of a call whose program may be left out: then there is nothing to check. */
function ifProgramIsGiven({ name, errno, test, source }: Guard<KernelState>): Guard<KernelState> {
  return test.length > 3
    ? guard(
        name,
        errno,
        (s, actor, fd, device, mode) => fd === NONE || test(s, actor, fd, device, mode),
        source,
      )
    : guard(name, errno, (s, actor, fd) => fd === NONE || test(s, actor, fd), source);
}

/** The same check of the program that is expected, the last argument. */
function ifExpectedIsGiven({ name, errno, test, source }: Guard<KernelState>): Guard<KernelState> {
  return guard(
    `expected-${name}`,
    errno,
    (s, actor, _fd, _device, _mode, expected) => expected === NONE || test(s, actor, expected),
    source,
  );
}

/** LINK_CREATE with BPF_XDP. Linux commit aa8d3a716b59. It needs no capability: the descriptor of the program is enough. */
function link(k: KernelModel): Operation<KernelState> {
  const { process, fd, device } = k.domains;
  const rules = rulesOf(k);
  return operation({
    verb: 'xdp_link',
    deed: 'attach',
    layer: 'xdp',
    summary: 'attaches a program to a device that has none by a link, and returns a descriptor of it',
    params: { actor: process, program: fd, device, mode: optional(domain('mode', XDP_MODES)) },
    possible: [actorIsAlive, attachmentsBound],
    guards: [
      fdIsOpen,
      isProgram(),
      ...rules.fitsLink,
      rules.exists('EINVAL'),
      fdIsFree,
      rules.isEmpty,
      rules.otherModeIsEmpty,
      rules.isForDevices,
    ],
    effect: (s, actor, fd, device, mode) =>
      makeLink(s, actor, programBehind(s, actor, fd), rules.hook(device, mode), NONE),
    returns: { domain: fd, owner: 'actor' },
  });
}
