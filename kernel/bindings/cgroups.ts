/** Control groups of a running kernel: what is attached to them, and that they come and go. */
import { cgroupHook, effectivePrograms, isPresent } from '../../model/kernel/cgroups.js';
import { entriesAt, entryAt, revisionOf as revisionAt } from '../../model/kernel/lists.js';
import { programObject } from '../../model/kernel/lifetime.js';
import { CGROUP_MODES, type KernelState } from '../../model/kernel/model.js';
import { progAttach, progDetach } from '../bpf/attachments.js';
import { linkCreate } from '../bpf/links.js';
import { ATTACH_FLAG } from '../bpf/numbers.js';
import { effectivePrograms as effectiveOn, progQuery } from '../bpf/query.js';
import { OPEN_FLAG, makeDirectory, openPathAs, removeDirectory } from '../channel/files.js';
import type { KernelProcess } from '../channel/process.js';
import { needed } from '../channel/result.js';
import type { LiveCall } from '../conform/system.js';
import type { Aspect, Binding, MakeCall, ViewLine } from './binding.js';
import { fdOrZero, revisionOf } from './places.js';
import { argumentOf, outcomeOf, realFd, valueOf, type RunningLinux } from './running-linux.js';

const attachType = 'cgroupInetEgress';

/** Where each process has the groups open, and the administrator those that are removed while processes still have them. */
const GROUP_FD = 1010;

/** Where the administrator opens a group to look at it. */
const LOOK_FD = 1020;

const NAMES = ['parent', 'child'] as const;

function groupOf(call: LiveCall<KernelState>): number {
  return GROUP_FD + argumentOf(call, 'cgroup');
}

function attach(flagsOf: (call: LiveCall<KernelState>) => number): MakeCall {
  return async (linux, call) => {
    const actor = linux.process(argumentOf(call, 'actor'));
    const { params } = call.operation;
    const attachment = {
      target: groupOf(call),
      program: realFd(argumentOf(call, 'program')),
      attachType,
      flags: flagsOf(call),
      replace: 'replaced' in params ? realFd(argumentOf(call, 'replaced')) : 0,
      relative: 'anchor' in params ? fdOrZero(call, 'anchor') : 0,
      expectedRevision: revisionOf(call),
    } as const;
    return outcomeOf(await progAttach(actor, attachment));
  };
}

const MODE_FLAGS: Readonly<Record<string, number>> = {
  none: 0,
  override: ATTACH_FLAG.allowOverride,
  multi: ATTACH_FLAG.allowMulti,
};

function link(side: 0 | 'before' | 'after'): MakeCall {
  return async (linux, call) => {
    const actor = linux.process(argumentOf(call, 'actor'));
    const relative = side === 0 ? 0 : fdOrZero(call, 'anchor');
    const flags = side === 0 ? 0 : ATTACH_FLAG[side] | (relative === 0 ? 0 : ATTACH_FLAG.link);
    const created = await linkCreate(actor, {
      program: realFd(argumentOf(call, 'program')),
      target: groupOf(call),
      attachType,
      flags,
      relative,
      expectedRevision: revisionOf(call),
    });
    return linux.handedOut(actor, created);
  };
}

const lists: Aspect = {
  expected: (s, nameOf) =>
    s.cgroups.flatMap(({ mode }, cgroup): ViewLine[] => {
      if (!isPresent(s, cgroup)) return [];
      const hook = cgroupHook(s, cgroup);
      const entries = Array.from({ length: entriesAt(s, hook) }, (_, rank) => entryAt(s, hook, rank));
      return lines(
        cgroup,
        CGROUP_MODES[mode]!,
        entries.map((entry) => nameOf(programObject(s.attachments[entry]!.program))),
        effectivePrograms(s, cgroup).map(nameOf),
        revisionAt(s, hook) + 1,
      );
    }),
  async observed({ linux }) {
    const found = await Promise.all(NAMES.map((_, cgroup) => observe(linux, cgroup)));
    return found.flat();
  },
};

async function observe(linux: RunningLinux, cgroup: number): Promise<ViewLine[]> {
  const { administrator, sandbox } = linux;
  const fd = LOOK_FD + cgroup;
  const opened = await sandbox.groups?.openIn(administrator, cgroup, fd);
  if (opened?.ok !== true) return [];
  const [own, effective] = await Promise.all([
    progQuery(administrator, fd, attachType),
    effectiveOn(administrator, fd, attachType),
  ]);
  if (!own.ok || !effective.ok) return [];
  const { attached, flags, revision } = own.value;
  const mode = Object.entries(MODE_FLAGS).find(([, flag]) => flag === flags)?.[0] ?? `flags ${flags}`;
  const names = (list: typeof attached): string[] => list.map(({ program }) => `prog ${program}`);
  return lines(cgroup, mode, names(attached), names(effective.value.attached), revision);
}

function lines(
  cgroup: number,
  mode: string,
  own: readonly string[],
  effective: readonly string[],
  revision: number,
): ViewLine[] {
  const name = `cgroup ${NAMES[cgroup]!}`;
  return [
    ...(own.length > 0 ? [[name, `${mode}: ${own.join(', ')}`] as const] : []),
    ...(effective.length > 0 ? [[`${name} effective`, effective.join(', ')] as const] : []),
    ...(revision > 1 ? [[`${name} revision`, `${revision}`] as const] : []),
  ];
}

/** A process has the directories open, also of a group that was removed before it was started. */
async function openGroups(linux: RunningLinux, process: KernelProcess): Promise<void> {
  await Promise.all(NAMES.map((_, cgroup) => openGroup(linux, process, cgroup)));
}

async function openGroup(linux: RunningLinux, process: KernelProcess, cgroup: number): Promise<void> {
  const fd = GROUP_FD + cgroup;
  const opened = await linux.sandbox.groups?.openIn(process, cgroup, fd);
  if (opened === undefined || opened.ok) return;
  const removed = `/proc/${linux.administrator.pid}/fd/${fd}`;
  needed(`Opening ${removed}`, await openPathAs(process, removed, OPEN_FLAG.directory, fd));
}

export const cgroups: Binding = {
  calls: {
    cgroup_attach: attach((call) => MODE_FLAGS[valueOf(call, 'mode')]!),
    cgroup_attach_before: attach(() => ATTACH_FLAG.allowMulti | ATTACH_FLAG.before),
    cgroup_attach_after: attach(() => ATTACH_FLAG.allowMulti | ATTACH_FLAG.after),
    cgroup_replace: attach(() => ATTACH_FLAG.allowMulti | ATTACH_FLAG.replace),
    cgroup_link: link(0),
    cgroup_link_before: link('before'),
    cgroup_link_after: link('after'),
    async cgroup_detach(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      const attachment = {
        target: groupOf(call),
        program: fdOrZero(call, 'program'),
        attachType,
        expectedRevision: revisionOf(call),
      } as const;
      return outcomeOf(await progDetach(actor, attachment));
    },
    async cgroup_remove(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      const cgroup = argumentOf(call, 'cgroup');
      const { groups } = linux.sandbox;
      // Kept for processes that are started while it is gone.
      await groups!.openIn(linux.administrator, cgroup, GROUP_FD + cgroup);
      return outcomeOf(await removeDirectory(actor, groups!.path(cgroup)));
    },
    async cgroup_create(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      const cgroup = argumentOf(call, 'cgroup');
      const made = await makeDirectory(actor, linux.sandbox.groups!.path(cgroup));
      if (made.ok) await linux.outsideLimits((process) => openGroup(linux, process, cgroup));
      return outcomeOf(made);
    },
  },
  aspects: [lists],
  started: openGroups,
};
