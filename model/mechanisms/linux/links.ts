/**
 * Links, whatever they attach: update, forced detach, and descriptors by id.
 *
 * Modelled: LINK_UPDATE with and without the expected old program, LINK_DETACH, LINK_GET_FD_BY_ID, PROG_GET_FD_BY_ID, and the
 * release of a link some time after its last pin was removed, in the order in which the kernel checks each kind of link. A link
 * that is off its hook is defunct: it keeps its id, its descriptors, its pins and its program, and goes nowhere any more. Left
 * out: ids that nobody uses any more (here an id is the number of a place, and used again), the moment in which a link that is
 * being made has an id already (EAGAIN), and what the calls say to flags and fields that do not exist.
 * Source: kernel/bpf/syscall.c, link_update, link_detach, bpf_link_by_id, bpf_link_put; and what each guard names.
 */
import { guard, operation, possible, roomFor, type Guard, type Operation } from '../../machine/index.js';
import { isDying, releaseDying } from '../../kernel/deferred.js';
import { isOpen, linkBehind, openFd, programBehind } from '../../kernel/descriptors.js';
import { attachmentObject, detach, isLink, programObject } from '../../kernel/lifetime.js';
import { hasRevisionFor } from '../../kernel/lists.js';
import { TEARDOWN, type KernelModel, type KernelState } from '../../kernel/model.js';
import { NONE } from '../../state/index.js';
import { replaceIn } from '../attaching.js';
import { actorIsAlive, fdIsFree, fdIsOpen } from '../processes.js';
import { authority } from './authority.js';
import type { LinuxFeature } from './kernel.js';
import { programTypes, type ProgramTypes } from './program-types.js';

export function links(k: KernelModel, features: ReadonlySet<LinuxFeature>): Operation<KernelState>[] {
  return [
    ...programById(k),
    ...(features.has('links') ? [...update(k), ...detachByForce(k), ...linkById(k)] : []),
    ...(features.has('deferred-unpin') || features.has('tc') ? [releaseLater(k)] : []),
  ];
}

const fdIsALink: Guard<KernelState> = guard(
  'fd-is-a-link',
  'EINVAL',
  (s, actor, link) => linkBehind(s, actor, link) !== NONE,
  'kernel/bpf/syscall.c, bpf_link_get_from_fd',
);

/** Where a link is, or was: which kind of link it is. */
function hookOf(s: KernelState, link: number) {
  return s.kernel.hooks[s.attachments[link]!.hook]!;
}

/** Links of programs: extensions, and probes of functions of a program. */
function isInProgram(s: KernelState, link: number): boolean {
  const { kind } = hookOf(s, link);
  return kind === 'subprogram' || kind === 'probe';
}

function isOfNamespace(s: KernelState, link: number): boolean {
  return hookOf(s, link).kind === 'namespace';
}

/** Whether a link is off its hook, or its network namespace is on its way out. */
function isDefunct(s: KernelState, link: number): boolean {
  if (!s.attachments[link]!.attached) return true;
  if (!isOfNamespace(s, link)) return false;
  const namespace = (s.kernel.linux.namespaces ?? []).indexOf(hookOf(s, link).of!);
  return ['leaving', 'gone'].includes(TEARDOWN[s.namespaces[namespace]!.teardown]!);
}

/** Whether a program is in a list already, by a link or not. */
function isInList(s: KernelState, hook: number, program: number): boolean {
  return s.attachments.some((entry) => entry.attached && entry.hook === hook && entry.program === program);
}

const sawExpected = (s: KernelState, actor: number, link: number, expected: number): boolean =>
  s.attachments[linkBehind(s, actor, link)]!.program === programBehind(s, actor, expected);

/**
 * LINK_UPDATE. Links of network namespaces compare the expected program and the type before they say that they are defunct; all
 * others say that first. An XDP link and one in a tcx list look at other things of the new program.
 */
function update(k: KernelModel): Operation<KernelState>[] {
  const { process, fd } = k.domains;
  const types = programTypes(k);
  const descriptors = [fdIsOpen, fdIsALink, ...programGuards('program')];
  const effect = (s: KernelState, actor: number, link: number, program: number): void => {
    replaceIn(s, actor, linkBehind(s, actor, link), programBehind(s, actor, program));
  };
  const roomToCount = roomFor<KernelState>('revisions', (s, actor, link) =>
    hasRevisionFor(s, s.attachments[linkBehind(s, actor, link)]!.hook, 0),
  );
  return [
    operation({
      verb: 'link_update',
      deed: 'replace',
      summary: 'another program in a link, whichever is in it; the link stays where it is',
      params: { actor: process, link: fd, program: fd },
      possible: [actorIsAlive, roomToCount],
      guards: [...descriptors, canBeUpdated, namespaceTakesType(types), isNotDefunct, ...fits(types)],
      effect,
    }),
    operation({
      verb: 'link_replace',
      deed: 'replace',
      summary: 'another program in a link, if the expected one is in it (BPF_F_REPLACE)',
      params: { actor: process, link: fd, program: fd, expected: fd },
      possible: [actorIsAlive, roomToCount],
      guards: [
        ...descriptors,
        ...expectedGuards,
        canBeUpdated,
        guard(
          'namespace-link-has-the-expected-program',
          'EPERM',
          (s, actor, link, _program, expected) =>
            !isOfNamespace(s, linkBehind(s, actor, link)) || sawExpected(s, actor, link, expected),
          'kernel/bpf/net_namespace.c, bpf_netns_link_update_prog',
        ),
        namespaceTakesType(types),
        isNotDefunct,
        guard(
          'link-has-the-expected-program',
          'EPERM',
          (s, actor, link, _program, expected) => sawExpected(s, actor, link, expected),
          'net/core/dev.c, bpf_xdp_link_update; kernel/bpf/tcx.c, tcx_link_update; kernel/bpf/cgroup.c, cgroup_bpf_replace',
        ),
        ...fits(types),
      ],
      effect,
    }),
  ];
}

function programGuards(name: 'program' | 'expected'): Guard<KernelState>[] {
  return [
    guard(`${name}-fd-is-open`, 'EBADF', (s, actor, _link, program) => isOpen(s, actor, program)),
    guard(
      `${name}-is-a-program`,
      'EINVAL',
      (s, actor, _link, program) => programBehind(s, actor, program) !== NONE,
    ),
  ];
}

const expectedGuards: Guard<KernelState>[] = [
  guard('expected-fd-is-open', 'EBADF', (s, actor, _link, _program, expected) => isOpen(s, actor, expected)),
  guard(
    'expected-is-a-program',
    'EINVAL',
    (s, actor, _link, _program, expected) => programBehind(s, actor, expected) !== NONE,
  ),
];

const canBeUpdated: Guard<KernelState> = guard(
  'link-can-be-updated',
  'EINVAL',
  (s, actor, link) => !isInProgram(s, linkBehind(s, actor, link)),
  'kernel/bpf/syscall.c, link_update: bpf_tracing_link_lops has no update_prog',
);

const isNotDefunct: Guard<KernelState> = guard(
  'link-is-not-defunct',
  'ENOLINK',
  (s, actor, link) => !isDefunct(s, linkBehind(s, actor, link)),
  'net/core/dev.c, bpf_xdp_link_update; kernel/bpf/tcx.c, cgroup.c, net_namespace.c',
);

function namespaceTakesType(types: ProgramTypes): Guard<KernelState> {
  return guard(
    'namespace-link-takes-the-type',
    'EINVAL',
    (s, actor, link, program) => {
      const updated = linkBehind(s, actor, link);
      const present = s.attachments[updated]!.program;
      return !isOfNamespace(s, updated) || types.sameType(s, present, programBehind(s, actor, program));
    },
    'kernel/bpf/net_namespace.c, bpf_netns_link_update_prog: before the namespace is looked at',
  );
}

/** Whether the new program may be where the link is. */
function fits(types: ProgramTypes): Guard<KernelState>[] {
  return [
    guard(
      'program-is-not-in-the-list',
      'EEXIST',
      (s, actor, link, program) => {
        const { hook, program: present } = s.attachments[linkBehind(s, actor, link)]!;
        const next = programBehind(s, actor, program);
        return s.kernel.hooks[hook]!.layer !== 'tcx' || next === present || !isInList(s, hook, next);
      },
      'kernel/bpf/mprog.c, bpf_mprog_attach: bpf_mprog_exists',
    ),
    guard(
      'link-takes-the-type',
      'EINVAL',
      (s, actor, link, program) => {
        const { hook, program: present } = s.attachments[linkBehind(s, actor, link)]!;
        const next = programBehind(s, actor, program);
        const { layer } = s.kernel.hooks[hook]!;
        const isXdp = layer === 'driver' || layer === 'generic';
        return isXdp ? types.sameKind(s, present, next) : types.sameType(s, present, next);
      },
      'net/core/dev.c, bpf_xdp_link_update: type and expected attach type; kernel/bpf/mprog.c and cgroup.c: the type',
    ),
  ];
}

/** LINK_DETACH: whoever has a descriptor of a link can take it off its hook. */
function detachByForce({ domains }: KernelModel): Operation<KernelState>[] {
  return [
    operation({
      verb: 'link_detach',
      deed: 'detach',
      summary: 'takes a link off its hook by force; those who hold it keep a defunct link',
      params: { actor: domains.process, link: domains.fd },
      possible: [actorIsAlive],
      guards: [
        fdIsOpen,
        fdIsALink,
        guard(
          'link-can-be-detached',
          'EOPNOTSUPP',
          (s, actor, link) => !isInProgram(s, linkBehind(s, actor, link)),
          'kernel/bpf/syscall.c, link_detach: bpf_tracing_link_lops has no detach',
        ),
      ],
      effect: (s, actor, link) => {
        detach(s, linkBehind(s, actor, link));
      },
    }),
  ];
}

/** LINK_GET_FD_BY_ID: a link whose last reference is gone has no id any more, also while it is still at its hook. */
function linkById(k: KernelModel): Operation<KernelState>[] {
  return [
    operation({
      verb: 'link_get_fd_by_id',
      deed: 'get',
      summary: 'opens a link by its id: a new descriptor for it',
      params: { actor: k.domains.process, id: k.domains.linkId },
      possible: [actorIsAlive],
      guards: [
        ...authority(k),
        guard(
          'link-has-the-id',
          'ENOENT',
          (s, _actor, id) => s.attachments[id]!.live && isLink(s, id) && !isDying(s, id),
          'kernel/bpf/syscall.c, bpf_link_by_id: bpf_link_inc_not_zero',
        ),
        fdIsFree,
      ],
      effect: (s, actor, id) => openFd(s, actor, attachmentObject(id)),
      returns: { domain: k.domains.fd, owner: 'actor' },
    }),
  ];
}

/** PROG_GET_FD_BY_ID. */
function programById(k: KernelModel): Operation<KernelState>[] {
  return [
    operation({
      verb: 'prog_get_fd_by_id',
      deed: 'get',
      summary: 'opens a program by its id: a new descriptor for it',
      params: { actor: k.domains.process, id: k.domains.programId },
      possible: [actorIsAlive],
      guards: [
        ...authority(k),
        guard(
          'program-has-the-id',
          'ENOENT',
          (s, _actor, id) => s.programs[id]!.live,
          'kernel/bpf/syscall.c, bpf_prog_get_fd_by_id',
        ),
        fdIsFree,
      ],
      effect: (s, actor, id) => openFd(s, actor, programObject(id)),
      returns: { domain: k.domains.fd, owner: 'actor' },
    }),
  ];
}

/**
 * The work item that a last unpin leaves behind, or a deleted filter. Seen on Linux 6.18: until it has run for a link, LINK_CREATE
 * on the hook is EBUSY, while the id is ENOENT and the name is gone; a filter's program is there a while longer.
 */
function releaseLater({ domains }: KernelModel): Operation<KernelState> {
  return operation({
    verb: 'release',
    summary:
      'the kernel carries out the release of a link whose last pin was removed, or of a deleted filter',
    params: { link: domains.linkId },
    possible: [possible('link-is-to-be-released', isDying)],
    spontaneous: true,
    effect: releaseDying,
  });
}
