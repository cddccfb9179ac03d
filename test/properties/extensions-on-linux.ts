/** The part of Linux that extensions and prog_arrays are, small enough to be searched to its end. */
import type { KernelModel } from '../../model/kernel/model.js';
import { linuxKernel, type LinuxFeature } from '../../model/mechanisms/linux/kernel.js';
import { loadForTarget } from '../../model/mechanisms/linux/load-for-target.js';
import { progArrays } from '../../model/mechanisms/linux/prog-arrays.js';
import { tracingLinks } from '../../model/mechanisms/linux/tracing-links.js';
import { load } from '../../model/mechanisms/load.js';
import { processes } from '../../model/mechanisms/processes.js';
import { defineProposal, type Proposal } from '../../model/proposals/index.js';

const WITHOUT_EXCLUSION: readonly LinuxFeature[] = ['xdp', 'prog-array', 'freplace', 'links', 'reattach'];

function extensions(name: string, list: readonly LinuxFeature[]): Proposal {
  const features = new Set(list);
  return defineProposal({
    name,
    title: `extensions and prog_arrays of Linux: ${list.join(', ')}`,
    sources: [],
    models: 'loading and attaching extensions, filling slots',
    leavesOut: 'all else',
    kernel: linuxKernel(features),
    bounds: { processes: 1, fds: 5, programs: 2, attachments: 2, maps: 1, pins: 0, devices: 1 },
    operations: (k: KernelModel) => [
      ...load(k),
      ...loadForTarget(k, features),
      ...tracingLinks(k, features),
      ...progArrays(k, features),
      ...processes(k),
    ],
  });
}

export const withoutExclusion = extensions('without-exclusion', WITHOUT_EXCLUSION);
export const exclusionAsWritten = extensions('exclusion-as-written', [...WITHOUT_EXCLUSION, 'exclusion']);
export const exclusionAsMeant = extensions('exclusion-as-meant', [
  ...WITHOUT_EXCLUSION,
  'exclusion',
  'counted-exclusion',
]);
