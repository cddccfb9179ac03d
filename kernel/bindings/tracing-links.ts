/** Links of extensions and tracers on a running kernel. */
import { attachAsLoaded, linkCreate } from '../bpf/links.js';
import { attachmentObject } from '../../model/kernel/lifetime.js';
import type { Aspect, Binding, ViewLine } from './binding.js';
import { functionId, functionName } from './program-sources.js';
import { argumentOf, realFd, valueOf } from './running-linux.js';

/** Which function of which program a link is at. */
const places: Aspect = {
  expected: (state, nameOf) =>
    state.attachments.flatMap(({ live, hook, target, dying }, i): ViewLine[] => {
      const { kind, name, placeholder = 'main' } = state.kernel.hooks[hook]!;
      if (!live || dying === 1 || (kind !== 'subprogram' && kind !== 'probe')) return [];
      const at = kind === 'probe' ? `before ${placeholder}` : name;
      return [[`place of ${nameOf(attachmentObject(i))}`, `${nameOf(target)} ${at}`]];
    }),
  async observed(look) {
    return [...(await look.links())].flatMap(([name, info]): ViewLine[] => {
      if (info.type !== 'tracing') return [];
      const { target, targetFunction, attachType } = info;
      const at = `${attachType === 'traceFentry' ? 'before ' : ''}${functionName(targetFunction)}`;
      return [[`place of ${name}`, `prog ${target} ${at}`]];
    });
  },
};

export const tracingLinks: Binding = {
  calls: {
    async tracing_link(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      return linux.handedOut(actor, await attachAsLoaded(actor, realFd(argumentOf(call, 'program'))));
    },
    async tracing_link_to(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      const made = await linkCreate(actor, {
        program: realFd(argumentOf(call, 'program')),
        target: realFd(argumentOf(call, 'target')),
        targetFunction: functionId(valueOf(call, 'subprogram')),
        // Not looked at for extensions. Any other program is refused with it; a tracer, because it is given a target.
        attachType: 'traceFentry',
      });
      return linux.handedOut(actor, made);
    },
  },
  needs: {
    tracing_link: ['freplace'],
    tracing_link_to: ['freplace to another target than at load'],
  },
  aspects: [places],
};
