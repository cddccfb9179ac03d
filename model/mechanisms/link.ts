/**
 * Links: an attachment that lives as long as somebody holds its descriptor or a pin of it.
 *
 * Modelled: attaching to a device, and attaching an extension to the placeholder it was loaded for or, with a copied BTF, to
 * one of another program. A hook that is taken refuses. Left out: update in place and forced detach, which came later.
 * Source: the mails of 13 to 18 Nov 2019, https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo@ast-mbp.dhcp.thefacebook.com/
 */
import { guard, operation, type Operation } from '../machine/index.js';
import { NONE } from '../state/index.js';
import { occupant } from '../kernel/attachments.js';
import { isOpen, programBehind } from '../kernel/descriptors.js';
import { programObject } from '../kernel/lifetime.js';
import type { KernelModel, KernelState } from '../kernel/model.js';
import { attachmentsBound, isExtension, isNoExtension, isProgram, makeLink } from './attaching.js';
import { placeholderSignature } from './load.js';
import { actorIsAlive, fdIsFree, fdIsOpen } from './processes.js';

/** `attach(program, device)`: the hook of a device, owned by whoever holds the link. */
export function deviceLink({ domains, devices }: KernelModel): Operation<KernelState>[] {
  const { process, fd, device } = domains;
  return [
    operation({
      verb: 'attach',
      summary: 'attaches a program to a device that has none, and returns a descriptor of the link',
      params: { actor: process, program: fd, device },
      possible: [actorIsAlive, attachmentsBound],
      guards: [
        fdIsOpen,
        isProgram(),
        isNoExtension,
        guard(
          'device-is-free',
          'EBUSY',
          (s, _actor, _fd, device) => occupant(s, devices[device]!, NONE) === NONE,
          'the mail of 15 Nov 2019: while that FD is held nothing should be able to override the program',
        ),
        fdIsFree,
      ],
      effect: (s, actor, fd, device) =>
        makeLink(s, actor, programBehind(s, actor, fd), devices[device]!, NONE),
      returns: { domain: fd, owner: 'actor' },
    }),
  ];
}

/** `attach(extension)`: where it goes was said at load. */
export function boundExtensionLink({ domains }: KernelModel): Operation<KernelState>[] {
  const { process, fd } = domains;
  return [
    operation({
      name: 'attach-extension',
      verb: 'attach',
      summary:
        'puts an extension into the placeholder it was loaded for, and returns a descriptor of the link',
      params: { actor: process, program: fd },
      possible: [actorIsAlive, attachmentsBound],
      guards: [
        fdIsOpen,
        isProgram(),
        isExtension,
        guard('placeholder-is-free', 'EBUSY', (s, actor, fd) => {
          const { subprogram, target } = s.programs[programBehind(s, actor, fd)]!;
          return occupant(s, subprogram, programObject(target)) === NONE;
        }),
        fdIsFree,
      ],
      effect: (s, actor, fd) => {
        const program = programBehind(s, actor, fd);
        const { subprogram, target } = s.programs[program]!;
        return makeLink(s, actor, program, subprogram, programObject(target));
      },
      returns: { domain: fd, owner: 'actor' },
    }),
  ];
}

/** `attach(extension, target)`: the target is said now, and must have the BTF that was copied at load. */
export function comparedExtensionLink(k: KernelModel): Operation<KernelState>[] {
  const { process, fd } = k.domains;
  return [
    operation({
      name: 'attach-extension',
      verb: 'attach',
      summary:
        'puts an extension into the placeholder of a target whose BTF is the one it was verified against',
      params: { actor: process, program: fd, target: fd },
      possible: [actorIsAlive, attachmentsBound],
      guards: [
        fdIsOpen,
        isProgram(),
        isExtension,
        guard('target-fd-is-open', 'EBADF', (s, actor, _fd, target) => isOpen(s, actor, target)),
        guard(
          'target-is-a-program',
          'EINVAL',
          (s, actor, _fd, target) => programBehind(s, actor, target) !== NONE,
        ),
        guard(
          'copied-btf-agrees',
          'EINVAL',
          (s, actor, fd, target) => {
            const { btf, subprogram } = s.programs[programBehind(s, actor, fd)]!;
            return btf === 1 + placeholderSignature(k, s, programBehind(s, actor, target), subprogram);
          },
          'the mail of 15 Nov 2019, the "ugly alternative": compare the BTFs at attach',
        ),
        guard('placeholder-is-free', 'EBUSY', (s, actor, fd, target) => {
          const { subprogram } = s.programs[programBehind(s, actor, fd)]!;
          return occupant(s, subprogram, programObject(programBehind(s, actor, target))) === NONE;
        }),
        fdIsFree,
      ],
      effect: (s, actor, fd, target) => {
        const program = programBehind(s, actor, fd);
        const { subprogram } = s.programs[program]!;
        return makeLink(s, actor, program, subprogram, programObject(programBehind(s, actor, target)));
      },
      returns: { domain: fd, owner: 'actor' },
    }),
  ];
}
