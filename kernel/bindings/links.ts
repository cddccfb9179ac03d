/** Links of all kinds, and descriptors by id. */
import { openById, type ObjectKind } from '../bpf/ids.js';
import { linkDetach, linkUpdate, linkUpdateExpecting } from '../bpf/links.js';
import { isDying } from '../../model/kernel/deferred.js';
import { attachmentObject, isLink, programObject } from '../../model/kernel/lifetime.js';
import { TEARDOWN, type KernelState } from '../../model/kernel/model.js';
import { NAMESPACES } from '../../model/mechanisms/linux/kernel.js';
import type { Aspect, Binding, MakeCall, ViewLine } from './binding.js';
import { argumentOf, idIn, outcomeOf, realFd } from './running-linux.js';

/** No object has this id: ids start at 1. */
const NO_ID = 0;

/** What each link says of itself: its program, and whether it is at its hook. One that is being released says nothing any more. */
const info: Aspect = {
  expected: (state, nameOf) =>
    state.attachments.flatMap(({ live, attached, program, hook }, i): ViewLine[] => {
      if (!live || !isLink(state, i) || isDying(state, i)) return [];
      const how = attached && !isLeaving(state, hook) ? 'attached' : 'defunct';
      return [[`${nameOf(attachmentObject(i))} has`, `${nameOf(programObject(program))}, ${how}`]];
    }),
  async observed(look) {
    return [...(await look.links())].map(([name, { program, target }]): ViewLine => {
      return [`${name} has`, `prog ${program}, ${target === 0 ? 'defunct' : 'attached'}`];
    });
  },
};

/** A link says that it is nowhere from when the last reference to its network namespace is gone: bpf_netns_link_fill_info. */
function isLeaving({ kernel, namespaces }: KernelState, hook: number): boolean {
  const { kind, of } = kernel.hooks[hook]!;
  if (kind !== 'namespace') return false;
  return TEARDOWN[namespaces[NAMESPACES.indexOf(of as (typeof NAMESPACES)[number])]!.teardown] === 'leaving';
}

/** *_GET_FD_BY_ID; what is not there any more, or never was, has no id. */
export function byId(kind: ObjectKind, objectOf: (place: number) => number): MakeCall {
  return async (linux, call) => {
    const actor = linux.process(argumentOf(call, 'actor'));
    const name = call.identities.get(objectOf(argumentOf(call, 'id')));
    return linux.handedOut(actor, await openById(actor, kind, name === undefined ? NO_ID : idIn(name)));
  };
}

export const links: Binding = {
  calls: {
    async link_update(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      const [link, program] = [realFd(argumentOf(call, 'link')), realFd(argumentOf(call, 'program'))];
      return outcomeOf(await linkUpdate(actor, { link, program }));
    },
    async link_replace(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      const [link, program] = [realFd(argumentOf(call, 'link')), realFd(argumentOf(call, 'program'))];
      return outcomeOf(await linkUpdateExpecting(actor, link, program, realFd(argumentOf(call, 'expected'))));
    },
    async link_detach(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      return outcomeOf(await linkDetach(actor, realFd(argumentOf(call, 'link'))));
    },
    link_get_fd_by_id: byId('link', attachmentObject),
    prog_get_fd_by_id: byId('program', programObject),
  },
  aspects: [info],
};
