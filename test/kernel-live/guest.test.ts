import test from 'ava';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  FEATURES,
  KernelRunError,
  Sandbox,
  XDP_PROGRAM,
  bootGuest,
  closeFd,
  dispatcherFunctions,
  linkCreate,
  loadDispatcher,
  loadExtension,
  probe,
  progTestRun,
  readKernel,
  sendFd,
  type KernelImage,
} from '../../kernel/index.js';
import { MODE, cpioArchive } from '../../kernel/guest/cpio.js';
import { kernelsDirectory } from '../../kernel/guest/packages.js';
import { valueOf } from './live-test.js';

function directory(): string {
  return mkdtempSync(join(tmpdir(), 'holdfast-test-'));
}

test('the first files of a guest are an archive that cpio knows', (t) => {
  const archive = cpioArchive([
    { path: 'dev', mode: MODE.directory },
    { path: 'dev/console', mode: MODE.characters, device: { major: 5, minor: 1 } },
    { path: 'init', mode: MODE.program, content: Buffer.from('hello') },
  ]).toString('latin1');

  // 110 bytes of header and `dev\0`, up to a multiple of four; from the format's description
  t.is(archive.slice(0, 6), '070701');
  t.is(archive.slice(14, 22), '000041ed'); // a directory, 0755
  t.is(archive.slice(110, 114), 'dev\0');
  const second = 116;
  t.is(archive.slice(second + 14, second + 22), '00002180'); // a character device, 0600
  t.is(archive.slice(second + 78, second + 94), '0000000500000001');
  t.true(archive.includes(`init\0\0hello${'\0'.repeat(3)}070701`));
  t.is(archive.length % 4, 0);
});

test('a kernel that is not there is said to be missing', (t) => {
  t.throws(() => readKernel('/nowhere/vmlinuz-1'), {
    message: /^There is no kernel at \/nowhere\/vmlinuz-1; 'holdfast kernels' fetches/,
  });
});

test('a directory without a kernel, and a kernel without modules, are told what is missing', (t) => {
  const root = directory();
  t.throws(() => readKernel(root), {
    instanceOf: KernelRunError,
    message: /There is no kernel in .*vmlinuz/,
  });

  mkdirSync(join(root, 'boot'));
  writeFileSync(join(root, 'boot/vmlinuz-9.9'), '');
  t.throws(() => readKernel(root), { message: /no modules for the kernel .*boot\/vmlinuz-9\.9/ });

  mkdirSync(join(root, 'lib/modules/9.9'), { recursive: true });
  writeFileSync(
    join(root, 'lib/modules/9.9/modules.builtin'),
    'kernel/virtio_pci.ko\nkernel/virtio_console.ko\n',
  );
  t.throws(() => readKernel(root), { message: /The kernel 9\.9 has no module veth/ });

  writeFileSync(join(root, 'lib/modules/9.9/veth.ko'), 'module');
  t.deepEqual(
    readKernel(root).modules.map(({ name }) => name),
    ['veth'],
  );
  rmSync(root, { recursive: true });
});

const nonsense: KernelImage = { release: '9.9', image: Buffer.alloc(4096), modules: [] };

test('without qemu, it is said what to install', async (t) => {
  const error = await t.throwsAsync(bootGuest(nonsense, { qemu: '/nowhere/qemu' }), {
    instanceOf: KernelRunError,
  });

  t.is(error.obstacle, 'missing tool');
  t.regex(error.message, /needs qemu \(on Debian and Ubuntu: apt-get install qemu-system-x86\)/);
});

/** Kernels that were fetched, and qemu to boot them. */
function bootable(): readonly string[] {
  try {
    execFileSync('qemu-system-x86_64', ['--version'], { stdio: 'ignore' });
    return readdirSync(kernelsDirectory()).map((name) => join(kernelsDirectory(), name));
  } catch {
    return [];
  }
}
const kernels = bootable();
const [kernel] = kernels;
const guest = kernel === undefined ? test.serial.skip : test.serial;
const why = kernel === undefined ? ` (skipped: no qemu, or no kernel in ${kernelsDirectory()})` : '';

guest(`an image that does not boot is reported with what it said${why}`, async (t) => {
  const error = await t.throwsAsync(bootGuest(nonsense, { patienceMs: 20_000 }), {
    instanceOf: KernelRunError,
  });

  t.is(error.obstacle, 'gone');
  t.regex(error.message, /The guest with 9\.9 (ended before it came up|did not come up within 20 seconds)/);
});

guest(
  `in a guest, an extension replaces a function until its link is closed, or its owner killed${why}`,
  async (t) => {
    const server = () => bootGuest(readKernel(kernel!));
    const sandbox = await Sandbox.open({ devices: ['veth'], groups: ['c0'], otherNetwork: true, server });
    try {
      const [process, owner] = [await sandbox.start(), await sandbox.start()];
      const [, place] = dispatcherFunctions(XDP_PROGRAM, 2).placeholders as [number, number];
      const target = valueOf(await loadDispatcher(process, XDP_PROGRAM, [2, 3]));
      const returned = async (): Promise<number> => valueOf(await progTestRun(process, target));
      const extension = { kind: XDP_PROGRAM, target, function: place, returns: 7 };
      const program = valueOf((await loadExtension(process, extension)).result);
      const attach = { program, target, targetFunction: place };

      const before = await returned();
      const link = valueOf(await linkCreate(process, attach));
      const attached = await returned();
      await closeFd(process, link);
      const closed = await returned();
      // the owner is sent the same two programs, and is killed with its link
      const [ownProgram, ownTarget] = [
        valueOf(await sendFd(process, program, owner)),
        valueOf(await sendFd(process, target, owner)),
      ];
      valueOf(await linkCreate(owner, { program: ownProgram, target: ownTarget, targetFunction: place }));
      const again = await returned();
      await sandbox.stop(owner);
      const killed = await returned();
      t.deepEqual([before, attached, closed], [0x0302, 0x0702, 0x0302]);
      t.deepEqual([again, killed], [0x0702, 0x0302]);

      const missing = (await probe(sandbox, FEATURES)).filter(({ available }) => !available);
      t.log(missing);
      t.false(missing.some(({ name }) => name === 'freplace'));
    } finally {
      await sandbox.close();
    }
  },
);
