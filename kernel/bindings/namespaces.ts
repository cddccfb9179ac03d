/** Hooks of network namespaces on a running kernel, and the namespace beside that of the processes. */
import { entriesAt, entryAt } from '../../model/kernel/lists.js';
import { programObject } from '../../model/kernel/lifetime.js';
import { NAMESPACES } from '../../model/mechanisms/linux/kernel.js';
import { hookIn, type HookLayer } from '../../model/kernel/model.js';
import { progAttach, progDetach } from '../bpf/attachments.js';
import { linkCreate } from '../bpf/links.js';
import type { AttachType } from '../bpf/numbers.js';
import { closeFd, renumber } from '../channel/files.js';
import type { KernelProcess } from '../channel/process.js';
import { needed } from '../channel/result.js';
import { openMailbox, sendFd } from '../sandbox/messages.js';
import { NETWORK_FD } from '../sandbox/network.js';
import { programsAt } from '../sandbox/network-hooks.js';
import type { Aspect, Binding, MakeCall, ViewLine } from './binding.js';
import { argumentOf, outcomeOf, realFd, type RunningLinux } from './running-linux.js';

/** Where each process has the other namespace open. */
export const OTHER_NETWORK_FD = 1003;

/** By number of the namespace. */
const NAMESPACE_FD = [NETWORK_FD, OTHER_NETWORK_FD] as const;

const HOOKS: readonly (readonly [HookLayer, 'flowDissector' | 'skLookup'])[] = [
  ['flow_dissector', 'flowDissector'],
  ['sk_lookup', 'skLookup'],
];

function link(attachType: AttachType): MakeCall {
  return async (linux, call) => {
    const actor = linux.process(argumentOf(call, 'actor'));
    const program = realFd(argumentOf(call, 'program'));
    const target = NAMESPACE_FD[argumentOf(call, 'namespace')]!;
    return linux.handedOut(actor, await linkCreate(actor, { program, target, attachType }));
  };
}

const hooks: Aspect = {
  expected: (s, nameOf) =>
    NAMESPACES.flatMap((name, namespace) => {
      if (s.namespaces[namespace]!.teardown !== 0) return [];
      return HOOKS.flatMap(([layer]): ViewLine[] => {
        const hook = hookIn(s.kernel.hooks, name, layer);
        const count = hook < 0 ? 0 : entriesAt(s, hook);
        if (count === 0) return [];
        const exclusive = s.kernel.hooks[hook]!.exclusive;
        const programs = Array.from({ length: count }, (_, rank) =>
          nameOf(programObject(s.attachments[entryAt(s, hook, exclusive ? 0 : rank)]!.program)),
        );
        return [[`${name} ${layer}`, programs.join(', ')]];
      });
    }),
  async observed({ linux }) {
    const { otherNetwork: other } = linux.sandbox;
    const seenBy = [linux.administrator, ...(other?.isOpen === true ? [other.process] : [])];
    const found = await Promise.all(
      seenBy.flatMap((process, namespace) =>
        HOOKS.map(async ([layer, attachType]): Promise<ViewLine[]> => {
          const programs = await programsAt(process, attachType);
          if (programs.length === 0) return [];
          return [[`${NAMESPACES[namespace]!} ${layer}`, programs.map((id) => `prog ${id}`).join(', ')]];
        }),
      ),
    );
    return found.flat();
  },
};

/** It is sent, and not opened by its path: a process without rights may not do that. */
async function openOther(linux: RunningLinux, process: KernelProcess): Promise<void> {
  const { administrator, sandbox } = linux;
  const { otherNetwork: other } = sandbox;
  if (other?.isOpen !== true) return;
  const sent = needed('Sending a network namespace', await sendFd(administrator, other.fd, process));
  needed('Keeping a network namespace', await renumber(process, sent, OTHER_NETWORK_FD));
}

export const namespaces: Binding = {
  calls: {
    async flow_dissector_attach(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      const program = realFd(argumentOf(call, 'program'));
      return outcomeOf(await progAttach(actor, { target: 0, program, attachType: 'flowDissector' }));
    },
    async flow_dissector_detach(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      const program = realFd(argumentOf(call, 'program'));
      return outcomeOf(await progDetach(actor, { target: 0, program, attachType: 'flowDissector' }));
    },
    flow_dissector_link: link('flowDissector'),
    sk_lookup_link: link('skLookup'),
    async namespace_delete(linux) {
      for (const process of linux.processes()) await closeFd(process, OTHER_NETWORK_FD);
      await linux.sandbox.otherNetwork!.close();
      return { kind: 'done' };
    },
    async namespace_create(linux) {
      await linux.sandbox.otherNetwork!.reopen();
      await linux.outsideLimits((process) => openOther(linux, process));
      return { kind: 'done' };
    },
  },
  aspects: [hooks],
  async prepare({ administrator }) {
    needed('Opening a socket', await openMailbox(administrator));
  },
  started: openOther,
};
