/** Properties that only Linux's mechanisms can express, on Linux with few calls and few programs, some of them wrong. */
import { linkBehind } from '../../model/kernel/descriptors.js';
import { detach } from '../../model/kernel/lifetime.js';
import type { KernelState } from '../../model/kernel/model.js';
import { guard, type Operation } from '../../model/machine/index.js';
import { LINUX_PROGRAMS } from '../../model/mechanisms/linux/kernel.js';
import { linkFd } from '../../model/proposals/index.js';
import { linux, linuxTcx } from '../../model/proposals/linux.js';
import type { Proposal } from '../../model/proposals/proposal.js';
import { NONE } from '../../model/state/index.js';
import { breaks, sound, type Shown } from './shown.js';
import { onlyWith, withEffect, withGuard } from './variants.js';

/** Linux with these operations, of whose programs only the first few are loaded. */
function small(proposal: Proposal, names: readonly string[], programs = 1): Proposal {
  const chosen = onlyWith(proposal, names);
  return {
    ...chosen,
    operations: (kernel) =>
      chosen.operations(kernel).map((op) => (op.name === 'load' ? loadingFirst(op, programs) : op)),
  };
}

function loadingFirst(load: Operation<KernelState>, count: number): Operation<KernelState> {
  const { program, ...others } = load.params;
  return {
    ...load,
    params: { ...others, program: { ...program!, values: program!.values.slice(0, count) } },
  };
}

/** How many of the programs there are up to the rootlet. */
const ROOTLET = LINUX_PROGRAMS.findIndex(({ name }) => name === 'rootlet') + 1;

const XDP_LINK = ['load', 'xdp_link', 'close'];
const PINNED = [...XDP_LINK, 'pin', 'unpin'];
const UPDATED = ['load', 'xdp_link', 'link_update', 'link_detach', 'device_delete', 'device_create'];
const MODES = ['load', 'xdp_set', 'xdp_clear'];
const RIGHTS = ['load', 'xdp_link', 'xdp_set', 'xdp_clear', 'link_detach', 'send', 'drop_capabilities'];

/** A new device takes up the links of the old one. */
const deviceRevivesLinks = withEffect(
  small(linux, UPDATED),
  'device_create',
  (create) => (s, actor: number, device: number) => {
    create(s, actor, device);
    s.attachments.forEach((link) => {
      if (link.live) link.attached = true;
    });
  },
);

const clearEmptiesBothModes = withEffect(small(linux, MODES), 'xdp_clear', () => (s) => {
  for (let i = 0; i < s.attachments.length; i++) if (s.attachments[i]!.attached) detach(s, i);
});

/** As for one bpffs mounted twice. */
const mountHidesNothing = withEffect(
  small(linux, ['load', 'pin', 'mount_bpffs', 'umount_bpffs']),
  'mount_bpffs',
  () => () => undefined,
);

const deletingUnpins = withEffect(
  small(linux, ['load', 'xdp_link', 'pin', 'device_delete', 'crash']),
  'device_delete',
  (remove) => (s, actor: number, device: number) => {
    for (let path = 0; path < s.pins.length; path++) s.pins.set(path, NONE);
    remove(s, actor, device);
  },
);

const defunctIsNotPinned = withGuard(deletingUnpins, 'pin', () =>
  guard('link-is-not-defunct', 'ENOLINK', (s, actor, fd) => {
    const link = linkBehind(s, actor, fd);
    return link === NONE || s.attachments[link]!.attached;
  }),
);

export const shownOnLinux: Readonly<Record<string, Shown>> = {
  'defunct-link-reports-enolink': {
    broken: [
      breaks(
        small(linux, UPDATED),
        ['link-is-not-defunct'],
        4,
        'not asked: load, link, detach it, update it',
      ),
    ],
    sound: sound(small(linux, UPDATED)),
  },
  'defunct-link-stays-defunct': {
    broken: [breaks(deviceRevivesLinks, [], 4, 'load, link, delete the device, make it anew')],
    sound: sound(small(linux, UPDATED)),
  },
  'mode-is-part-of-key': {
    broken: [breaks(clearEmptiesBothModes, [], 3, 'load, set in one mode, clear the other')],
    sound: sound(small(linux, MODES)),
  },
  'close-then-create-never-busy': {
    broken: [breaks(small(linux, PINNED), [], 6, 'load, link, pin it, close it, unpin it, link again')],
    sound: sound(linkFd),
  },
  'detach-return-means-quiesced': {
    broken: [breaks(small(linux, PINNED), [], 5, 'load, link, pin it, close it, unpin it')],
    sound: sound(small(linuxTcx, PINNED)),
  },
  'attached-implies-observable': {
    broken: [
      breaks(small(linux, [...PINNED, 'link_get_fd_by_id']), [], 5, 'load, link, pin it, close it, unpin it'),
    ],
    sound: sound(small(linuxTcx, [...PINNED, 'link_get_fd_by_id'])),
  },
  'force-needs-authority': {
    broken: [
      breaks(
        small(linux, RIGHTS),
        ['actor-is-privileged'],
        4,
        'A loads and sets, B drops its rights and clears',
      ),
    ],
    sound: sound(small(linux, RIGHTS)),
  },
  'privileged-removal-always-exists': {
    broken: [
      breaks(
        small(linux, ['load', 'load_extension', 'tracing_link', 'link_detach'], ROOTLET),
        [],
        4,
        'load rootlet, load fw for it, attach it, detach it',
      ),
    ],
    sound: sound(small(linux, ['load', 'xdp_link', 'link_detach'])),
  },
  'pin-survival-independent-of-mount-view': {
    broken: [
      breaks(small(linux, ['load', 'pin', 'mount_bpffs']), [], 3, 'load, pin it, mount over it'),
      breaks(
        small(linux, ['load', 'pin', 'mount_bpffs', 'umount_bpffs']),
        [],
        3,
        'load, pin it, mount over it',
      ),
    ],
    sound: sound(mountHidesNothing),
  },
  'stale-pin-eventually-collected': {
    broken: [
      breaks(
        small(linux, ['load', 'xdp_link', 'pin', 'device_delete', 'crash']),
        [],
        6,
        'load, link, pin it, delete the device, both crash',
      ),
    ],
    sound: sound(defunctIsNotPinned),
  },
};
