/**
 * An RFC as its author would write it down, in its third version; what the fourth changes is in attach-v4.ts. One process is
 * enough for all that differs between them.
 */
import {
  boundExtensionLink,
  defineProposal,
  deviceHooks,
  deviceLink,
  load,
  loadExtensionFor,
  packet,
  processes,
  type KernelOptions,
} from 'holdfast';

/** `loadedFor: 'holds'`: an extension holds the program that it was loaded for. */
export const kernel: KernelOptions = {
  sources: [
    { name: 'rootlet', kind: 'ordinary', placeholders: { placeholder1: 'int (struct xdp_md *)' } },
    { name: 'fw1', kind: 'extension', signature: 'int (struct xdp_md *)' },
  ],
  hooks: (bounds) => [
    ...deviceHooks(bounds, 'link'),
    { name: 'placeholder1', kind: 'subprogram', exclusive: true, keptBy: 'link' },
  ],
  loadedFor: 'holds',
  attachedIn: 'refers',
};

export default defineProposal({
  name: 'attach',
  title: 'links on devices and in placeholders, v3',
  sources: ['written for a test'],
  models: 'loading, attaching, closing',
  leavesOut: 'pins',
  kernel,
  bounds: { processes: 1, fds: 3, programs: 2, attachments: 2, maps: 0, pins: 0, devices: 2 },
  operations: (k) => [
    ...load(k),
    ...loadExtensionFor(k),
    ...deviceLink(k),
    ...boundExtensionLink(k),
    ...processes(k),
    ...packet(k),
  ],
});
