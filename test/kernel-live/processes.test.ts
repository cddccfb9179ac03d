import test from 'ava';
import {
  Memory,
  NR,
  ProcessGoneError,
  becomeNobody,
  closeFd,
  duplicate,
  keepOnly,
  linkCreate,
  linkDetach,
  linkInfo,
  openById,
  programInfo,
  progLoad,
  sendFd,
  setXdp,
  xdpOnDevice,
} from '../../kernel/index.js';
import { errnoOf, hasRights, liveTest, reasonAgainst, valueOf } from './live-test.js';
import { xdpReturning } from './programs.js';

test('the running kernel can be driven wherever the rights are there', (t) => {
  t.is(hasRights() ? reasonAgainst : undefined, undefined);
});

liveTest("a process's descriptors are its own, and are numbered from 3", async ({ t, sandbox, process }) => {
  const other = await sandbox.start();

  const descriptors = [
    await progLoad(process, xdpReturning(1)),
    await progLoad(process, xdpReturning(1)),
    await progLoad(other, xdpReturning(1)),
    await duplicate(process, 3),
  ];

  t.deepEqual(descriptors.map(valueOf), [3, 4, 3, 5]);
  t.is(errnoOf(await closeFd(other, 4)), 'EBADF');
});

liveTest('killing a process detaches what its links attached, at once', async ({ t, sandbox, process }) => {
  const device = sandbox.devices.index(0);
  const program = valueOf(await progLoad(process, xdpReturning(2)));
  valueOf(await linkCreate(process, { program, target: device, attachType: 'xdp' }));
  const { id } = valueOf(await programInfo(process, program));
  t.is(valueOf(await xdpOnDevice(sandbox.administrator, device)).driver, id);

  await sandbox.stop(process);

  t.is(valueOf(await xdpOnDevice(sandbox.administrator, device)).driver, 0);
});

liveTest('a descriptor that was sent keeps a link attached when its maker is killed', async (live) => {
  const { t, sandbox, administrator, process } = live;
  const target = sandbox.devices.index(0);
  const receiver = await sandbox.start();
  const program = valueOf(await progLoad(process, xdpReturning(2)));
  const link = valueOf(await linkCreate(process, { program, target, attachType: 'xdp' }));

  t.is(valueOf(await sendFd(process, link, receiver)), 3);
  await sandbox.stop(process);

  t.is(valueOf(await linkInfo(receiver, 3)).target, target);
  t.not(valueOf(await xdpOnDevice(administrator, target)).driver, 0);
});

liveTest(
  'a process that dies in a call is reported, and the others go on',
  async ({ t, sandbox, process }) => {
    const other = await sandbox.start();

    const error = await t.throwsAsync(process.call(NR.kill, process.pid, 9), {
      instanceOf: ProcessGoneError,
    });

    t.is(error.reason, 'died in the call');
    await t.throwsAsync(process.call(NR.getpid), { instanceOf: ProcessGoneError, message: /not running/ });
    t.is((await other.call(NR.getpid)).value, other.pid);
  },
);

liveTest('calls of one request stop at the first that fails', async ({ t, process }) => {
  const returned = await process.calls([
    { number: NR.getpid, arguments: [] },
    { number: NR.close, arguments: [77] },
    { number: NR.getpid, arguments: [] },
  ]);

  t.deepEqual(
    returned.map(({ errno }) => errno),
    [0, 9], // EBADF
  );
});

liveTest('memory that a call fills in comes back', async ({ t, process }) => {
  const name = Memory.room(64);

  const { errno } = await process.call(NR.readlinkat, -100, Memory.string('/proc/self'), name, 64);

  t.is(errno, 0);
  t.is(name.bytes.toString('latin1').replaceAll('\0', ''), String(process.pid));
});

liveTest('without capabilities, an inherited program can be attached and its link detached', async (live) => {
  const { t, sandbox, process } = live;
  const target = sandbox.devices.index(0);
  const program = valueOf(await progLoad(process, xdpReturning(2)));
  const { id } = valueOf(await programInfo(process, program));

  valueOf(await becomeNobody(process));

  // kernel/bpf/syscall.c: bpf_prog_get_fd_by_id wants CAP_SYS_ADMIN, link_create and link_detach want nothing
  t.is(errnoOf(await openById(process, 'program', id)), 'EPERM');
  t.is(errnoOf(await setXdp(process, { device: target, program })), 'EPERM');
  const link = valueOf(await linkCreate(process, { program, target, attachType: 'xdp' }));
  t.true((await linkDetach(process, link)).ok);
});

liveTest('a process can be left single capabilities', async ({ t, sandbox, process }) => {
  const program = valueOf(await progLoad(process, xdpReturning(2)));
  const { id } = valueOf(await programInfo(process, program));

  valueOf(await keepOnly(process, ['netAdmin']));

  t.true((await setXdp(process, { device: sandbox.devices.index(0), program })).ok);
  t.is(errnoOf(await openById(process, 'program', id)), 'EPERM');
});
