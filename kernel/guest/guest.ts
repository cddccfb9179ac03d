/** A kernel in a virtual machine of its own, with the helper for its first process. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import {
  closeSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { Channel } from '../channel/channel.js';
import { KernelRunError } from '../channel/errors.js';
import { KernelServer } from '../channel/process.js';
import { helperProgram } from '../helper/compile.js';
import { MODE, cpioArchive } from './cpio.js';
import type { KernelImage } from './image.js';

export interface GuestOptions {
  /** How long it may take to boot: under emulation 2 to 6 s on an idle machine. Default: 120 s. */
  readonly patienceMs?: number;
  /** The emulator, by name or path. Default: `qemu-system-x86_64`. */
  readonly qemu?: string;
  /** `tcg` emulates the processor, and works everywhere; `kvm` needs a /dev/kvm that is not itself emulated. Default: `tcg`. */
  readonly accelerator?: 'tcg' | 'kvm';
  /** In MB. Default: 512. */
  readonly memory?: number;
}

type Qemu = ChildProcessByStdio<Writable, Readable, Readable>;

/** Said on the channel by the first process when it is ready: `be_init` in the helper. */
const READY = 'holdfast\n';

/**
 * Boots a kernel, and gives its server of system calls. The machine is gone when the server is closed, or this process ends.
 *
 * @throws KernelRunError without qemu, or if the kernel does not come up: with the end of what it said on its console.
 */
export async function bootGuest(kernel: KernelImage, options: GuestOptions = {}): Promise<KernelServer> {
  if (process.arch !== 'x64') {
    throw new KernelRunError('wrong machine', `Guests run on x86-64 only; this is ${process.arch}.`);
  }
  const files = {
    image: namelessFile(kernel.image),
    memory: namelessFile(initialFiles(kernel)),
    console: namelessFile(Buffer.alloc(0)),
  };
  const qemu = spawn(helperProgram(), [options.qemu ?? 'qemu-system-x86_64', ...qemuArguments(options)], {
    stdio: ['pipe', 'pipe', 'pipe', files.image, files.memory, files.console],
  }) as Qemu;
  const ended = once(qemu, 'close');
  const stop = async (): Promise<void> => {
    qemu.kill('SIGKILL');
    await ended;
  };
  try {
    await untilReady(qemu, kernel.release, options.patienceMs ?? 120_000, () => contentOf(files.console));
  } catch (error) {
    await stop();
    throw error;
  } finally {
    Object.values(files).forEach(closeSync);
  }
  return new KernelServer(new Channel(qemu.stdin, qemu.stdout, `The guest with ${kernel.release}`), 1, stop);
}

/** The descriptors that qemu starts with: image, memory and console, in this order. */
const FILE = { image: '/dev/fd/3', memory: '/dev/fd/4', console: '/dev/fd/5' } as const;

function qemuArguments({ accelerator = 'tcg', memory = 512 }: GuestOptions): string[] {
  const commandLine = [
    'console=ttyS0 quiet panic=-1 edd=off nokaslr mitigations=off',
    'rcupdate.rcu_expedited=1',
    'holdfast.channel=/dev/hvc0',
  ];
  // qemu 7.2 emulates cmpxchg16b with wrong flags, which the kernel's slab allocator trips over now and then.
  const processor = accelerator === 'tcg' ? ['tcg,thread=single', 'max,cx16=off'] : ['kvm', 'host'];
  return [
    ...['-accel', processor[0]!, '-cpu', processor[1]!, '-smp', '1', '-m', String(memory)],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-kernel', FILE.image, '-initrd', FILE.memory, '-append', commandLine.join(' ')],
    ...['-serial', `file:${FILE.console}`],
    ...['-chardev', 'stdio,id=channel,signal=off'],
    ...['-device', 'virtio-serial-pci', '-device', 'virtconsole,chardev=channel'],
  ];
}

/** The first file system: the helper as /init, the modules, and a list of these. */
function initialFiles({ modules }: KernelImage): Buffer {
  const list = modules.map(({ name }) => `/modules.d/${name}.ko\n`).join('');
  return cpioArchive([
    { path: 'dev', mode: MODE.directory },
    { path: 'dev/console', mode: MODE.characters, device: { major: 5, minor: 1 } },
    { path: 'init', mode: MODE.program, content: readFileSync(helperProgram('static')) },
    { path: 'modules', mode: MODE.file, content: Buffer.from(list) },
    { path: 'modules.d', mode: MODE.directory },
    ...modules.map(({ name, content }) => ({ path: `modules.d/${name}.ko`, mode: MODE.file, content })),
  ]);
}

async function untilReady(
  qemu: Qemu,
  release: string,
  patienceMs: number,
  consoleText: () => string,
): Promise<void> {
  let said = '';
  let complaints = '';
  qemu.stderr.on('data', (bytes: Buffer) => (complaints += bytes.toString()));
  const ready = new Promise<void>((resolve) => {
    qemu.stdout.on('data', (bytes: Buffer) => {
      said += bytes.toString('latin1');
      if (said.endsWith(READY)) resolve();
    });
  });
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, patienceMs, `did not come up within ${patienceMs / 1000} seconds`);
  });
  const exit = once(qemu, 'close').then(() => 'ended before it came up');
  const problem = await Promise.race([ready, timeout, exit]);
  clearTimeout(timer);
  qemu.stdout.removeAllListeners('data');
  if (problem === undefined) return;
  if (/: No such file or directory/.test(complaints) && consoleText() === '') {
    throw new KernelRunError(
      'missing tool',
      `Booting another kernel needs qemu (on Debian and Ubuntu: apt-get install qemu-system-x86). ${complaints.trim()}`,
    );
  }
  const lines = `${complaints}\n${consoleText()}`.trim().split(/\r?\n/).slice(-15).join('\n');
  throw new KernelRunError(
    'gone',
    `The guest with ${release} ${problem}. ${lines === '' ? 'It said nothing.' : `Its last words:\n${lines}`}`,
  );
}

/** A file without a name, open for reading and writing: gone with the last process that has it open. */
function namelessFile(content: Buffer): number {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-guest-'));
  try {
    const fd = openSync(join(directory, 'file'), 'w+');
    for (let at = 0; at < content.length;) at += writeSync(fd, content, at);
    return fd;
  } catch (cause) {
    throw new KernelRunError('no space', `A guest's files could not be written: ${String(cause)}`, { cause });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function contentOf(fd: number): string {
  const bytes = Buffer.alloc(fstatSync(fd).size);
  return bytes.toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, 0));
}
