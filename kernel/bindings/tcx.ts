/** tcx lists on devices of a running kernel. */
import { entriesAt, entryAt, revisionOf as revisionAt } from '../../model/kernel/lists.js';
import { attachmentObject, isLink, programObject } from '../../model/kernel/lifetime.js';
import { hookIn, type KernelState } from '../../model/kernel/model.js';
import { NONE } from '../../model/state/index.js';
import { isSeen } from '../../model/mechanisms/linux/devices.js';
import { progAttach, progDetach } from '../bpf/attachments.js';
import { linkCreate } from '../bpf/links.js';
import { ATTACH_FLAG } from '../bpf/numbers.js';
import { progQuery } from '../bpf/query.js';
import type { LiveCall } from '../conform/system.js';
import type { Aspect, Binding, MakeCall, ViewLine } from './binding.js';
import type { Look } from './look.js';
import { deviceOf, fdOrZero, idOf, revisionOf } from './places.js';
import { argumentOf, outcomeOf, realFd } from './running-linux.js';

const attachType = 'tcxIngress' as const;

/** Where a program is put: flags, and a descriptor or an id to stand beside. */
type Position = (call: LiveCall<KernelState>) => { readonly flags: number; readonly relative: number };

const last: Position = () => ({ flags: 0, relative: 0 });

function beside(side: 'before' | 'after', kind: 'program' | 'link'): Position {
  return (call) => {
    const relative = fdOrZero(call, 'anchor');
    const link = kind === 'link' && relative !== 0 ? ATTACH_FLAG.link : 0;
    return { flags: ATTACH_FLAG[side] | link, relative };
  };
}

function besideId(side: 'before' | 'after', kind: 'program' | 'link'): Position {
  const flags = ATTACH_FLAG[side] | ATTACH_FLAG.id | (kind === 'link' ? ATTACH_FLAG.link : 0);
  return (call) => ({ flags, relative: idOf(call, 'anchor', kind) });
}

function attach(position: Position): MakeCall {
  return async (linux, call) => {
    const actor = linux.process(argumentOf(call, 'actor'));
    const program = realFd(argumentOf(call, 'program'));
    const target = deviceOf(linux, call);
    const place = { target, program, attachType, expectedRevision: revisionOf(call), ...position(call) };
    return outcomeOf(await progAttach(actor, place));
  };
}

function link(position: Position): MakeCall {
  return async (linux, call) => {
    const actor = linux.process(argumentOf(call, 'actor'));
    const program = realFd(argumentOf(call, 'program'));
    const target = deviceOf(linux, call);
    const place = { target, program, attachType, expectedRevision: revisionOf(call), ...position(call) };
    return linux.handedOut(actor, await linkCreate(actor, place));
  };
}

/** The one at an end of the list: without a program, and with BPF_F_BEFORE for the first. */
function detachAt(flags: number): MakeCall {
  return async (linux, call) => {
    const actor = linux.process(argumentOf(call, 'actor'));
    const target = deviceOf(linux, call);
    return outcomeOf(
      await progDetach(actor, { target, attachType, flags, expectedRevision: revisionOf(call) }),
    );
  };
}

const lists: Aspect = {
  expected: (s, nameOf) =>
    s.devices.flatMap((_, device): ViewLine[] => {
      const hook = hookIn(s.kernel.hooks, `eth${device}`, 'tcx');
      if (!isSeen(s, device) || hook === NONE) return [];
      const entries = Array.from({ length: entriesAt(s, hook) }, (_, rank) => entryAt(s, hook, rank));
      return lines(
        device,
        entries.map((entry) => {
          const program = nameOf(programObject(s.attachments[entry]!.program));
          return isLink(s, entry) ? `${program} (${nameOf(attachmentObject(entry))})` : program;
        }),
        revisionAt(s, hook) + 1,
      );
    }),
  async observed(look) {
    const found = await Promise.all(
      Array.from({ length: look.linux.bounds.devices }, (_, device) => observe(look, device)),
    );
    return found.flat();
  },
};

async function observe(look: Look, device: number): Promise<ViewLine[]> {
  const found = await look.device(device);
  if (!found) return [];
  const list = await progQuery(found.process, look.linux.sandbox.devices.index(device), attachType);
  if (!list.ok) return [];
  const entries = list.value.attached.map(({ program, link: id }) =>
    id === 0 ? `prog ${program}` : `prog ${program} (link ${id})`,
  );
  return lines(device, entries, list.value.revision);
}

function lines(device: number, entries: readonly string[], revision: number): ViewLine[] {
  return [
    ...(entries.length > 0 ? [[`eth${device} tcx`, entries.join(', ')] as const] : []),
    ...(revision > 1 ? [[`eth${device} tcx revision`, `${revision}`] as const] : []),
  ];
}

export const tcx: Binding = {
  calls: {
    tcx_attach: attach(last),
    tcx_attach_before: attach(beside('before', 'program')),
    tcx_attach_after: attach(beside('after', 'program')),
    tcx_attach_before_link: attach(beside('before', 'link')),
    tcx_attach_after_id: attach(besideId('after', 'program')),
    tcx_link: link(last),
    tcx_link_before: link(beside('before', 'program')),
    tcx_link_after_link: link(beside('after', 'link')),
    tcx_link_before_link_id: link(besideId('before', 'link')),
    async tcx_replace(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      const replacement = {
        target: deviceOf(linux, call),
        program: realFd(argumentOf(call, 'program')),
        attachType,
        flags: ATTACH_FLAG.replace,
        replace: realFd(argumentOf(call, 'replaced')),
        expectedRevision: revisionOf(call),
      } as const;
      return outcomeOf(await progAttach(actor, replacement));
    },
    async tcx_detach(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      const program = realFd(argumentOf(call, 'program'));
      const target = deviceOf(linux, call);
      return outcomeOf(
        await progDetach(actor, { target, program, attachType, expectedRevision: revisionOf(call) }),
      );
    },
    tcx_detach_first: detachAt(ATTACH_FLAG.before),
    tcx_detach_last: detachAt(0),
  },
  aspects: [lists],
};
