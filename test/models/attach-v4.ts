/**
 * The fourth version of the RFC in attach-v3.ts:
 *
 * - a program runs on one device only: attaching it to a second one is refused with EBUSY (an added guard);
 * - a device that is taken is EEXIST, not EBUSY (a changed errno);
 * - a link can be forced off its device, and stays, defunct (an added operation);
 * - an extension does not hold the program that it was loaded for any more (a removed reference).
 */
import {
  actorIsAlive,
  boundExtensionLink,
  defineProposal,
  detach,
  deviceLink,
  fdIsOpen,
  guard,
  linkBehind,
  load,
  loadExtensionFor,
  NONE,
  operation,
  packet,
  processes,
  programBehind,
  type KernelModel,
  type KernelState,
  type Operation,
} from 'holdfast';
import { kernel } from './attach-v3.js';

const isNotAttached = guard<KernelState>(
  'program-is-not-attached',
  'EBUSY',
  (s, actor, fd) => !s.attachments.some((one) => one.attached && one.program === programBehind(s, actor, fd)),
);

/** As in v3, but for the added guard and the changed errno. */
function attach(k: KernelModel): Operation<KernelState>[] {
  return deviceLink(k).map((asBefore) => ({
    ...asBefore,
    guards: asBefore.guards.flatMap((one) =>
      one.name === 'device-is-free' ? [isNotAttached, { ...one, errno: 'EEXIST' }] : [one],
    ),
  }));
}

function forceDetach({ domains }: KernelModel): Operation<KernelState>[] {
  return [
    operation({
      verb: 'force_detach',
      summary: 'takes a link off its device; the link itself stays, defunct',
      params: { actor: domains.process, link: domains.fd },
      possible: [actorIsAlive],
      guards: [
        fdIsOpen,
        guard('fd-is-a-link', 'EINVAL', (s, actor, link) => linkBehind(s, actor, link) !== NONE),
        guard(
          'link-is-on-a-device',
          'EOPNOTSUPP',
          (s, actor, link) => s.attachments[linkBehind(s, actor, link)]!.target === NONE,
        ),
      ],
      effect: (s, actor, link) => {
        detach(s, linkBehind(s, actor, link));
      },
    }),
  ];
}

export default defineProposal({
  name: 'attach',
  title: 'links on devices and in placeholders, v4',
  sources: ['written for a test'],
  models: 'loading, attaching, closing',
  leavesOut: 'pins',
  kernel: { ...kernel, loadedFor: 'refers' },
  bounds: { processes: 1, fds: 3, programs: 2, attachments: 2, maps: 0, pins: 0, devices: 2 },
  operations: (k) => [
    ...load(k),
    ...loadExtensionFor(k),
    ...attach(k),
    ...boundExtensionLink(k),
    ...forceDetach(k),
    ...processes(k),
    ...packet(k),
  ],
});
