/** Pins on the bpffs of the sandbox. */
import { unlink } from '../channel/files.js';
import { pathName } from '../../model/kernel/model.js';
import { names } from '../../model/kernel/mounts.js';
import { NONE } from '../../model/state/index.js';
import { getPinned, linkPin, pin, renamePin } from '../bpf/pins.js';
import { pinned } from '../bpf/pinned.js';
import { BPFFS } from '../sandbox/bpffs.js';
import type { Aspect, Binding, ViewLine } from './binding.js';
import { argumentOf, outcomeOf, realFd, type RunningLinux } from './running-linux.js';

const KIND_NAMES = { program: 'prog', link: 'link', map: 'map' } as const;

function realPath(path: number): string {
  return `${BPFFS}${pathName(path)}`;
}

/** What is pinned on the bpffs on top. */
const visible: Aspect = {
  expected: (state, nameOf) =>
    Array.from({ length: state.pins.length }, (_, i) => names(state).get(i)).flatMap(
      (object, i): ViewLine[] => (object === NONE ? [] : [[pathName(i), nameOf(object)]]),
    ),
  async observed({ linux }) {
    const lines = await Promise.all(Array.from({ length: linux.bounds.pins }, (_, i) => pinLine(linux, i)));
    return lines.flat();
  },
};

async function pinLine(linux: RunningLinux, path: number): Promise<ViewLine[]> {
  const found = await pinned(linux.administrator, realPath(path));
  return found.ok ? [[pathName(path), `${KIND_NAMES[found.value.kind]} ${found.value.id}`]] : [];
}

export const pins: Binding = {
  calls: {
    async pin(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      return outcomeOf(await pin(actor, realFd(argumentOf(call, 'fd')), realPath(argumentOf(call, 'path'))));
    },
    async unpin(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      return outcomeOf(await unlink(actor, realPath(argumentOf(call, 'path'))));
    },
    async get(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      return linux.handedOut(actor, await getPinned(actor, realPath(argumentOf(call, 'path'))));
    },
    async rename(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      const [path, to] = [argumentOf(call, 'path'), argumentOf(call, 'to')];
      return outcomeOf(await renamePin(actor, realPath(path), realPath(to)));
    },
    async hard_link(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      const [from, path] = [argumentOf(call, 'from'), argumentOf(call, 'path')];
      return outcomeOf(await linkPin(actor, realPath(from), realPath(path)));
    },
    async mount_bpffs(linux, call) {
      return outcomeOf(await linux.sandbox.bpffs.hide(linux.process(argumentOf(call, 'actor'))));
    },
    async umount_bpffs(linux, call) {
      return outcomeOf(await linux.sandbox.bpffs.reveal(linux.process(argumentOf(call, 'actor'))));
    },
  },
  aspects: [visible],
};
