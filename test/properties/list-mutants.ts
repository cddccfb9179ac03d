/** Properties of ordered lists, on the lists of Linux: some keep a claim that others break, and some have something wrong with them. */
import { linuxKernel, type LinuxFeature } from '../../model/mechanisms/linux/kernel.js';
import { cgroups } from '../../model/mechanisms/linux/cgroups.js';
import { tcx } from '../../model/mechanisms/linux/tcx.js';
import { load } from '../../model/mechanisms/load.js';
import type { Operation } from '../../model/machine/index.js';
import type { KernelModel, KernelState, LinuxState } from '../../model/kernel/model.js';
import { tcFilterProposal as tcFilter } from '../../model/proposals/index.js';
import { defineProposal, type Proposal } from '../../model/proposals/proposal.js';
import { breaks, sound, type Shown } from './shown.js';
import { onlyWith, withEffect } from './variants.js';

/** Linux with one kind of list, of which only these operations are called. */
function listsOf(
  operations: (k: KernelModel, features: ReadonlySet<LinuxFeature>) => Operation<KernelState>[],
  features: readonly LinuxFeature[],
  names: readonly string[],
  changed: Partial<LinuxState> = {},
): Proposal {
  const has = new Set(features);
  const kernel = linuxKernel(has);
  const whole = defineProposal({
    name: 'lists',
    title: 'lists of one kind',
    sources: [],
    models: 'loading and attaching',
    leavesOut: 'all else',
    kernel: { ...kernel, linux: { ...kernel.linux, ...changed } },
    bounds: { processes: 1, fds: 3, programs: 2, attachments: 2, maps: 0, pins: 0, devices: 1 },
    operations: (k) => [...load(k), ...operations(k, has)],
  });
  return onlyWith(whole, names);
}

const TCX = ['load', 'tcx_attach', 'tcx_attach_before', 'tcx_link', 'tcx_replace', 'tcx_detach'];
const CGROUP = ['load', 'cgroup_attach', 'cgroup_replace', 'cgroup_detach'];

const onDevice = listsOf(tcx, ['tc', 'tcx', 'links'], TCX);
const inCgroup = listsOf(cgroups, ['cgroup', 'cgroup-order'], CGROUP);

const attachingIsNotCounted = withEffect(onDevice, 'tcx_attach', (attach) => (s, actor: number, ...args) => {
  const revision = s.revisions.get(0);
  attach(s, actor, ...args);
  s.revisions.set(0, revision);
});

/** What is put into a list turns it round. */
const turnsRound = withEffect(onDevice, 'tcx_attach_before', (attach) => (s, actor: number, ...args) => {
  attach(s, actor, ...args);
  const entries = s.attachments.filter(({ attached }) => attached);
  for (const entry of entries) entry.rank = entries.length - 1 - entry.rank;
});

const attachingTurnsRound = withEffect(tcFilter, 'attach', (attach) => (s, actor: number, ...args) => {
  const made = attach(s, actor, ...args);
  const filters = s.attachments.filter(({ attached }) => attached);
  for (const filter of filters) filter.rank = filters.length - 1 - filter.rank;
  return made;
});

export const shownOnLists: Readonly<Record<string, Shown>> = {
  'revision-changes-iff-list-changes': {
    broken: [
      breaks(attachingIsNotCounted, [], 2, 'a change is not counted: load, attach'),
      breaks(inCgroup, [], 3, 'an exchange for the same program is counted: load, attach it twice'),
    ],
    sound: sound(onDevice),
  },
  'revision-monotone-per-hook': {
    broken: [breaks(onDevice, [], 3, 'an empty list is forgotten: load, attach, detach')],
    sound: sound(inCgroup),
  },
  'order-at-commit-respects-anchor': {
    broken: [breaks(turnsRound, [], 4, 'load, load, attach one, attach the other before it')],
    sound: sound(onDevice),
  },
  'relative-order-of-others-preserved': {
    broken: [
      breaks(attachingTurnsRound, [], 5, 'create_qdisc, load, attach three times', { attachments: 3 }),
    ],
    sound: sound(onDevice, { fds: 4, programs: 3, attachments: 3 }),
  },
  'replace-possible-when-full': {
    broken: [
      breaks(
        listsOf(cgroups, ['cgroup', 'cgroup-order'], CGROUP, { listLimit: 1 }),
        [],
        3,
        'load, attach into a list, replace it by itself',
      ),
    ],
    sound: sound(listsOf(tcx, ['tc', 'tcx', 'links'], TCX, { listLimit: 1 })),
  },
  'opts-never-displace-links': {
    broken: [
      breaks(onDevice, ['program-is-not-of-a-link'], 3, 'load, link, detach'),
      breaks(onDevice, ['replaced-is-not-of-a-link'], 4, 'load, load, link the one, replace it by the other'),
    ],
    sound: sound(onDevice),
  },
};
