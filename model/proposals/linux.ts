/** Linux as it is, and the steps by which it became so, as far as behaviour differs. */
import type { Operation } from '../machine/index.js';
import type { KernelModel, KernelState } from '../kernel/model.js';
import { dropCapabilities } from '../mechanisms/linux/authority.js';
import { cgroups } from '../mechanisms/linux/cgroups.js';
import { arrival, devices } from '../mechanisms/linux/devices.js';
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
import { linuxScenario } from './linux-scenario.js';
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
const ALL: readonly LinuxFeature[] = [
  ...TCX,
  'deferred-unpin',
  'traced-tracers',
  'exclusion',
  'maps-first',
  'cgroup-order',
];

type Draft = Pick<Proposal, 'name' | 'title' | 'sources' | 'variantOf'>;

/** What no Linux keeps, whatever else it has: netlink, filters, slots and cgroups without links have always been there. */
const EXPECTED: Readonly<Record<string, string>> = {
  'held-link-never-overridden':
    'a set by netlink replaces whatever netlink set before, and a slot whatever is in it',
  'held-link-never-detached-by-others':
    'netlink clears a device, and a filter is deleted, by anybody with the rights',
  'last-close-restores-placeholder':
    'what was attached without a link is kept by its hook: closing the program detaches nothing',
  'crash-restores-placeholder': 'what was attached without a link survives the process that attached it',
  'last-unpin-restores-placeholder':
    'an unpin returns before the link is released, and hooks keep what has no link',
  'pinned-program-keeps-nothing-attached': 'hooks keep what was attached without a link, pinned or not',
  'conflicting-attach-fails-loudly':
    'a second set by netlink, and an update of a slot, replace and report success',
  'failed-operation-changes-nothing':
    'the verifier fixes the owner of a prog_array, and PROG_LOAD can fail behind that for want of a descriptor',
  'success-means-effect':
    "a clear that names no mode looks at the driver's, and reports success while the program stays in generic mode",
  'errno-tells-the-cause': 'most checks say EINVAL',
  'errno-says-whether-to-retry': 'what passes and what never will are both EINVAL',
  'named-object-is-there':
    'a PROG_DETACH of a cgroup that is not in multi mode removes whatever is there, whichever program it is given',
  'load-keeps-no-target-alive': 'a loaded extension holds its target until it is attached for the first time',
  'restarted-owner-leaves-one-program':
    'a filter is added beside those that are there; that of a dead owner stays',
  'delete-by-name-removes-own':
    'netlink, filters, slots and cgroups name a place, not what the caller put there',
  'container-delete-keeps-foreign': 'deleting clsact deletes the filters of everybody',
  'nothing-left-when-all-gone': 'hooks keep what was attached without a link when all processes are gone',
  'admin-restores-by-killing': 'killing the owner detaches only what it attached by a link',
  'holder-knows-what-runs': 'what has no link changes under its owner, who is not told',
  'attach-graph-acyclic':
    'a tail call may lead back to its caller: calls are counted at run time (MAX_TAIL_CALL_CNT)',
  'running-dispatcher-keeps-its-slots':
    'slots are emptied with the last descriptor or pin of the map; the program that uses it does not count',
  'close-detaches-exactly-one':
    'closing the last descriptor of a prog_array empties all its slots, if a little later',
  'extended-xor-array-member':
    'at first nothing keeps an extended program out of a slot, and then a mark does that goes with the first extension',
  'guard-flag-equals-count':
    'the mark is a bool: it goes with the first extension, whatever else is replaced',
  'unreferenced-is-freed':
    'a prog_array that is closed for the last time twice before it has been emptied is never freed',
  'revision-changes-iff-list-changes':
    'an update of a cgroup link with the program it has counts as a change of the list',
  'revision-monotone-per-hook':
    'the revision of a tcx list begins anew when the list is empty and no clsact is there',
  'privileged-removal-always-exists': 'a LINK_DETACH is EOPNOTSUPP for links of extensions and tracers',
  'pin-survival-independent-of-mount-view': 'a bpffs that is mounted over another hides its pins',
  'stale-pin-eventually-collected': 'a pin holds a link whose hook is gone, and nobody is told',
  'attached-implies-observable':
    'a link loses its id when its last pin is removed, and its hook a little later',
  'detach-return-means-quiesced': 'unlink(2) of the last pin returns before the link is released',
  'close-then-create-never-busy': 'a hook is busy until the link whose last pin was removed is released',
  'force-needs-authority':
    'a PROG_DETACH of a cgroup that is not in multi mode needs neither rights nor the program: any number will do',
  'attached-extension-receives-packets': 'nothing ties an extension to the device that its target is on',
};

function linuxWith(draft: Draft, list: readonly LinuxFeature[]): Proposal {
  const features: ReadonlySet<LinuxFeature> = new Set(list);
  return defineProposal({
    ...draft,
    expected: EXPECTED,
    models: `the attach APIs of a running kernel, call by call: ${list.join(', ')}`,
    leavesOut: 'hardware offload, netkit, sockmap, struct_ops, tracing of kernel functions',
    kernel: linuxKernel(features),
    bounds: { processes: 2, fds: 3, programs: 3, attachments: 3, maps: 1, pins: 1, devices: 1 },
    reach: 60_000,
    operations: (k) => linuxOperations(k, features),
    scenario: linuxScenario(features),
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
    ...packet(k, arrival(k)),
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
    variantOf: 'linux',
    title: 'Linux as it was meant: a program is extended until its last extension is gone',
    sources: ['Linux commit d6083f040d5d, whose is_extended is a bool'],
  },
  [...ALL, 'counted-exclusion'],
);
