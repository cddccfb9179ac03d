import {
  ATTACH_FLAG,
  BPFFS,
  addFilter,
  addQdisc,
  becomes,
  getPinned,
  isListed,
  linkCreate,
  linkInfo,
  linkPin,
  makeDirectory,
  pin,
  pinned,
  progAttach,
  progLoad,
  programInfo,
  renamePin,
  RENAME_FLAG,
  setXdp,
  unlink,
  xdpOnDevice,
} from '../../kernel/index.js';
import { errnoOf, liveTest, valueOf } from './live-test.js';
import { cgroupAllowing, tcPassing, xdpReturning } from './programs.js';

liveTest(
  'a pin holds a link until its last name is removed',
  async ({ t, sandbox, administrator, process }) => {
    const target = sandbox.devices.index(0);
    const program = valueOf(await progLoad(process, xdpReturning(2)));
    const link = valueOf(await linkCreate(process, { program, target, attachType: 'xdp' }));
    const { id } = valueOf(await linkInfo(process, link));
    const [one, two] = [`${BPFFS}/one`, `${BPFFS}/two`];
    valueOf(await pin(process, link, one));
    valueOf(await linkPin(administrator, one, two));

    await sandbox.stop(process);
    valueOf(await unlink(administrator, one));
    t.deepEqual(valueOf(await pinned(administrator, two)), { kind: 'link', id });
    t.not(valueOf(await xdpOnDevice(administrator, target)).driver, 0);

    valueOf(await unlink(administrator, two));
    // The kernel releases it later: bpf_link_put in kernel/bpf/syscall.c
    const isGone = async (): Promise<boolean> =>
      !(await isListed(administrator, 'link', id)) &&
      valueOf(await xdpOnDevice(administrator, target)).driver === 0;
    t.true(await becomes(isGone, 5000));
  },
);

liveTest('pins can be swapped, and a name can be taken over', async ({ t, administrator, process }) => {
  const programs: number[] = [];
  for (const name of ['a', 'b']) {
    const program = valueOf(await progLoad(process, xdpReturning(2)));
    valueOf(await pin(process, program, `${BPFFS}/${name}`));
    programs.push(valueOf(await programInfo(process, program)).id);
  }
  const [a, b] = [`${BPFFS}/a`, `${BPFFS}/b`];

  t.is(errnoOf(await renamePin(administrator, a, b, RENAME_FLAG.noreplace)), 'EEXIST');
  valueOf(await renamePin(administrator, a, b, RENAME_FLAG.exchange));
  t.is(valueOf(await pinned(administrator, a)).id, programs[1] ?? 0);
  valueOf(await renamePin(administrator, a, b));

  t.is(valueOf(await pinned(administrator, b)).id, programs[1] ?? 0);
  t.is(errnoOf(await pinned(administrator, a)), 'ENOENT');
});

liveTest(
  'a bpffs mounted over another hides its pins until it is taken away',
  async ({ t, sandbox, process }) => {
    valueOf(await pin(process, valueOf(await progLoad(process, xdpReturning(2))), `${BPFFS}/p`));

    valueOf(await sandbox.bpffs.hide());
    t.is(errnoOf(await getPinned(process, `${BPFFS}/p`)), 'ENOENT');
    valueOf(await sandbox.bpffs.reveal());

    t.true((await getPinned(process, `${BPFFS}/p`)).ok);
    t.is(errnoOf(await sandbox.bpffs.reveal()), 'EINVAL');
  },
);

liveTest('a link of a deleted device is defunct, also when the device is made anew', async (live) => {
  const { t, sandbox, process } = live;
  const target = sandbox.devices.index(0);
  const program = valueOf(await progLoad(process, xdpReturning(2)));
  const link = valueOf(await linkCreate(process, { program, target, attachType: 'xdp' }));

  valueOf(await sandbox.devices.delete(0));
  t.is(errnoOf(await xdpOnDevice(process, target)), 'ENODEV');
  valueOf(await sandbox.devices.create(0));

  const { target: where, program: which } = valueOf(await linkInfo(process, link));
  t.deepEqual([where, which], [0, valueOf(await programInfo(process, program)).id]);
  t.is(valueOf(await xdpOnDevice(process, target)).driver, 0);
});

liveTest(
  'an XDP link stays on a device that moves to another network',
  async ({ t, sandbox, process }) => {
    const target = sandbox.devices.index(0);
    const program = valueOf(await progLoad(process, xdpReturning(2)));
    valueOf(await linkCreate(process, { program, target, attachType: 'xdp' }));
    const { id } = valueOf(await programInfo(process, program));

    valueOf(await sandbox.devices.moveAway(0));

    t.is(errnoOf(await xdpOnDevice(process, target)), 'ENODEV');
    t.is(valueOf(await xdpOnDevice(sandbox.otherNetwork!.process, target)).driver, id);
  },
  { otherNetwork: true },
);

liveTest(
  'a device without XDP in its driver takes it in generic mode',
  async ({ t, sandbox, process }) => {
    const device = sandbox.devices.index(0);
    const program = valueOf(await progLoad(process, xdpReturning(2)));

    valueOf(await setXdp(process, { device, program }));

    t.is(valueOf(await xdpOnDevice(process, device)).mode, 'generic');
  },
  { devices: ['ifb'] },
);

liveTest(
  'a reset leaves nothing of what a sequence did',
  async ({ t, sandbox, administrator, process }) => {
    const device = sandbox.devices.index(0);
    const away = sandbox.devices.index(1);
    const xdp = valueOf(await progLoad(process, xdpReturning(2)));
    const tc = valueOf(await progLoad(process, tcPassing));
    const cgroup = valueOf(await progLoad(process, cgroupAllowing));
    const attachType = 'cgroupInetEgress';
    const flags = ATTACH_FLAG.allowMulti;
    valueOf(await setXdp(process, { device, program: xdp }));
    valueOf(await progAttach(process, { target: device, program: tc, attachType: 'tcxIngress' }));
    valueOf(await addQdisc(process, device));
    valueOf(await addFilter(process, { device, direction: 'ingress', priority: 1, handle: 1 }, tc, 'create'));
    valueOf(await linkCreate(process, { program: xdp, target: away, attachType: 'xdp' }));
    valueOf(await sandbox.devices.moveAway(1));
    valueOf(await sandbox.groups!.openIn(process, 0, 1010));
    valueOf(await progAttach(process, { target: 1010, program: cgroup, attachType, flags }));
    valueOf(await pin(process, xdp, `${BPFFS}/p`));
    valueOf(await sandbox.bpffs.hide());
    valueOf(await makeDirectory(administrator, `${BPFFS}/directory`));
    valueOf(await pin(process, tc, `${BPFFS}/directory/p`));

    await sandbox.reset();

    t.true(await sandbox.isClean());
    t.is(errnoOf(await pinned(administrator, `${BPFFS}/p`)), 'ENOENT');
    await t.throwsAsync(programInfo(process, xdp), { message: /not running/ });
    t.is(valueOf(await progLoad(await sandbox.start(), xdpReturning(2))), 3);
  },
  { devices: ['veth', 'veth'], otherNetwork: true },
);
