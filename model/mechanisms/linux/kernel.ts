/**
 * What a running Linux consists of, as far as it is modelled: the programs that can be loaded, the hooks they can be attached to,
 * and which parts of the attach APIs a kernel has. Kernels differ by features, not by version numbers: stable kernels carry parts of
 * later ones.
 */
import type { Bounds, Hook, KernelOptions, LinuxState, ProgramSource } from '../../kernel/model.js';

/** Parts of the attach APIs. Those without a remark were there before links. */
export type LinuxFeature =
  | 'xdp'
  | 'prog-array'
  | 'tc'
  | 'freplace'
  /** Programs that are called where a function of a program begins. Linux commit 5b92a28aae4d (5.5). */
  | 'fentry'
  | 'cgroup'
  | 'namespace'
  /** Links of XDP, cgroups and network namespaces: made, updated, detached by force, opened by id. Linux 5.7 to 5.9. */
  | 'links'
  /** An extension can be attached again, and to another target than at load. Linux commit 4a1e7c0c63e0 (5.10). */
  | 'reattach'
  /** The last unpin of a link is carried out later. Linux 6.5. */
  | 'deferred-unpin'
  /** Ordered lists on devices, with anchors and revisions. Linux commit e420bed02507 (6.6). */
  | 'tcx'
  /** Anchors and revisions for lists of cgroups. Linux 6.17. */
  | 'cgroup-order'
  /** A program whose function is replaced cannot be tail-called, nor the other way round. Linux commit d6083f040d5d (6.13). */
  | 'exclusion'
  /** A tracer may be traced, unless it traces a tracer itself. Linux commit 19bfcdf9498a (6.8). */
  | 'traced-tracers'
  /** The maps of a program are looked at before the target of an extension. Linux commit 81f6d0530ba0 (6.13, and stable kernels). */
  | 'maps-first'
  /** As it was meant: the replaced functions of a program are counted. No kernel does. */
  | 'counted-exclusion';

const MAIN = 'int (struct xdp_md *)';
const OTHER = 'int (struct xdp_md *, int)';

/** Two placeholders of one signature: what is noted of a program and not of a function shows with the second only. */
const PLACEHOLDERS = { placeholder1: MAIN, placeholder2: MAIN } as const;

/** Object files. The names of types are libbpf's section names. */
export const LINUX_PROGRAMS: readonly (ProgramSource & { readonly needs: LinuxFeature })[] = [
  { needs: 'xdp', name: 'xdp', kind: 'ordinary', type: 'xdp' },
  { needs: 'xdp', name: 'xdp_devmap', kind: 'ordinary', type: 'xdp/devmap' },
  { needs: 'freplace', name: 'rootlet', kind: 'ordinary', type: 'xdp', placeholders: PLACEHOLDERS },
  { needs: 'freplace', name: 'rootlet_any', kind: 'ordinary', type: 'xdp/any', placeholders: PLACEHOLDERS },
  { needs: 'freplace', name: 'fw', kind: 'extension', type: 'freplace', signature: MAIN },
  { needs: 'freplace', name: 'fw_other', kind: 'extension', type: 'freplace', signature: OTHER },
  {
    needs: 'freplace',
    name: 'fw_tail',
    kind: 'extension',
    type: 'freplace',
    signature: MAIN,
    tailCalls: true,
  },
  { needs: 'fentry', name: 'tracer', kind: 'tracer', type: 'fentry' },
  { needs: 'prog-array', name: 'dispatcher', kind: 'ordinary', type: 'xdp', tailCalls: true },
  { needs: 'tc', name: 'tc', kind: 'ordinary', type: 'tc', verdict: 'continue' },
  { needs: 'tc', name: 'tc_final', kind: 'ordinary', type: 'tc', verdict: 'final' },
  { needs: 'cgroup', name: 'skb', kind: 'ordinary', type: 'cgroup_skb/egress' },
  { needs: 'namespace', name: 'dissector', kind: 'ordinary', type: 'flow_dissector' },
  { needs: 'namespace', name: 'lookup', kind: 'ordinary', type: 'sk_lookup' },
];

/** How far revisions are counted: enough to fill a list of three a few times. */
const REVISIONS = 16;

export const CGROUPS = ['parent', 'child'] as const;
export const NAMESPACES = ['home', 'other'] as const;

/** The kernel of a feature set. A device's hooks stand in the order in which a packet meets them. */
export function linuxKernel(features: ReadonlySet<LinuxFeature>): KernelOptions {
  return {
    sources: LINUX_PROGRAMS.filter(({ needs }) => features.has(needs)),
    hooks: (bounds) => linuxHooks(features, bounds),
    loadedFor: features.has('freplace') || features.has('fentry') ? 'holds' : 'none',
    attachedIn: 'holds',
    containers: features.has('tc'),
    linux: linuxState(features),
  };
}

function linuxState(features: ReadonlySet<LinuxFeature>): LinuxState {
  return {
    deferredUnpin: features.has('deferred-unpin'),
    deferredClear: features.has('prog-array'),
    mapOwners: features.has('prog-array'),
    savedKinds: features.has('freplace'),
    tracedTracers: features.has('traced-tracers'),
    mapsFirst: features.has('maps-first'),
    extendedMark: extendedMark(features),
    devicesGo: true,
    revisions: features.has('tcx') || features.has('cgroup-order') ? REVISIONS : 0,
    cgroupRevisions: features.has('cgroup-order'),
    ingressQueues: features.has('tc'),
    deferredFilters: features.has('tc'),
    cgroups: features.has('cgroup') ? CGROUPS : [],
    namespaces: NAMESPACES,
    mounts: true,
    authority: true,
    priorities: features.has('tc') ? 2 : 0,
  };
}

function extendedMark(features: ReadonlySet<LinuxFeature>): LinuxState['extendedMark'] {
  if (features.has('counted-exclusion')) return 'counted';
  return features.has('exclusion') ? 'written' : undefined;
}

function linuxHooks(features: ReadonlySet<LinuxFeature>, { devices }: Bounds): Hook[] {
  const keptBy = features.has('links') ? 'either' : 'hook';
  const hooks: Hook[] = [];
  for (let i = 0; i < devices; i++) hooks.push(...deviceLayers(features, `eth${i}`, keptBy));
  const placeholders = features.has('freplace') ? Object.keys(PLACEHOLDERS) : [];
  for (const name of placeholders) hooks.push({ name, kind: 'subprogram', exclusive: true, keptBy: 'link' });
  if (features.has('fentry')) hooks.push(probe(undefined), ...placeholders.map(probe));
  if (features.has('prog-array')) {
    for (const name of ['slot0', 'slot1'])
      hooks.push({ name, kind: 'slot', exclusive: true, keptBy: 'hook' });
  }
  if (features.has('cgroup')) {
    for (const of of CGROUPS) {
      hooks.push({ name: `cgroup ${of}`, kind: 'cgroup', exclusive: false, keptBy, of, layer: 'cgroup' });
    }
  }
  if (features.has('namespace')) {
    for (const of of NAMESPACES) hooks.push(...namespaceLayers(of, keptBy));
  }
  return hooks;
}

/** Where tracers run: before a placeholder, or where a program begins. */
function probe(placeholder: string | undefined): Hook {
  const base = { kind: 'probe', exclusive: false, keptBy: 'link' } as const;
  return placeholder === undefined
    ? { ...base, name: 'entry' }
    : { ...base, name: `entry of ${placeholder}`, placeholder };
}

function deviceLayers(features: ReadonlySet<LinuxFeature>, of: string, keptBy: Hook['keptBy']): Hook[] {
  const layer = (name: NonNullable<Hook['layer']>, exclusive: boolean, kept: Hook['keptBy']): Hook => ({
    name: `${of} ${name}`,
    kind: 'device',
    exclusive,
    keptBy: kept,
    of,
    layer: name,
  });
  return [
    ...(features.has('xdp') ? [layer('driver', true, keptBy), layer('generic', true, keptBy)] : []),
    ...(features.has('tcx') ? [layer('tcx', false, 'either')] : []),
    ...(features.has('tc') ? [layer('filters', false, 'hook')] : []),
  ];
}

function namespaceLayers(of: string, keptBy: Hook['keptBy']): Hook[] {
  const base = { kind: 'namespace', keptBy, of } as const;
  return [
    { ...base, name: `${of} flow_dissector`, exclusive: true, layer: 'flow_dissector' },
    { ...base, name: `${of} sk_lookup`, exclusive: false, layer: 'sk_lookup' },
  ];
}
