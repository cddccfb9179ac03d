/**
 * Explicit replacement of a subprogram: `replace_sub_prog(prog_fd, btf_id, sub_prog_fd)`.
 *
 * Modelled: the target holds what replaces its subprograms, until it is replaced again, put back, or the target is freed.
 * The inverse was left open in the mails; here it is a call of its own, which anybody with a descriptor of the target can
 * make. Since nothing is known at load, the types are compared at the replacement.
 * Source: the mail of 15 Nov 2019,
 * https://lore.kernel.org/bpf/CACAyw98dcpu1b2nUf7ize2SJGJGd=mhqRK+PYQTx96gSBtbkNQ@mail.gmail.com/
 */
import { guard, operation, roomFor, type Guard, type Operation } from '../machine/index.js';
import { NONE } from '../state/index.js';
import { occupant } from '../kernel/attachments.js';
import { isOpen, programBehind } from '../kernel/descriptors.js';
import { detach, programObject } from '../kernel/lifetime.js';
import type { KernelModel, KernelState } from '../kernel/model.js';
import { roomAt, setAt } from './attaching.js';
import { placeholderSignature } from './load.js';
import { actorIsAlive } from './processes.js';

export function subProgReplace(k: KernelModel): Operation<KernelState>[] {
  const { process, fd, subprogram } = k.domains;
  const { subprograms } = k;
  const targetGuards: Guard<KernelState>[] = [
    guard('target-fd-is-open', 'EBADF', isOpen),
    guard('target-is-a-program', 'EINVAL', (s, actor, target) => programBehind(s, actor, target) !== NONE),
    guard(
      'target-has-the-subprogram',
      'EINVAL',
      (s, actor, target, sub) =>
        placeholderSignature(k, s, programBehind(s, actor, target), subprograms[sub]!) !== NONE,
    ),
  ];
  return [
    operation({
      name: 'replace-subprogram',
      verb: 'replace',
      summary: 'lets an extension run instead of a subprogram of the target, whatever ran there before',
      params: { actor: process, target: fd, subprogram, program: fd },
      possible: [
        actorIsAlive,
        roomFor('attachments', (s, actor, target, sub) =>
          roomAt(s, subprograms[sub]!, programObject(programBehind(s, actor, target))),
        ),
      ],
      guards: [
        ...targetGuards,
        guard('fd-is-open', 'EBADF', (s, actor, _target, _sub, fd) => isOpen(s, actor, fd)),
        guard(
          'fd-is-a-program',
          'EINVAL',
          (s, actor, _target, _sub, fd) => programBehind(s, actor, fd) !== NONE,
        ),
        guard(
          'program-is-an-extension',
          'EINVAL',
          (s, actor, _target, _sub, fd) =>
            s.kernel.sources[s.programs[programBehind(s, actor, fd)]!.source]!.kind === 'extension',
        ),
        guard(
          'signatures-agree',
          'EINVAL',
          (s, actor, target, sub, fd) =>
            placeholderSignature(k, s, programBehind(s, actor, target), subprograms[sub]!) ===
            k.extensionSignatures[s.programs[programBehind(s, actor, fd)]!.source],
        ),
      ],
      effect: (s, actor, target, sub, fd) => {
        const replaced = programObject(programBehind(s, actor, target));
        setAt(s, actor, programBehind(s, actor, fd), subprograms[sub]!, replaced);
      },
    }),
    operation({
      name: 'detach-subprogram',
      verb: 'detach',
      summary: 'puts the placeholder of the target back, whoever replaced it',
      params: { actor: process, target: fd, subprogram },
      possible: [actorIsAlive],
      guards: [
        ...targetGuards,
        guard('placeholder-is-replaced', 'ENOENT', (s, actor, target, sub) => {
          const replaced = programObject(programBehind(s, actor, target));
          return occupant(s, subprograms[sub]!, replaced) !== NONE;
        }),
      ],
      effect: (s, actor, target, sub) => {
        detach(s, occupant(s, subprograms[sub]!, programObject(programBehind(s, actor, target))));
      },
    }),
  ];
}
