/**
 * Links on devices, and an `update` that puts another program in the place of the one that a device runs. It works, and it is
 * wrong on purpose: `update` names the device, so anybody can update what somebody else holds, and two claims fall,
 * `held-link-never-overridden` and `holder-knows-what-runs`. Change it into the design you have in mind.
 */
import {
  actorIsAlive, defineProposal, deviceHook, deviceHooks, deviceLink, fdIsOpen, guard, isProgram, load, NONE, occupant,
  operation, packet, pins, processes, programBehind, replaceIn, type KernelState,
} from 'holdfast';

/** The link that is attached to a device, or NONE. */
const linkAt = (s: KernelState, device: number) => occupant(s, deviceHook(s, device), NONE);

export default defineProposal({
  name: 'my-proposal',
  title: 'links on devices, and an update in place',
  sources: ['where it was proposed: a mail, a commit'],
  models: 'attaching to a device, which returns a link; an update by the name of the device',
  leavesOut: 'everything that is not about devices',
  kernel: {
    sources: [{ name: 'prog', kind: 'ordinary' }],
    hooks: (bounds) => deviceHooks(bounds, 'link'), // whoever holds the link keeps its program attached
    loadedFor: 'none',
    attachedIn: 'none',
  },
  bounds: { processes: 2, fds: 3, programs: 2, attachments: 2, maps: 0, pins: 1, devices: 1 },
  operations: (k) => [
    ...[load(k), deviceLink(k), processes(k), pins(k), packet(k)].flat(), // what there is already
    operation({
      verb: 'update',
      summary: 'puts another program in the place of the one that a device runs',
      params: { actor: k.domains.process, program: k.domains.fd, device: k.domains.device },
      possible: [actorIsAlive],
      // The refusals, in the order in which they are asked: the first that fails gives its errno.
      guards: [
        fdIsOpen,
        isProgram(),
        guard('device-has-a-link', 'ENOENT', (s, _actor, _fd, device) => linkAt(s, device) !== NONE),
      ],
      effect: (s, actor, fd, device) => replaceIn(s, actor, linkAt(s, device), programBehind(s, actor, fd)),
    }),
  ],
});
