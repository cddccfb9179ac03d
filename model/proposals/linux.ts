/** Linux as it is, and the steps by which it became so, as far as behaviour differs. */
import type { Operation } from '../machine/index.js';
import type { KernelModel, KernelState } from '../kernel/model.js';
import { dropCapabilities } from '../mechanisms/linux/authority.js';
import { cgroups } from '../mechanisms/linux/cgroups.js';
import { devices } from '../mechanisms/linux/devices.js';
import { linuxKernel, type LinuxFeature } from '../mechanisms/linux/kernel.js';
import { links } from '../mechanisms/linux/links.js';
import { namespaces } from '../mechanisms/linux/namespaces.js';
import { linuxPins } from '../mechanisms/linux/pins.js';
import { tc } from '../mechanisms/linux/tc.js';
import { tcx } from '../mechanisms/linux/tcx.js';
import { xdp } from '../mechanisms/linux/xdp.js';
import { loadForTarget } from '../mechanisms/linux/load-for-target.js';
import { progArrays } from '../mechanisms/linux/prog-arrays.js';
import { tracingLinks } from '../mechanisms/linux/tracing-links.js';
import { load } from '../mechanisms/load.js';
import { packet } from '../mechanisms/packet.js';
import { processes } from '../mechanisms/processes.js';
import { defineProposal, type Proposal } from './proposal.js';

const BEFORE_LINKS: readonly LinuxFeature[] = [
  'xdp',
  'prog-array',
  'tc',
  'fentry',
  'freplace',
  'cgroup',
  'namespace',
];
const XDP_LINKS: readonly LinuxFeature[] = [...BEFORE_LINKS, 'links'];
const REATTACH: readonly LinuxFeature[] = [...XDP_LINKS, 'reattach'];
const TCX: readonly LinuxFeature[] = [...REATTACH, 'tcx'];
const ALL: readonly LinuxFeature[] = [...TCX, 'deferred-unpin', 'exclusion', 'cgroup-order'];

type Draft = Pick<Proposal, 'name' | 'title' | 'sources' | 'expected'>;

function linuxWith(draft: Draft, list: readonly LinuxFeature[]): Proposal {
  const features: ReadonlySet<LinuxFeature> = new Set(list);
  return defineProposal({
    ...draft,
    models: `the attach APIs of a running kernel, call by call: ${list.join(', ')}`,
    leavesOut: 'hardware offload, netkit, sockmap, struct_ops, tracing of kernel functions',
    kernel: linuxKernel(features),
    bounds: { processes: 2, fds: 3, programs: 3, attachments: 3, maps: 1, pins: 1, devices: 1 },
    reach: 100_000,
    operations: (k) => linuxOperations(k, features),
  });
}

/** A mechanism stands here with the features that it needs; what it looks like without others, it decides itself. */
function linuxOperations(k: KernelModel, features: ReadonlySet<LinuxFeature>): Operation<KernelState>[] {
  return [
    ...load(k),
    ...xdp(k, features),
    ...tcx(k, features),
    ...tc(k, features),
    ...cgroups(k, features),
    ...namespaces(k, features),
    ...links(k, features),
    ...linuxPins(k),
    ...devices(k),
    ...dropCapabilities(k),
    ...loadForTarget(k, features),
    ...tracingLinks(k, features),
    ...progArrays(k, features),
    ...processes(k),
    ...packet(k),
  ];
}

export const linuxBeforeLinks = linuxWith(
  {
    name: 'linux-before-links',
    title: 'Linux before there were links: whoever comes last wins',
    sources: [
      'Linux commits be8704ff07d2 (freplace), 92234c8f15c8 (expected program), 7dd68b3279f1 (cgroup replace)',
    ],
  },
  BEFORE_LINKS,
);
export const linuxXdpLinks = linuxWith(
  {
    name: 'linux-xdp-links',
    title: 'Linux with links on devices, cgroups and network namespaces',
    sources: [
      'Linux commits aa8d3a716b59 and 73b11c2ab072 (XDP, forced detach), af6eea57437a and 0c991ebc8c69 (cgroups)',
    ],
  },
  XDP_LINKS,
);
export const linuxReattach = linuxWith(
  {
    name: 'linux-reattach',
    title: 'Linux with extensions that can be attached again, and elsewhere',
    sources: ['Linux commits 3aac1ead5eb6 and 4a1e7c0c63e0'],
  },
  REATTACH,
);
export const linuxTcx = linuxWith(
  {
    name: 'linux-tcx',
    title: 'Linux with ordered lists of programs on devices',
    sources: ['Linux commits 053c8e1f235d (mprog) and e420bed02507 (tcx)'],
  },
  TCX,
);
export const linux = linuxWith(
  {
    name: 'linux',
    title: 'Linux as it is: every attach mechanism, call by call',
    sources: ['Linux 6.18, as it runs; Linux commit d6083f040d5d'],
  },
  ALL,
);
export const linuxCountedExclusion = linuxWith(
  {
    name: 'linux-counted-exclusion',
    title: 'Linux as it was meant: a program is extended until its last extension is gone',
    sources: ['Linux commit d6083f040d5d, whose is_extended is a bool'],
  },
  [...ALL, 'counted-exclusion'],
);
