/**
 * cgroups: programs of one attach type, for a cgroup and those below it.
 *
 * Modelled: a parent and a child; the modes that the first PROG_ATTACH to a cgroup chooses (one program, one that those below may
 * override, a list); replacing; LINK_CREATE; where kernels have them, anchors and the expected revision; PROG_DETACH, which in the
 * modes with one program takes off whatever is there; removing a cgroup, whose links work until the kernel tears it down later.
 * Left out: BPF_F_PREORDER, several attach types, anchors by id, sockets that outlive their cgroup, and the limit of 64 where the
 * model is not told a smaller one.
 * Source: kernel/bpf/cgroup.c; each errno seen on Linux 6.18.
 */
import {
  domain,
  guard,
  operation,
  optional,
  possible,
  roomFor,
  type Domain,
  type Guard,
  type Operation,
} from '../../machine/index.js';
import { NONE } from '../../state/index.js';
import { hasFreeAttachment, occupant } from '../../kernel/attachments.js';
import {
  EMPTY,
  MULTI,
  SINGLE,
  effectivePrograms,
  hasChild,
  isPresent,
  isRemoved,
  makeCgroup,
  parentOf,
  removeCgroup,
  tearDownCgroup,
} from '../../kernel/cgroups.js';
import { isOpen, programBehind } from '../../kernel/descriptors.js';
import { detach, isLink } from '../../kernel/lifetime.js';
import { entriesAt, hasRevisionFor } from '../../kernel/lists.js';
import { CGROUP_MODES, hookIn, type KernelModel, type KernelState } from '../../kernel/model.js';
import { attachmentsBound, isProgram, replaceIn } from '../attaching.js';
import { actorIsAlive, fdIsFree, fdIsOpen } from '../processes.js';
import { linkAnchor, programAnchor, rankBeside, type Anchor, type Side } from './anchors.js';
import {
  insertLink,
  insertProgram,
  listHasRoom,
  revisionAgrees,
  roomToCount,
  type HookOf,
} from './entries.js';
import type { LinuxFeature } from './kernel.js';
import { programTypes } from './program-types.js';

const SOURCE = 'kernel/bpf/cgroup.c';
const ATTACH = `${SOURCE}, __cgroup_bpf_attach`;

export function cgroups(k: KernelModel, features: ReadonlySet<LinuxFeature>): Operation<KernelState>[] {
  if (!features.has('cgroup')) return [];
  const isOrdered = features.has('cgroup-order');
  const call = callOf(k, isOrdered);
  const program = programAnchor(k.domains, () => true, `${SOURCE}, get_prog_list: bpf_get_anchor_prog`);
  const link = linkAnchor(k.domains, () => true, `${SOURCE}, get_prog_list: bpf_get_anchor_link`);
  return [
    attach(call),
    replace(call),
    ...(isOrdered
      ? [beside(call, PROG_ATTACH, 'before', program), beside(call, PROG_ATTACH, 'after', program)]
      : []),
    ...(features.has('links') ? [createLink(call)] : []),
    ...(features.has('links') && isOrdered
      ? [beside(call, LINK_CREATE, 'before', link), beside(call, LINK_CREATE, 'after', link)]
      : []),
    detachProgram(call),
    ...comeAndGo(k),
    observe(k),
  ];
}

/** What the calls have in common. */
interface Call {
  readonly k: KernelModel;
  readonly hookOf: HookOf;
  /** The parameter for an expected revision, where calls have one, and the check of it. */
  readonly revision: Readonly<Record<string, Domain>>;
  readonly hasRevision: (behind: 'place' | 'one-more', source: string) => Guard<KernelState>[];
}

function callOf(k: KernelModel, isOrdered: boolean): Call {
  const hooks = k.domains.cgroup.values.map((of) => hookIn(k.hooks, of, 'cgroup'));
  const hookOf: HookOf = (cgroup) => hooks[cgroup]!;
  return {
    k,
    hookOf,
    revision: isOrdered ? { revision: optional(k.domains.revision) } : {},
    hasRevision: (behind, source) => (isOrdered ? [revisionAgrees(hookOf, behind, source)] : []),
  };
}

/** The two calls that attach. */
interface Way {
  readonly verb: string;
  readonly says: string;
  readonly isLink: boolean;
}
const PROG_ATTACH: Way = { verb: 'cgroup_attach', says: 'attaches a program', isLink: false };
const LINK_CREATE: Way = { verb: 'cgroup_link', says: 'attaches a program by a link', isLink: true };

/** The checks on the program and the cgroup. A program of cgroups may be loaded without rights; they are asked for here. */
function named({ k }: Call, way: Way): Guard<KernelState>[] {
  return [
    fdIsOpen,
    isProgram(),
    programTypes(k).isOfType('cgroup_skb'),
    ...(k.options.linux?.authority
      ? [
          guard<KernelState>(
            'actor-is-privileged',
            way.isLink ? 'EPERM' : 'EINVAL',
            (s, actor) => s.processes[actor]!.unprivileged === 0,
            'kernel/bpf/syscall.c, bpf_prog_attach_check_attach_type: EPERM, of which bpf_prog_attach makes EINVAL',
          ),
        ]
      : []),
    cgroupIsThere,
    ...(way.isLink ? [fdIsFree] : []),
  ];
}

/** A descriptor of a removed cgroup's directory names nothing. */
const cgroupIsThere: Guard<KernelState> = guard(
  'cgroup-is-there',
  'ENOENT',
  (s, _actor, _fd, cgroup) => isPresent(s, cgroup),
  'kernel/cgroup/cgroup.c, cgroup_v1v2_get_from_fd: css_tryget_online_from_dir',
);

const parentAllowsIt: Guard<KernelState> = guard(
  'parent-allows-it',
  'EPERM',
  (s, _actor, _fd, cgroup) => {
    const parent = parentOf(cgroup);
    return parent === NONE || s.cgroups[parent]!.mode !== SINGLE;
  },
  `${SOURCE}, hierarchy_allows_attach`,
);

const MODE = 'mode-is-that-of-the-others';
const MODE_SOURCE = `${ATTACH}: disallow attaching non-overridable on top of existing overridable`;

const othersAreInAList: Guard<KernelState> = guard(
  MODE,
  'EPERM',
  (s, _actor, _fd, cgroup) => [EMPTY, MULTI].includes(s.cgroups[cgroup]!.mode),
  MODE_SOURCE,
);

function listHasRoomIn({ k, hookOf }: Call): Guard<KernelState>[] {
  return listHasRoom(
    k.options.linux ?? {},
    hookOf,
    'E2BIG',
    `${ATTACH}: BPF_CGROUP_MAX_PROGS, also for BPF_F_REPLACE`,
  );
}

/** The entry that has this program and was not made by a link, or NONE. */
function direct(s: KernelState, hook: number, program: number): number {
  for (let i = 0; i < s.attachments.length; i++) {
    const entry = s.attachments[i]!;
    if (entry.attached && entry.hook === hook && entry.program === program && !isLink(s, i)) return i;
  }
  return NONE;
}

const TWICE = 'program-is-not-attached-itself';
const TWICE_SOURCE = `${SOURCE}, find_attach_entry: disallow attaching the same prog twice`;

function isNoDuplicate({ hookOf }: Call): Guard<KernelState> {
  return guard(
    TWICE,
    'EINVAL',
    (s, actor, fd, cgroup) => direct(s, hookOf(cgroup), programBehind(s, actor, fd)) === NONE,
    TWICE_SOURCE,
  );
}

/** PROG_ATTACH without flags, with BPF_F_ALLOW_OVERRIDE, or with BPF_F_ALLOW_MULTI. */
function attach(call: Call): Operation<KernelState> {
  const { k, hookOf } = call;
  const { process, fd, cgroup } = k.domains;
  const modes = domain('mode', CGROUP_MODES.slice(1));
  /** Whether it goes into the place of the one program there is. */
  const replaces = (s: KernelState, cgroup: number, mode: number): boolean =>
    mode + 1 !== MULTI && s.cgroups[cgroup]!.mode !== EMPTY;
  return operation({
    verb: 'cgroup_attach',
    deed: 'attach',
    layer: 'cgroup',
    summary: 'attaches a program to a cgroup; in the modes with one program, in the place of what is there',
    params: { actor: process, program: fd, cgroup, mode: modes, ...call.revision },
    possible: [
      actorIsAlive,
      roomFor(
        'attachments',
        (s, _actor, _fd, cgroup, mode) => replaces(s, cgroup, mode) || hasFreeAttachment(s),
      ),
      roomFor('revisions', (s, _actor, _fd, cgroup, mode) =>
        hasRevisionFor(s, hookOf(cgroup), replaces(s, cgroup, mode) ? 0 : 1),
      ),
    ],
    guards: [
      ...named(call, PROG_ATTACH),
      ...call.hasRevision('one-more', ATTACH),
      parentAllowsIt,
      guard(
        MODE,
        'EPERM',
        (s, _actor, _fd, cgroup, mode) => [EMPTY, mode + 1].includes(s.cgroups[cgroup]!.mode),
        MODE_SOURCE,
      ),
      ...listHasRoomIn(call),
      guard(
        TWICE,
        'EINVAL',
        (s, actor, fd, cgroup, mode) =>
          mode + 1 !== MULTI || direct(s, hookOf(cgroup), programBehind(s, actor, fd)) === NONE,
        TWICE_SOURCE,
      ),
    ],
    effect: (s, actor, fd, cgroup, mode) => {
      const hook = hookOf(cgroup);
      const program = programBehind(s, actor, fd);
      if (replaces(s, cgroup, mode)) replaceIn(s, actor, occupant(s, hook, NONE), program);
      else insertProgram(s, actor, program, hook, entriesAt(s, hook));
      s.cgroups[cgroup]!.mode = mode + 1;
    },
  });
}

/** PROG_ATTACH with BPF_F_ALLOW_MULTI and BPF_F_REPLACE. */
function replace(call: Call): Operation<KernelState> {
  const { k, hookOf } = call;
  const { process, fd, cgroup } = k.domains;
  const types = programTypes(k);
  const old = (s: KernelState, actor: number, cgroup: number, replaced: number): number =>
    direct(s, hookOf(cgroup), programBehind(s, actor, replaced));
  return operation({
    verb: 'cgroup_replace',
    deed: 'replace',
    layer: 'cgroup',
    summary: 'another program in the place of one in the list of a cgroup',
    params: { actor: process, program: fd, cgroup, replaced: fd, ...call.revision },
    possible: [actorIsAlive, roomToCount(hookOf, 0)],
    guards: [
      ...named(call, PROG_ATTACH),
      guard(
        'replaced-fd-is-open',
        'EBADF',
        (s, actor, _fd, _cgroup, replaced) => isOpen(s, actor, replaced),
        `${SOURCE}, cgroup_bpf_prog_attach: bpf_prog_get_type(replace_bpf_fd)`,
      ),
      guard('replaced-is-a-program', 'EINVAL', (s, actor, fd, _cgroup, replaced) => {
        const program = programBehind(s, actor, replaced);
        return program !== NONE && types.sameType(s, program, programBehind(s, actor, fd));
      }),
      ...call.hasRevision('one-more', ATTACH),
      parentAllowsIt,
      othersAreInAList,
      ...listHasRoomIn(call),
      guard(
        TWICE,
        'EINVAL',
        (s, actor, fd, cgroup, replaced) => {
          const program = programBehind(s, actor, fd);
          return program === programBehind(s, actor, replaced) || direct(s, hookOf(cgroup), program) === NONE;
        },
        TWICE_SOURCE,
      ),
      guard(
        'replaced-is-attached-itself',
        'ENOENT',
        (s, actor, _fd, cgroup, replaced) => old(s, actor, cgroup, replaced) !== NONE,
        `${SOURCE}, find_attach_entry: prog to replace not found for cgroup`,
      ),
    ],
    effect: (s, actor, fd, cgroup, replaced) => {
      replaceIn(s, actor, old(s, actor, cgroup, replaced), programBehind(s, actor, fd));
    },
  });
}

/** LINK_CREATE: always into a list, and as often as one likes. */
function createLink(call: Call): Operation<KernelState> {
  const { k, hookOf } = call;
  const { process, fd, cgroup } = k.domains;
  return operation({
    verb: 'cgroup_link',
    deed: 'attach',
    layer: 'cgroup',
    summary: 'attaches a program to a cgroup by a link, behind the others',
    params: { actor: process, program: fd, cgroup, ...call.revision },
    possible: [actorIsAlive, attachmentsBound, roomToCount(hookOf, 1)],
    guards: [
      ...named(call, LINK_CREATE),
      ...call.hasRevision('place', ATTACH),
      parentAllowsIt,
      othersAreInAList,
      ...listHasRoomIn(call),
    ],
    effect: (s, actor, fd, cgroup) => {
      const hook = hookOf(cgroup);
      s.cgroups[cgroup]!.mode = MULTI;
      return insertLink(s, actor, programBehind(s, actor, fd), hook, entriesAt(s, hook));
    },
    returns: { domain: fd, owner: 'actor' },
  });
}

/** With BPF_F_BEFORE or BPF_F_AFTER: PROG_ATTACH next to a program, LINK_CREATE next to a link, and nothing else. */
function beside(call: Call, way: Way, side: Side, anchor: Anchor): Operation<KernelState> {
  const { k, hookOf } = call;
  const { process, fd, cgroup } = k.domains;
  const entry = (s: KernelState, actor: number, cgroup: number, named: number): number => {
    const found = named === NONE ? NONE : anchor.entry(s, actor, hookOf(cgroup), named);
    return found !== NONE && isLink(s, found) === way.isLink ? found : NONE;
  };
  return operation({
    verb: `${way.verb}_${side}`,
    deed: 'attach',
    layer: 'cgroup',
    summary: `${way.says} to a cgroup, ${side === 'before' ? 'before' : 'behind'} another one, or all`,
    params: { actor: process, program: fd, cgroup, anchor: anchor.domain, ...call.revision },
    possible: [actorIsAlive, attachmentsBound, roomToCount(hookOf, 1)],
    guards: [
      ...named(call, way),
      ...call.hasRevision('one-more', ATTACH),
      parentAllowsIt,
      othersAreInAList,
      ...listHasRoomIn(call),
      ...(way.isLink ? [] : [isNoDuplicate(call)]),
      ...anchor.guards,
      guard(
        'anchor-is-in-the-list',
        'ENOENT',
        (s, actor, _fd, cgroup, named) => named === NONE || entry(s, actor, cgroup, named) !== NONE,
        `${SOURCE}, get_prog_list`,
      ),
    ],
    effect: (s, actor, fd, cgroup, named) => {
      const hook = hookOf(cgroup);
      s.cgroups[cgroup]!.mode = MULTI;
      const program = programBehind(s, actor, fd);
      const rank = rankBeside(s, hook, side, entry(s, actor, cgroup, named));
      if (way.isLink) return insertLink(s, actor, program, hook, rank);
      insertProgram(s, actor, program, hook, rank);
      return undefined;
    },
    ...(way.isLink ? { returns: { domain: fd, owner: 'actor' } } : {}),
  });
}

const DETACH = `${SOURCE}, cgroup_bpf_prog_detach and find_detach_entry`;

/** PROG_DETACH: a descriptor that is no such program is like none. */
function detachProgram({ k, hookOf, revision, hasRevision }: Call): Operation<KernelState> {
  const { process, fd, cgroup } = k.domains;
  const types = programTypes(k);
  const isSuch = types.isOfType('cgroup_skb');
  const given = (s: KernelState, actor: number, fd: number): number => {
    const program = fd === NONE ? NONE : programBehind(s, actor, fd);
    return program !== NONE && isSuch.test(s, actor, fd) ? program : NONE;
  };
  const isAList = (s: KernelState, cgroup: number): boolean => s.cgroups[cgroup]!.mode === MULTI;
  const entry = (s: KernelState, actor: number, fd: number, cgroup: number): number =>
    isAList(s, cgroup) ? direct(s, hookOf(cgroup), given(s, actor, fd)) : occupant(s, hookOf(cgroup), NONE);
  return operation({
    verb: 'cgroup_detach',
    deed: 'detach',
    layer: 'cgroup',
    summary: 'takes a program off a cgroup; in the modes with one program, whichever is there',
    params: { actor: process, program: optional(fd), cgroup, ...revision },
    possible: [actorIsAlive],
    guards: [
      cgroupIsThere,
      ...hasRevision('place', DETACH),
      guard(
        'list-names-a-program',
        'EINVAL',
        (s, actor, fd, cgroup) => !isAList(s, cgroup) || given(s, actor, fd) !== NONE,
        `${DETACH}: to detach MULTI prog the user has to specify valid FD of the program`,
      ),
      guard(
        'program-is-attached-itself',
        'ENOENT',
        (s, actor, fd, cgroup) => entry(s, actor, fd, cgroup) !== NONE,
        DETACH,
      ),
    ],
    effect: (s, actor, fd, cgroup) => {
      detach(s, entry(s, actor, fd, cgroup));
    },
  });
}

/** rmdir(2) and mkdir(2) of a cgroup, and what the kernel does a while after the first. */
function comeAndGo({ domains }: KernelModel): Operation<KernelState>[] {
  const { process, cgroup } = domains;
  const source = 'kernel/cgroup/cgroup.c, cgroup_destroy_locked';
  return [
    operation({
      verb: 'cgroup_remove',
      summary: 'removes a cgroup (rmdir); what is attached to it works until the kernel tears it down',
      params: { actor: process, cgroup },
      possible: [actorIsAlive],
      guards: [
        guard('cgroup-is-there', 'ENOENT', (s, _actor, cgroup) => isPresent(s, cgroup), source),
        guard('cgroup-has-no-child', 'EBUSY', (s, _actor, cgroup) => !hasChild(s, cgroup, isPresent), source),
      ],
      effect: (s, _actor, cgroup) => {
        removeCgroup(s, cgroup);
      },
    }),
    operation({
      verb: 'cgroup_create',
      summary: 'makes a cgroup under the name of one that is gone (mkdir)',
      params: { actor: process, cgroup },
      possible: [actorIsAlive, roomFor('cgroups', (s, _actor, cgroup) => !isRemoved(s, cgroup))],
      guards: [
        guard(
          'parent-is-there',
          'ENOENT',
          (s, _actor, cgroup) => parentOf(cgroup) === NONE || isPresent(s, parentOf(cgroup)),
          'mkdir(2)',
        ),
        guard('name-is-free', 'EEXIST', (s, _actor, cgroup) => !isPresent(s, cgroup), 'mkdir(2)'),
      ],
      effect: (s, _actor, cgroup) => {
        makeCgroup(s, cgroup);
      },
    }),
    operation({
      verb: 'cgroup_teardown',
      summary: 'the kernel tears a removed cgroup down: its links are defunct, its programs let go',
      params: { cgroup },
      spontaneous: true,
      possible: [
        possible('cgroup-is-removed', isRemoved),
        possible('children-are-torn-down', (s, cgroup) => !hasChild(s, cgroup, isRemoved)),
      ],
      effect: tearDownCgroup,
    }),
  ];
}

function observe({ domains }: KernelModel): Operation<KernelState> {
  return operation({
    verb: 'socket',
    summary: 'a socket of a process in a cgroup sends: the programs that are asked, in order',
    params: { cgroup: domains.cgroup },
    possible: [possible('cgroup-can-be-entered', isPresent)],
    observe: effectivePrograms,
    reads: ['programs', 'attachments', 'cgroups'],
  });
}
