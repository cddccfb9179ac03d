/** The clsact qdisc and its filters on devices of a running kernel. */
import { entriesAt, entryAt } from '../../model/kernel/lists.js';
import { programObject } from '../../model/kernel/lifetime.js';
import { hookIn, type KernelState } from '../../model/kernel/model.js';
import { NONE } from '../../model/state/index.js';
import type { LiveCall } from '../conform/system.js';
import {
  addFilter,
  addQdisc,
  deleteFilter,
  deleteQdisc,
  filtersOn,
  type FilterMode,
  type FilterPlace,
} from '../netlink/traffic-control.js';
import type { Aspect, Binding, MakeCall, ViewLine } from './binding.js';
import type { Look } from './look.js';
import { deviceOf } from './places.js';
import { argumentOf, outcomeOf, realFd, type RunningLinux } from './running-linux.js';

/**
 * The last priority of the model is the first that the kernel picks by itself, and each one before it the next.
 * Source: net/sched/cls_api.c, tcf_auto_prio.
 */
const FIRST_PICKED = 0xc000;

/** How many priorities the model of a call has. */
function prioritiesOf({ operation }: LiveCall<KernelState>): number {
  return operation.params['priority']!.values.length;
}

/** The place that a call names; what it leaves to the kernel, or does not have, is 0. */
function placeOf(linux: RunningLinux, call: LiveCall<KernelState>): FilterPlace {
  const { params } = call.operation;
  const priority = 'priority' in params ? argumentOf(call, 'priority') : NONE;
  const handle = 'handle' in params ? argumentOf(call, 'handle') : NONE;
  return {
    device: deviceOf(linux, call),
    direction: 'ingress',
    priority: priority === NONE ? 0 : FIRST_PICKED + 1 - prioritiesOf(call) + priority,
    handle: handle + 1,
  };
}

function add(mode: FilterMode): MakeCall {
  return async (linux, call) => {
    const actor = linux.process(argumentOf(call, 'actor'));
    const program = realFd(argumentOf(call, 'program'));
    return outcomeOf(await addFilter(actor, placeOf(linux, call), program, mode));
  };
}

const remove: MakeCall = async (linux, call) => {
  const actor = linux.process(argumentOf(call, 'actor'));
  return outcomeOf(await deleteFilter(actor, placeOf(linux, call)));
};

function makeQdisc(exclusive: boolean): MakeCall {
  return async (linux, call) => {
    const actor = linux.process(argumentOf(call, 'actor'));
    return outcomeOf(await addQdisc(actor, deviceOf(linux, call), { exclusive }));
  };
}

const filters: Aspect = {
  expected: (s, nameOf) =>
    Array.from({ length: s.containers.length }, (_, device) => device).flatMap((device): ViewLine[] => {
      const hook = hookIn(s.kernel.hooks, `eth${device}`, 'filters');
      const priorities = s.kernel.linux.priorities ?? 0;
      const present = Array.from({ length: entriesAt(s, hook) }, (_, rank) => entryAt(s, hook, rank)).map(
        (entry) => {
          const { priority, handle, program } = s.attachments[entry]!;
          return filterText(
            FIRST_PICKED + 1 - priorities + priority,
            handle + 1,
            nameOf(programObject(program)),
          );
        },
      );
      return lines(device, s.containers.get(device), present);
    }),
  async observed(look) {
    const found = await Promise.all(
      Array.from({ length: look.linux.bounds.devices }, (_, device) => observe(look, device)),
    );
    return found.flat();
  },
};

async function observe(look: Look, device: number): Promise<ViewLine[]> {
  const { linux } = look;
  const index = linux.sandbox.devices.index(device);
  const qdiscs = await look.qdiscs();
  if (!qdiscs.ok || !qdiscs.value.has(index)) return [];
  const present = await filtersOn(linux.administrator, index, 'ingress');
  if (!present.ok) return lines(device, true, []);
  const texts = present.value.map(({ priority, handle, program }) =>
    filterText(priority, handle, `prog ${program}`),
  );
  return lines(device, true, texts);
}

function filterText(priority: number, handle: number, program: string): string {
  return `${program} at ${priority}:${handle}`;
}

function lines(device: number, hasQdisc: boolean, present: readonly string[]): ViewLine[] {
  return [
    ...(hasQdisc ? [[`eth${device} qdisc`, 'clsact'] as const] : []),
    ...(present.length > 0 ? [[`eth${device} filters`, present.join(', ')] as const] : []),
  ];
}

export const tc: Binding = {
  calls: {
    tc_qdisc_add: makeQdisc(true),
    tc_qdisc_replace: makeQdisc(false),
    async tc_qdisc_delete(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      return outcomeOf(await deleteQdisc(actor, deviceOf(linux, call)));
    },
    tc_filter_add: add('create'),
    tc_filter_replace: add('createOrReplace'),
    tc_filter_change: add('replaceOnly'),
    tc_filter_delete: remove,
    tc_filter_delete_priority: remove,
    tc_filter_flush: remove,
  },
  aspects: [filters],
};
