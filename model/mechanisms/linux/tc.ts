/**
 * tc: the clsact qdisc, and cls_bpf filters in it.
 *
 * Modelled: adding, replacing and deleting the qdisc; filters of one direction, each with a priority and a handle, of which the
 * caller may leave either to the kernel; adding (NLM_F_EXCL), adding or replacing (NLM_F_REPLACE), changing (without NLM_F_CREATE),
 * and deleting one filter, those of a priority, or all. A deleted filter lets go of its program a moment later. Left out: egress,
 * protocols, chains, shared blocks, other classifiers. A priority that the kernel picks is one less than the lowest there is among
 * those it picks; here it begins with the last of the priorities that can be named (49152 in the kernel).
 * Source: net/sched/cls_api.c (tc_new_tfilter, tc_del_tfilter), cls_bpf.c, sch_api.c; each errno seen on Linux 6.18.
 */
import { guard, operation, optional, roomFor, type Guard, type Operation } from '../../machine/index.js';
import { NONE } from '../../state/index.js';
import { attachAt, freeAttachmentSlot, hasFreeAttachment } from '../../kernel/attachments.js';
import { removeFilter } from '../../kernel/deferred.js';
import { programBehind } from '../../kernel/descriptors.js';
import {
  filterAt,
  filtersBelow,
  freeHandle,
  lowestPriority,
  removeFilters,
  removeQdisc,
} from '../../kernel/filters.js';
import { openRank } from '../../kernel/lists.js';
import { hookIn, type KernelModel, type KernelState } from '../../kernel/model.js';
import { attachmentsBound, isProgram, replaceIn } from '../attaching.js';
import { actorIsAlive, fdIsOpen } from '../processes.js';
import { authority } from './authority.js';
import { isHere } from './devices.js';
import type { LinuxFeature } from './kernel.js';
import { programTypes } from './program-types.js';

export function tc(k: KernelModel, features: ReadonlySet<LinuxFeature>): Operation<KernelState>[] {
  if (!features.has('tc')) return [];
  return [...qdisc(k), ...addFilters(k), changeFilter(k), ...deleteFilters(k)];
}

function hooksOf({ hooks, domains }: KernelModel, layer: 'filters' | 'tcx'): number[] {
  return domains.device.values.map((of) => hookIn(hooks, of, layer));
}

const QDISC = 'net/sched/sch_api.c';

function qdisc(k: KernelModel): Operation<KernelState>[] {
  const params = { actor: k.domains.process, device: k.domains.device };
  const [filters, tcx] = [hooksOf(k, 'filters'), hooksOf(k, 'tcx')];
  const exists = guard<KernelState>(
    'device-exists',
    'ENODEV',
    (s, _actor, device) => isHere(s, device),
    `${QDISC}, tc_modify_qdisc and tc_get_qdisc: __dev_get_by_index`,
  );
  const add = (s: KernelState, _actor: number, device: number): void => {
    s.containers.set(device, true);
    s.ingressQueues.set(device, true);
  };
  return [
    operation({
      verb: 'tc_qdisc_add',
      deed: 'create_qdisc',
      summary: 'makes the clsact qdisc of a device, if it has none (NLM_F_EXCL)',
      params,
      possible: [actorIsAlive],
      guards: [
        ...authority(k),
        exists,
        guard(
          'qdisc-is-absent',
          'EEXIST',
          (s, _actor, device) => !s.containers.get(device),
          `${QDISC}, __tc_modify_qdisc: "Exclusivity flag on, cannot modify"`,
        ),
      ],
      effect: add,
    }),
    operation({
      verb: 'tc_qdisc_replace',
      deed: 'replace_qdisc',
      summary:
        'makes the clsact qdisc of a device, or keeps the one it has, with its filters (NLM_F_REPLACE)',
      params,
      possible: [actorIsAlive],
      guards: [...authority(k), exists],
      effect: add,
    }),
    operation({
      verb: 'tc_qdisc_delete',
      deed: 'delete_qdisc',
      summary: 'deletes the clsact qdisc of a device, and with it the filters of everybody',
      params,
      possible: [actorIsAlive],
      guards: [
        ...authority(k),
        exists,
        guard(
          'device-ever-had-a-qdisc',
          'ENOENT',
          (s, _actor, device) => s.ingressQueues.get(device),
          `${QDISC}, __tc_get_qdisc: "Cannot find specified qdisc on specified device"; the queue stays when the qdisc goes`,
        ),
        guard(
          'qdisc-exists',
          'EINVAL',
          (s, _actor, device) => s.containers.get(device),
          `${QDISC}, __tc_get_qdisc: "Invalid handle"`,
        ),
      ],
      effect: (s, _actor, device) => {
        removeQdisc(s, device, filters[device]!, tcx[device]!);
      },
    }),
  ];
}

const NEW = 'net/sched/cls_api.c, tc_new_tfilter';

/** What is asked of a call that makes or changes a filter before filters are looked at: the device is its third argument. */
function deviceTakesFilters(): Guard<KernelState>[] {
  return [
    guard(
      'device-exists',
      'ENODEV',
      (s, _actor, _fd, device) => isHere(s, device),
      `${NEW}: __tcf_qdisc_find`,
    ),
    guard(
      'qdisc-exists',
      'EINVAL',
      (s, _actor, _fd, device) => s.containers.get(device),
      'net/sched/cls_api.c, __tcf_qdisc_find: "Parent Qdisc doesn\'t exists"',
    ),
  ];
}

/** A program is looked up last. Source: net/sched/cls_bpf.c, cls_bpf_prog_from_efd. */
function programGuards(k: KernelModel): Guard<KernelState>[] {
  return [fdIsOpen, isProgram(), programTypes(k).isOfType('tc')];
}

type Named = (s: KernelState, device: number, priority: number, handle: number) => number;

/** The filter that a call names; NONE also if it leaves something to the kernel. */
function namedFilter(hooks: readonly number[]): Named {
  return (s, device, priority, handle) =>
    priority === NONE || handle === NONE ? NONE : filterAt(s, hooks[device]!, priority, handle);
}

function addFilters(k: KernelModel): Operation<KernelState>[] {
  const { process, fd, device, priority, filterHandle } = k.domains;
  const hooks = hooksOf(k, 'filters');
  const named = namedFilter(hooks);
  const params = {
    actor: process,
    program: fd,
    device,
    priority: optional(priority),
    handle: optional(filterHandle),
  };
  const newest = priority.values.length - 1;
  const roomForPriority = roomFor<KernelState>(
    'priorities',
    (s, _actor, _fd, device, priority) => priority !== NONE || lowestPriority(s, hooks[device]!) !== 0,
  );
  const add = (
    s: KernelState,
    actor: number,
    fd: number,
    device: number,
    priority: number,
    handle: number,
  ): number => {
    const hook = hooks[device]!;
    const lowest = lowestPriority(s, hook);
    const chosen = priority !== NONE ? priority : lowest === NONE ? newest : lowest - 1;
    const number = handle === NONE ? freeHandle(s, hook, chosen) : handle;
    insertFilter(s, actor, programBehind(s, actor, fd), hook, chosen, number);
    return number;
  };
  return [
    operation({
      verb: 'tc_filter_add',
      deed: 'attach',
      layer: 'filters',
      summary: 'adds a filter before those of its priority; what is not given the kernel picks (NLM_F_EXCL)',
      params,
      possible: [actorIsAlive, attachmentsBound, roomForPriority],
      guards: [
        ...authority(k),
        ...deviceTakesFilters(),
        guard(
          'name-is-free',
          'EEXIST',
          (s, _actor, _fd, device, priority, handle) => named(s, device, priority, handle) === NONE,
          `${NEW}: "Filter already exists"; before the program is looked up`,
        ),
        ...programGuards(k),
      ],
      effect: add,
      returns: { domain: filterHandle },
    }),
    operation({
      verb: 'tc_filter_replace',
      deed: 'attach',
      layer: 'filters',
      summary:
        'another program in the filter with this name, or a new filter; without a full name always a new one',
      params,
      possible: [
        actorIsAlive,
        roomForPriority,
        roomFor('attachments', (s, actor, fd, device, priority, handle) =>
          roomToReplace(s, named(s, device, priority, handle), programBehind(s, actor, fd)),
        ),
      ],
      guards: [...authority(k), ...deviceTakesFilters(), ...programGuards(k)],
      effect: (s, actor, fd, device, priority, handle) => {
        const present = named(s, device, priority, handle);
        if (present === NONE) return add(s, actor, fd, device, priority, handle);
        replaceFilter(s, actor, present, programBehind(s, actor, fd));
        return handle;
      },
      returns: { domain: filterHandle },
    }),
  ];
}

/** Puts a filter before those of its priority. Source: net/sched/cls_bpf.c, cls_bpf_change: list_add_rcu. */
function insertFilter(
  s: KernelState,
  actor: number,
  program: number,
  hook: number,
  priority: number,
  handle: number,
): void {
  const rank = filtersBelow(s, hook, priority);
  const place = freeAttachmentSlot(s);
  openRank(s, hook, rank);
  attachAt(s, place, program, hook, NONE, actor);
  const filter = s.attachments[place]!;
  filter.rank = rank;
  filter.priority = priority;
  filter.handle = handle;
}

/** A replaced filter lets go of its program later, and takes a place until then. The same program again changes nothing. */
function roomToReplace(s: KernelState, present: number, program: number): boolean {
  return hasFreeAttachment(s) || (present !== NONE && s.attachments[present]!.program === program);
}

/** Source: net/sched/cls_bpf.c, cls_bpf_change: list_replace_rcu, and the old one to cls_bpf_delete_prog_work. */
function replaceFilter(s: KernelState, actor: number, present: number, program: number): void {
  const filter = s.attachments[present]!;
  const { program: old, hook } = filter;
  if (old === program) return;
  if (s.kernel.linux.deferredFilters) {
    const left = freeAttachmentSlot(s);
    attachAt(s, left, old, hook, NONE, NONE);
    s.attachments[left]!.attached = false;
    s.attachments[left]!.dying = 1;
  }
  replaceIn(s, actor, present, program);
}

/** Without NLM_F_CREATE: a filter must be there. */
function changeFilter(k: KernelModel): Operation<KernelState> {
  const { process, fd, device, priority, filterHandle } = k.domains;
  const named = namedFilter(hooksOf(k, 'filters'));
  return operation({
    verb: 'tc_filter_change',
    deed: 'replace',
    layer: 'filters',
    summary: 'another program in the filter with this name, which must be there; whoever made it',
    params: {
      actor: process,
      program: fd,
      device,
      priority: optional(priority),
      handle: optional(filterHandle),
    },
    possible: [
      actorIsAlive,
      roomFor('attachments', (s, actor, fd, device, priority, handle) =>
        roomToReplace(s, named(s, device, priority, handle), programBehind(s, actor, fd)),
      ),
    ],
    guards: [
      ...authority(k),
      guard(
        'priority-is-given',
        'ENOENT',
        (_s, _actor, _fd, _device, priority) => priority !== NONE,
        `${NEW}: "Invalid filter command with priority of zero"; before the device is looked for`,
      ),
      ...deviceTakesFilters(),
      guard(
        'filter-exists',
        'ENOENT',
        (s, _actor, _fd, device, priority, handle) => named(s, device, priority, handle) !== NONE,
        `${NEW}: "Need both RTM_NEWTFILTER and NLM_F_CREATE to create a new filter"; before the program is looked up`,
      ),
      ...programGuards(k),
    ],
    effect: (s, actor, fd, device, priority, handle) => {
      replaceFilter(s, actor, named(s, device, priority, handle), programBehind(s, actor, fd));
    },
  });
}

function deleteFilters(k: KernelModel): Operation<KernelState>[] {
  const { process, device, priority, filterHandle } = k.domains;
  const hooks = hooksOf(k, 'filters');
  const named: Guard<KernelState>[] = [
    ...authority(k),
    guard('device-exists', 'ENODEV', (s, _actor, device) => isHere(s, device)),
    guard(
      'qdisc-exists',
      'EINVAL',
      (s, _actor, device) => s.containers.get(device),
      'net/sched/cls_api.c, __tcf_qdisc_find',
    ),
  ];
  const DELETE = 'net/sched/cls_api.c, tc_del_tfilter';
  return [
    operation({
      verb: 'tc_filter_delete',
      deed: 'detach',
      layer: 'filters',
      summary: 'deletes the filter with this name, whoever made it',
      params: { actor: process, device, priority, handle: filterHandle },
      possible: [actorIsAlive],
      guards: [
        ...named,
        guard(
          'filter-exists',
          'ENOENT',
          (s, _actor, device, priority, handle) => filterAt(s, hooks[device]!, priority, handle) !== NONE,
          DELETE,
        ),
      ],
      effect: (s, _actor, device, priority, handle) => {
        removeFilter(s, filterAt(s, hooks[device]!, priority, handle));
      },
    }),
    operation({
      verb: 'tc_filter_delete_priority',
      deed: 'detach',
      layer: 'filters',
      summary: 'deletes all filters of a priority, whoever made them',
      params: { actor: process, device, priority },
      possible: [actorIsAlive],
      guards: [
        ...named,
        guard(
          'priority-has-a-filter',
          'ENOENT',
          (s, _actor, device, priority) =>
            filtersBelow(s, hooks[device]!, priority + 1) > filtersBelow(s, hooks[device]!, priority),
          DELETE,
        ),
      ],
      effect: (s, _actor, device, priority) => {
        removeFilters(s, hooks[device]!, priority);
      },
    }),
    operation({
      verb: 'tc_filter_flush',
      summary: 'deletes all filters of a device, whoever made them; an empty one stays empty',
      params: { actor: process, device },
      possible: [actorIsAlive],
      guards: named,
      effect: (s, _actor, device) => {
        removeFilters(s, hooks[device]!, NONE);
      },
    }),
  ];
}
