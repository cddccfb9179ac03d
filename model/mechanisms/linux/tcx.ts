/**
 * tcx: an ordered list of programs on a device, of which each comes by itself or by a link.
 *
 * Modelled: the list on ingress; PROG_ATTACH and LINK_CREATE at the end, or before or behind an anchor that is a program or a link,
 * named by a descriptor or an id; replacing a program; PROG_DETACH of a program, and of the first or the last without naming one;
 * the expected revision; and which check goes before which. Left out: egress, two positions in one call (BPF_F_BEFORE with
 * BPF_F_AFTER, or with BPF_F_REPLACE), positions in PROG_DETACH together with a program, and the limit of 63 entries where
 * the model is not told a smaller one.
 * Source: kernel/bpf/mprog.c, kernel/bpf/tcx.c, Linux commits e420bed02507 and 053c8e1f235d; each errno seen on Linux 6.18.
 */
import { guard, operation, optional, type Guard, type Operation } from '../../machine/index.js';
import { NONE } from '../../state/index.js';
import { isOpen, programBehind } from '../../kernel/descriptors.js';
import { detach, isLink } from '../../kernel/lifetime.js';
import { entriesAt, entryAt, entryOf } from '../../kernel/lists.js';
import { hookIn, type KernelModel, type KernelState } from '../../kernel/model.js';
import { attachmentsBound, isProgram, replaceIn } from '../attaching.js';
import { actorIsAlive, fdIsFree, fdIsOpen } from '../processes.js';
import {
  linkAnchor,
  linkIdAnchor,
  programAnchor,
  programIdAnchor,
  rankBeside,
  type Anchor,
  type Side,
} from './anchors.js';
import { authority } from './authority.js';
import { isHere } from './devices.js';
import {
  insertLink,
  insertProgram,
  isAtRevision,
  listHasRoom,
  revisionAgrees,
  roomToCount,
  type HookOf,
} from './entries.js';
import type { LinuxFeature } from './kernel.js';
import { programTypes } from './program-types.js';

export function tcx(k: KernelModel, features: ReadonlySet<LinuxFeature>): Operation<KernelState>[] {
  if (!features.has('tcx')) return [];
  const call: Call = { k, hookOf: (device) => hooks[device]! };
  const hooks = k.domains.device.values.map((of) => hookIn(k.hooks, of, 'tcx'));
  return [
    ...attaching(call, PROG_ATTACH),
    ...attaching(call, LINK_CREATE),
    replacing(call),
    detaching(call),
    detachingAt(call, 'first'),
    detachingAt(call, 'last'),
  ];
}

interface Call {
  readonly k: KernelModel;
  readonly hookOf: HookOf;
}

/** The two calls that attach. */
interface Way {
  readonly verb: string;
  readonly says: string;
  readonly isLink: boolean;
}
const PROG_ATTACH: Way = { verb: 'tcx_attach', says: 'attaches a program', isLink: false };
const LINK_CREATE: Way = { verb: 'tcx_link', says: 'attaches a program by a link', isLink: true };

const MPROG = 'kernel/bpf/mprog.c, bpf_mprog_attach';
const REVISION = `${MPROG}: bpf_mprog_revision`;
const TUPLE = 'kernel/bpf/mprog.c, bpf_mprog_tuple_relative';

/** At the end of the list; and at places that are told by an anchor, for each call in other forms. */
function attaching(call: Call, way: Way): Operation<KernelState>[] {
  const { domains } = call.k;
  const isTc = fitsOf(call.k);
  const program = programAnchor(domains, isTc, TUPLE);
  const beside = (suffix: string, side: Side, anchor: Anchor, what: string): Operation<KernelState> =>
    attachingBeside(call, { ...way, verb: `${way.verb}_${suffix}` }, side, anchor, what);
  return [
    attachingLast(call, way),
    ...(way.isLink
      ? [
          beside('before', 'before', program, 'before another one, or all'),
          beside('after_link', 'after', linkAnchor(domains, isTc, TUPLE), 'behind that of a link, or all'),
          beside(
            'before_link_id',
            'before',
            linkIdAnchor(domains, isTc, TUPLE),
            'before that of the link with an id',
          ),
        ]
      : [
          beside('before', 'before', program, 'before another one, or all'),
          beside('after', 'after', program, 'behind another one, or all'),
          beside('before_link', 'before', linkAnchor(domains, isTc, TUPLE), 'before that of a link, or all'),
          beside('after_id', 'after', programIdAnchor(domains, isTc, TUPLE), 'behind the one with an id'),
        ]),
  ];
}

function fitsOf(k: KernelModel): (s: KernelState, program: number) => boolean {
  const isTc = k.options.sources.map(({ type }) => type === 'tc');
  return (s, program) => isTc[s.programs[program]!.source]!;
}

/** What is asked of the program and the device, before the list is looked at. */
function named({ k }: Call, way: Way): Guard<KernelState>[] {
  return [
    fdIsOpen,
    isProgram(),
    ...(way.isLink ? programTypes(k).fitsLink('tc') : [programTypes(k).isOfType('tc')]),
    guard(
      'device-exists',
      'ENODEV',
      (s, _actor, _fd, device) => isHere(s, device),
      'kernel/bpf/tcx.c, tcx_prog_attach and tcx_link_attach: __dev_get_by_index',
    ),
    ...(way.isLink ? [fdIsFree] : []),
  ];
}

function isNew({ hookOf }: Call): Guard<KernelState> {
  return guard(
    'program-is-not-in-the-list',
    'EEXIST',
    (s, actor, fd, device) => entryOf(s, hookOf(device), programBehind(s, actor, fd)) === NONE,
    `${MPROG}: bpf_mprog_exists`,
  );
}

function attachingLast(call: Call, way: Way): Operation<KernelState> {
  const { domains, options } = call.k;
  const { process, fd, device, revision } = domains;
  const insert = way.isLink ? insertLink : insertProgram;
  return operation({
    verb: way.verb,
    deed: 'attach',
    layer: 'tcx',
    summary: `${way.says} to a device, behind all others`,
    params: { actor: process, program: fd, device, revision: optional(revision) },
    possible: [actorIsAlive, attachmentsBound, roomToCount(call.hookOf, 1)],
    guards: [
      ...named(call, way),
      revisionAgrees(call.hookOf, 'place', REVISION),
      isNew(call),
      ...listHasRoom(options.linux ?? {}, call.hookOf, 'ERANGE', MPROG),
    ],
    effect: (s, actor, fd, device) => {
      const hook = call.hookOf(device);
      const made = insert(s, actor, programBehind(s, actor, fd), hook, entriesAt(s, hook));
      return way.isLink ? made : undefined;
    },
    ...(way.isLink ? { returns: { domain: fd, owner: 'actor' } } : {}),
  });
}

function attachingBeside(
  call: Call,
  way: Way,
  side: Side,
  anchor: Anchor,
  where: string,
): Operation<KernelState> {
  const { domains, options } = call.k;
  const { process, fd, device, revision } = domains;
  const insert = way.isLink ? insertLink : insertProgram;
  return operation({
    verb: way.verb,
    deed: 'attach',
    layer: 'tcx',
    summary: `${way.says} to a device, ${where}`,
    params: {
      actor: process,
      program: fd,
      device,
      anchor: anchor.domain,
      revision: optional(revision),
    },
    possible: [actorIsAlive, attachmentsBound, roomToCount(call.hookOf, 1)],
    guards: [
      ...named(call, way),
      revisionAgrees(call.hookOf, 'one-more', REVISION),
      isNew(call),
      ...anchor.guards,
      ...listHasRoom(options.linux ?? {}, call.hookOf, 'ERANGE', MPROG),
      guard(
        'anchor-is-in-the-list',
        'ENOENT',
        (s, actor, _fd, device, named) =>
          named === NONE || anchor.entry(s, actor, call.hookOf(device), named) !== NONE,
        'kernel/bpf/mprog.c, bpf_mprog_pos_before and bpf_mprog_pos_after',
      ),
    ],
    effect: (s, actor, fd, device, named) => {
      const hook = call.hookOf(device);
      const entry = named === NONE ? NONE : anchor.entry(s, actor, hook, named);
      const made = insert(s, actor, programBehind(s, actor, fd), hook, rankBeside(s, hook, side, entry));
      return way.isLink ? made : undefined;
    },
    ...(way.isLink ? { returns: { domain: fd, owner: 'actor' } } : {}),
  });
}

/** PROG_ATTACH with BPF_F_REPLACE: what a link made is not replaced. */
function replacing(call: Call): Operation<KernelState> {
  const { k, hookOf } = call;
  const { process, fd, device, revision } = k.domains;
  const isTc = fitsOf(k);
  const old = (s: KernelState, actor: number, fd: number, device: number): number =>
    entryOf(s, hookOf(device), programBehind(s, actor, fd));
  return operation({
    verb: 'tcx_replace',
    deed: 'replace',
    layer: 'tcx',
    summary: 'another program in the place of one in the list',
    params: { actor: process, program: fd, device, replaced: fd, revision: optional(revision) },
    possible: [actorIsAlive, roomToCount(hookOf, 0)],
    guards: [
      ...named(call, PROG_ATTACH),
      guard(
        'replaced-fd-is-open',
        'EBADF',
        (s, actor, _fd, _device, replaced) => isOpen(s, actor, replaced),
        'kernel/bpf/tcx.c, tcx_prog_attach: bpf_prog_get_type(replace_bpf_fd)',
      ),
      guard('replaced-is-a-program', 'EINVAL', (s, actor, _fd, _device, replaced) => {
        const program = programBehind(s, actor, replaced);
        return program !== NONE && isTc(s, program);
      }),
      revisionAgrees(call.hookOf, 'one-more', REVISION),
      isNew(call),
      guard(
        'replaced-is-in-the-list',
        'ENOENT',
        (s, actor, _fd, device, replaced) => old(s, actor, replaced, device) !== NONE,
        'kernel/bpf/mprog.c, bpf_mprog_pos_exact',
      ),
      guard(
        'replaced-is-not-of-a-link',
        'EBUSY',
        (s, actor, _fd, device, replaced) => !isLink(s, old(s, actor, replaced, device)),
        'kernel/bpf/mprog.c, bpf_mprog_pos_exact',
      ),
    ],
    effect: (s, actor, fd, device, replaced) => {
      replaceIn(s, actor, old(s, actor, replaced, device), programBehind(s, actor, fd));
    },
  });
}

const EMPTY = 'kernel/bpf/tcx.c, tcx_prog_detach: without an entry ENOENT, before the revision is compared';

/** Whether the kernel has a list for a device: something is in it, or there is a clsact qdisc. */
function isThere(s: KernelState, hook: number, device: number): boolean {
  return (device < s.containers.length && s.containers.get(device)) || entriesAt(s, hook) > 0;
}

/** PROG_DETACH of a program. */
function detaching(call: Call): Operation<KernelState> {
  const { k, hookOf } = call;
  const { process, fd, device, revision } = k.domains;
  const entry = (s: KernelState, actor: number, fd: number, device: number): number =>
    entryOf(s, hookOf(device), programBehind(s, actor, fd));
  return operation({
    verb: 'tcx_detach',
    deed: 'detach',
    layer: 'tcx',
    summary: 'takes a program out of the list, whoever attached it',
    params: { actor: process, program: fd, device, revision: optional(revision) },
    possible: [actorIsAlive],
    guards: [
      ...named(call, PROG_ATTACH),
      guard('list-exists', 'ENOENT', (s, _actor, _fd, device) => isThere(s, hookOf(device), device), EMPTY),
      revisionAgrees(call.hookOf, 'place', REVISION),
      guard(
        'program-is-in-the-list',
        'ENOENT',
        (s, actor, fd, device) => entry(s, actor, fd, device) !== NONE,
        'kernel/bpf/mprog.c, bpf_mprog_pos_exact',
      ),
      guard(
        'program-is-not-of-a-link',
        'EBUSY',
        (s, actor, fd, device) => !isLink(s, entry(s, actor, fd, device)),
        'kernel/bpf/mprog.c, bpf_mprog_pos_exact',
      ),
    ],
    effect: (s, actor, fd, device) => {
      detach(s, entry(s, actor, fd, device));
    },
  });
}

/** PROG_DETACH without a program: of the first with BPF_F_BEFORE, else of the last. */
function detachingAt({ k, hookOf }: Call, end: 'first' | 'last'): Operation<KernelState> {
  const { process, device, revision } = k.domains;
  const entry = (s: KernelState, device: number): number =>
    entryAt(s, hookOf(device), end === 'first' ? 0 : entriesAt(s, hookOf(device)) - 1);
  return operation({
    verb: `tcx_detach_${end}`,
    deed: 'detach',
    layer: 'tcx',
    summary: `takes the ${end} program out of the list, whoever attached it`,
    params: { actor: process, device, revision: optional(revision) },
    possible: [actorIsAlive],
    guards: [
      ...authority(k),
      guard('device-exists', 'ENODEV', (s, _actor, device) => isHere(s, device)),
      guard('list-exists', 'ENOENT', (s, _actor, device) => isThere(s, hookOf(device), device), EMPTY),
      guard(
        'list-has-the-revision',
        'ESTALE',
        (s, _actor, device, revision) => isAtRevision(s, hookOf(device), revision),
        'kernel/bpf/mprog.c, bpf_mprog_detach',
      ),
      guard(
        'list-is-not-empty',
        'ENOENT',
        (s, _actor, device) => entriesAt(s, hookOf(device)) > 0,
        'kernel/bpf/mprog.c, bpf_mprog_detach: bpf_mprog_total',
      ),
      guard(
        `${end}-is-not-of-a-link`,
        'EBUSY',
        (s, _actor, device) => !isLink(s, entry(s, device)),
        'kernel/bpf/mprog.c, bpf_mprog_fetch',
      ),
    ],
    effect: (s, _actor, device) => {
      detach(s, entry(s, device));
    },
  });
}
