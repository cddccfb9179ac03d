/** Errnos are those of the kernel's sources; the functions that give them are named. */
import {
  ATTACH_FLAG,
  NETWORK_FD,
  XDP_FLAG,
  addFilter,
  addQdisc,
  closeFd,
  createCounters,
  createProgArray,
  clearSlot,
  code,
  deleteFilter,
  deleteQdisc,
  effectivePrograms,
  filtersOn,
  linkCreate,
  linkInfo,
  linkUpdateExpecting,
  networkId,
  progAttach,
  progDetach,
  progLoad,
  progQuery,
  progTestRun,
  programInfo,
  programsAt,
  qdiscOn,
  readCounter,
  sendFrame,
  setSlot,
  setXdp,
  slotProgram,
  xdpOnDevice,
  type KernelProcess,
} from '../../kernel/index.js';
import { errnoOf, liveTest, valueOf } from './live-test.js';
import { cgroupAllowing, tcPassing, xdpCounting, xdpReturning } from './programs.js';

async function idOf(process: KernelProcess, program: number): Promise<number> {
  return valueOf(await programInfo(process, program)).id;
}

liveTest('an update of an XDP link changes which program gets the packets', async (live) => {
  const { t, sandbox, administrator, process } = live;
  const counters = valueOf(await createCounters(process, 2));
  const old = valueOf(await progLoad(process, xdpCounting(counters, 0)));
  const next = valueOf(await progLoad(process, xdpCounting(counters, 1)));
  const target = sandbox.devices.index(0);
  const link = valueOf(await linkCreate(process, { program: old, target, attachType: 'xdp' }));
  const counts = async (): Promise<number[]> => [
    valueOf(await readCounter(process, counters, 0)),
    valueOf(await readCounter(process, counters, 1)),
  ];

  valueOf(await sendFrame(administrator, sandbox.devices.peerIndex(0)));
  const before = await counts();
  // bpf_xdp_link_update in net/core/dev.c: EPERM if the expected program is not the link's
  t.is(errnoOf(await linkUpdateExpecting(process, link, next, next)), 'EPERM');
  valueOf(await linkUpdateExpecting(process, link, next, old));
  valueOf(await sendFrame(administrator, sandbox.devices.peerIndex(0)));

  t.deepEqual(before, [1, 0]);
  t.deepEqual(await counts(), [1, 1]);
});

liveTest('XDP by netlink is refused where a link is, and in the other mode', async (live) => {
  const { t, sandbox, process } = live;
  const device = sandbox.devices.index(0);
  const program = valueOf(await progLoad(process, xdpReturning(2)));
  const link = valueOf(await linkCreate(process, { program, target: device, attachType: 'xdp' }));

  // dev_xdp_attach in net/core/dev.c
  t.is(errnoOf(await setXdp(process, { device, program })), 'EBUSY');
  t.is(errnoOf(await setXdp(process, { device, program, flags: XDP_FLAG.skb })), 'EEXIST');
  t.is(errnoOf(await setXdp(process, { device: 999, program })), 'ENODEV');

  valueOf(await closeFd(process, link));
  valueOf(await setXdp(process, { device, program, flags: XDP_FLAG.skb }));
  const { mode, generic } = valueOf(await xdpOnDevice(process, device));
  t.deepEqual([mode, generic], ['generic', await idOf(process, program)]);
});

liveTest('a tcx chain keeps its order, and its revision counts changes', async ({ t, sandbox, process }) => {
  const target = sandbox.devices.index(0);
  const hook = { target, attachType: 'tcxIngress' } as const;
  const programs = [];
  for (let i = 0; i < 3; i++) programs.push(valueOf(await progLoad(process, tcPassing)));
  const [a, b, c] = programs as [number, number, number];

  const link = valueOf(await linkCreate(process, { ...hook, program: a }));
  valueOf(await progAttach(process, { ...hook, program: b, flags: ATTACH_FLAG.before, relative: a }));
  const stale = { ...hook, program: c, expectedRevision: 2 };
  t.is(errnoOf(await progAttach(process, stale)), 'ESTALE'); // bpf_mprog_attach in kernel/bpf/mprog.c
  valueOf(await progAttach(process, { ...stale, expectedRevision: 3 }));

  const { attached, revision } = valueOf(await progQuery(sandbox.administrator, target, 'tcxIngress'));
  const linkId = valueOf(await linkInfo(process, link)).id;
  t.is(revision, 4);
  t.deepEqual(attached, [
    { program: await idOf(process, b), link: 0 },
    { program: await idOf(process, a), link: linkId },
    { program: await idOf(process, c), link: 0 },
  ]);
  t.is(errnoOf(await progDetach(process, { ...hook, program: a })), 'EBUSY'); // it belongs to a link
});

liveTest('filters go by priority and handle, and with their qdisc', async ({ t, sandbox, process }) => {
  const device = sandbox.devices.index(0);
  const program = valueOf(await progLoad(process, tcPassing));
  const id = await idOf(process, program);
  const place = { device, direction: 'egress', priority: 7, handle: 1 } as const;

  t.is(errnoOf(await addFilter(process, place, program, 'create')), 'EINVAL'); // "Parent Qdisc doesn't exists"
  valueOf(await addQdisc(process, device));
  t.is(errnoOf(await addQdisc(process, device)), 'EEXIST');
  valueOf(await addFilter(process, place, program, 'create'));
  t.is(errnoOf(await addFilter(process, place, program, 'create')), 'EEXIST');
  valueOf(await addFilter(process, { ...place, handle: 0 }, program, 'createOrReplace'));
  valueOf(await addFilter(process, { ...place, priority: 3 }, program, 'create'));
  // inside a priority the newest comes first: cls_bpf_change in net/sched/cls_bpf.c
  t.deepEqual(valueOf(await filtersOn(process, device, 'egress')), [
    { priority: 3, handle: 1, program: id },
    { priority: 7, handle: 2, program: id },
    { priority: 7, handle: 1, program: id },
  ]);

  valueOf(await deleteFilter(process, place));
  t.is(errnoOf(await deleteFilter(process, place)), 'ENOENT');
  t.is(valueOf(await filtersOn(process, device, 'egress')).length, 2);
  t.is(valueOf(await qdiscOn(process, device)), 'clsact');
  valueOf(await deleteQdisc(process, device));
  t.is(valueOf(await qdiscOn(process, device)), undefined);
  t.deepEqual(valueOf(await filtersOn(process, device, 'egress')), []);
});

liveTest('a slot of a prog_array decides where a tail call goes', async ({ t, process }) => {
  const map = valueOf(await createProgArray(process, 2));
  const callee = valueOf(await progLoad(process, xdpReturning(5)));
  const instructions = Buffer.concat([code.tailCall(map, 1), code.return(3)]);
  const caller = valueOf(await progLoad(process, { type: 'xdp', expectedAttachType: 'xdp', instructions }));
  t.is(valueOf(await progTestRun(process, caller)), 3);

  valueOf(await setSlot(process, map, 1, callee));
  t.is(valueOf(await progTestRun(process, caller)), 5);
  t.is(valueOf(await slotProgram(process, map, 1)), await idOf(process, callee));
  t.is(errnoOf(await setSlot(process, map, 2, callee)), 'E2BIG');

  valueOf(await clearSlot(process, map, 1));
  t.is(valueOf(await progTestRun(process, caller)), 3);
  t.is(errnoOf(await slotProgram(process, map, 1)), 'ENOENT');
});

liveTest(
  "a child group runs its own programs, then its parent's",
  async ({ t, sandbox, process }) => {
    const [parent, child] = [1010, 1011];
    valueOf(await sandbox.groups!.openIn(process, 0, parent));
    valueOf(await sandbox.groups!.openIn(process, 1, child));
    const attachType = 'cgroupInetEgress';
    const above = valueOf(await progLoad(process, cgroupAllowing));
    const below = valueOf(await progLoad(process, cgroupAllowing));

    const flags = ATTACH_FLAG.allowMulti;
    valueOf(await progAttach(process, { target: parent, program: above, attachType, flags }));
    const link = valueOf(await linkCreate(process, { target: child, program: below, attachType }));

    const effective = valueOf(await effectivePrograms(process, child, attachType)).attached;
    t.deepEqual(
      effective.map(({ program }) => program),
      [await idOf(process, below), await idOf(process, above)],
    );
    t.is(valueOf(await linkInfo(process, link)).target, valueOf(await sandbox.groups!.id(1)));
    t.is(errnoOf(await sandbox.groups!.remove(0)), 'EBUSY'); // it has a child
    valueOf(await sandbox.groups!.remove(1));
  },
  { groups: ['c0', 'c0/c1'] },
);

liveTest('a network namespace takes one flow dissector, and a link keeps others out', async (live) => {
  const { t, administrator, process } = live;
  const attachType = 'flowDissector';
  const dissector = {
    type: attachType,
    expectedAttachType: attachType,
    instructions: code.return(0),
  } as const;
  const program = valueOf(await progLoad(process, dissector));

  const link = valueOf(await linkCreate(process, { program, target: NETWORK_FD, attachType }));

  t.is(valueOf(await linkInfo(process, link)).target, valueOf(await networkId(administrator)));
  t.deepEqual(await programsAt(administrator, attachType), [await idOf(process, program)]);
  // netns_bpf_link_attach and netns_bpf_prog_attach in kernel/bpf/net_namespace.c
  t.is(errnoOf(await linkCreate(process, { program, target: NETWORK_FD, attachType })), 'E2BIG');
  t.is(errnoOf(await progAttach(process, { target: 0, program, attachType })), 'EEXIST');
});
