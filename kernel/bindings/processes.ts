/** Processes and descriptors on a running kernel, and which objects are alive. */
import { attachmentObject, isLink, mapObject, programObject } from '../../model/kernel/lifetime.js';
import type { KernelState } from '../../model/kernel/model.js';
import { closeFd, duplicate } from '../channel/files.js';
import { isListed, type ObjectKind } from '../bpf/ids.js';
import { sendFd } from '../sandbox/messages.js';
import type { Aspect, Binding, ViewLine } from './binding.js';
import { argumentOf, idIn, outcomeOf, realFd, type RunningLinux } from './running-linux.js';

const KINDS: Readonly<Record<string, ObjectKind>> = { prog: 'program', link: 'link', map: 'map' };

/** Programs, links and maps: those made in this sequence that are still alive. */
const alive: Aspect = {
  expected: (state, nameOf) => liveObjects(state).map((object): ViewLine => [nameOf(object), 'is there']),
  async observed({ linux }) {
    const names = linux.everything();
    const isThere = await Promise.all(names.map((name) => isAlive(linux, name)));
    // What is gone does not come back: ids are handed out in ascending order (bpf_prog_alloc_id in kernel/bpf/syscall.c).
    linux.gone(names.filter((_, i) => !isThere[i]));
    return names.flatMap((name, i): ViewLine[] => (isThere[i] ? [[name, 'is there']] : []));
  },
};

function liveObjects(s: KernelState): number[] {
  return [
    ...s.programs.flatMap(({ live }, i) => (live ? [programObject(i)] : [])),
    ...s.attachments.flatMap(({ live }, i) => (live && isLink(s, i) ? [attachmentObject(i)] : [])),
    ...s.maps.flatMap(({ live }, i) => (live ? [mapObject(i)] : [])),
  ];
}

function isAlive(linux: RunningLinux, name: string): Promise<boolean> {
  return isListed(linux.administrator, KINDS[name.split(' ')[0]!]!, idIn(name));
}

/**
 * Descriptors are sent in datagrams here. Where nobody receives any more, these say ECONNREFUSED (unix_dgram_sendmsg in
 * net/unix/af_unix.c), and the connection that the model has in mind EPIPE.
 */
function asOfStream(errno: string): string {
  return errno === 'ECONNREFUSED' ? 'EPIPE' : errno;
}

export const processes: Binding = {
  calls: {
    async close(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      const fd = realFd(argumentOf(call, 'fd'));
      const result = await closeFd(actor, fd);
      if (result.ok) linux.closed(actor, fd);
      return outcomeOf(result);
    },
    async dup(linux, call) {
      const actor = linux.process(argumentOf(call, 'actor'));
      return linux.handedOut(actor, await duplicate(actor, realFd(argumentOf(call, 'fd'))));
    },
    async send(linux, call) {
      const receiver = linux.latestProcess(argumentOf(call, 'to'));
      const sender = linux.process(argumentOf(call, 'actor'));
      const sent = await sendFd(sender, realFd(argumentOf(call, 'fd')), receiver);
      return linux.handedOut(receiver, sent.ok ? sent : { ok: false, errno: asOfStream(sent.errno) });
    },
    async crash(linux, call) {
      await linux.kill(argumentOf(call, 'actor'));
      return { kind: 'done' };
    },
    async restart(linux, call) {
      await linux.start(argumentOf(call, 'actor'));
      return { kind: 'done' };
    },
  },
  aspects: [alive],
};
