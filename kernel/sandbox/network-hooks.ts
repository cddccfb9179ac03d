/** The hooks of a network namespace: flow_dissector and sk_lookup. */
import { progDetach } from '../bpf/attachments.js';
import { openById } from '../bpf/ids.js';
import { progQuery } from '../bpf/query.js';
import { closeFd } from '../channel/files.js';
import type { KernelProcess } from '../channel/process.js';
import { NETWORK_FD } from './network.js';

const HOOKS = ['flowDissector', 'skLookup'] as const;

/** Detaches what PROG_ATTACH left in a process's own network. What links hold is refused, and goes with them. */
export async function clearNetworkHooks(process: KernelProcess): Promise<void> {
  const attached = await programsAt(process, 'flowDissector');
  for (const id of attached) {
    const opened = await openById(process, 'program', id);
    if (!opened.ok) continue;
    await progDetach(process, { target: 0, program: opened.value, attachType: 'flowDissector' });
    await closeFd(process, opened.value);
  }
}

export async function networkHooksAreClean(process: KernelProcess): Promise<boolean> {
  const all = await Promise.all(HOOKS.map((hook) => programsAt(process, hook)));
  return all.every((programs) => programs.length === 0);
}

/** Ids of the programs at a hook of a process's own network. */
export async function programsAt(
  process: KernelProcess,
  hook: (typeof HOOKS)[number],
): Promise<readonly number[]> {
  const query = await progQuery(process, NETWORK_FD, hook);
  return query.ok ? query.value.attached.map(({ program }) => program) : [];
}
