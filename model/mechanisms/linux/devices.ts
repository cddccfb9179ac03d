/**
 * Network devices that go: deleted, made anew under the same name, moved to another network namespace.
 *
 * Modelled: a deleted device takes its attachments with it, links become defunct and stay so when there is a device of that name
 * again; a moved one keeps XDP and tcx and loses its clsact qdisc, and nobody at home can name it. Left out: a second device of
 * the same name while the first is elsewhere, and renaming, setting up and down, which change nothing for BPF.
 * Source: net/core/dev.c, unregister_netdevice_many_notify, dev_xdp_uninstall, __dev_change_net_namespace.
 */
import {
  guard,
  operation,
  possible,
  roomFor,
  type Guard,
  type Operation,
  type Precondition,
} from '../../machine/index.js';
import { MAX_CALLS, dispatch } from '../../kernel/dispatch.js';
import { detach } from '../../kernel/lifetime.js';
import { removeQdisc } from '../../kernel/filters.js';
import { TEARDOWN, hookIn, type KernelModel, type KernelState } from '../../kernel/model.js';
import { actorIsAlive } from '../processes.js';
import { authority } from './authority.js';
import { NAMESPACES } from './kernel.js';

/** The network namespace that devices are moved to. */
const OTHER = NAMESPACES.indexOf('other');

/** Whether processes at home can name a device: it is there, and in their network namespace. */
export function isHere(s: KernelState, device: number): boolean {
  const { gone, moved } = s.devices[device]!;
  return !gone && !moved;
}

/** Whether anybody can look at a device: in a network namespace that is on its way out nobody is left to. */
export function isSeen(s: KernelState, device: number): boolean {
  const { gone, moved } = s.devices[device]!;
  return !gone && (!moved || TEARDOWN[s.namespaces[OTHER]!.teardown] === 'present');
}

/**
 * Where a packet can be sent to see what runs. It is not sent in circles: those through tail calls are cut off after 33, and
 * those through extensions that tail-call never end. Source: MAX_TAIL_CALL_CNT in include/linux/bpf.h; Linux commit d6083f040d5d.
 */
export function arrival({ devices }: KernelModel): Precondition<KernelState>[] {
  return [
    possible('device-can-be-reached', (s, device) => s.devices[device]!.gone || isSeen(s, device)),
    possible('path-ends', (s: KernelState, device) => dispatch(s, devices[device]!).length < MAX_CALLS),
  ];
}

export function devices(k: KernelModel): Operation<KernelState>[] {
  const { process, device } = k.domains;
  const exists: Guard<KernelState> = guard(
    'device-exists',
    'ENODEV',
    (s, _actor, device) => isHere(s, device),
    'net/core/rtnetlink.c, rtnl_dellink and rtnl_setlink',
  );
  return [
    operation({
      verb: 'device_delete',
      deed: 'delete_device',
      summary: 'deletes a device, and with it everything that is attached to it',
      params: { actor: process, device },
      possible: [actorIsAlive],
      guards: [...authority(k), exists],
      effect: (s, _actor, device) => {
        removeDevice(k, s, device);
      },
    }),
    operation({
      verb: 'device_create',
      deed: 'create_device',
      summary: 'makes a device under the name of one that was deleted',
      params: { actor: process, device },
      possible: [actorIsAlive, roomFor('devices', (s, _actor, device) => s.devices[device]!.gone)],
      guards: [
        ...authority(k),
        guard(
          'name-is-free',
          'EEXIST',
          (s, _actor, device) => !isHere(s, device),
          'net/core/rtnetlink.c, rtnl_newlink: NLM_F_EXCL',
        ),
      ],
      effect: (s, _actor, device) => {
        s.devices[device]!.gone = false;
      },
    }),
    operation({
      verb: 'device_move',
      deed: 'move_device',
      summary: 'moves a device to another network namespace; its clsact qdisc does not come along',
      params: { actor: process, device },
      possible: [
        actorIsAlive,
        possible('namespace-is-there', (s) => TEARDOWN[s.namespaces[OTHER]!.teardown] === 'present'),
      ],
      guards: [...authority(k), exists],
      effect: (s, _actor, device) => {
        s.devices[device]!.moved = true;
        dropQdisc(k, s, device);
      },
    }),
  ];
}

/** A device is gone for good, wherever it was: links of it are defunct, all else that was attached to it is freed. */
export function removeDevice(k: KernelModel, s: KernelState, device: number): void {
  const { values } = k.domains.device;
  dropQdisc(k, s, device);
  for (let i = 0; i < s.attachments.length; i++) {
    const { attached, hook } = s.attachments[i]!;
    if (attached && s.kernel.hooks[hook]!.of === values[device]) detach(s, i);
  }
  if (device < s.ingressQueues.length) s.ingressQueues.set(device, false);
  s.devices[device]!.gone = true;
  s.devices[device]!.moved = false;
}

/** The clsact qdisc of a device goes, if it has one, and with it the filters of everybody. */
function dropQdisc({ hooks, domains }: KernelModel, s: KernelState, device: number): void {
  if (device >= s.containers.length) return;
  const of = domains.device.values[device]!;
  removeQdisc(s, device, hookIn(hooks, of, 'filters'), hookIn(hooks, of, 'tcx'));
}
