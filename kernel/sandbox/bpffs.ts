/** The bpffs that a run's processes see, in a mount namespace of their own. */
import { namesIn, removeDirectory, unlink } from '../channel/files.js';
import { Memory } from '../channel/memory.js';
import { NR } from '../channel/numbers.js';
import type { KernelProcess } from '../channel/process.js';
import { needed, resultOf, type Result } from '../channel/result.js';

/** Where it is mounted. */
export const BPFFS = '/sys/fs/bpf';

const CLONE_NEWNS = 0x20000;
const MS_REC = 0x4000;
const MS_PRIVATE = 0x40000;
const MNT_DETACH = 2;

/** Gives a process a mount namespace of its own, with an empty bpffs. What it starts afterwards shares it. */
export async function enterOwnMounts(process: KernelProcess): Promise<void> {
  needed('Making a mount namespace', resultOf(await process.call(NR.unshare, CLONE_NEWNS)));
  const isPrivate = await process.call(NR.mount, 0, Memory.string('/'), 0, MS_REC | MS_PRIVATE, 0);
  needed('Making mounts private', resultOf(isPrivate));
  needed('Mounting a bpffs', await mountBpffs(process));
}

async function mountBpffs(process: KernelProcess): Promise<Result> {
  const bpf = Memory.string('bpf');
  return resultOf(await process.call(NR.mount, bpf, Memory.string(BPFFS), bpf, 0, 0));
}

/** The bpffs of a run, and any that are mounted over it. */
export class Bpffs {
  private above = 0;

  constructor(private readonly administrator: KernelProcess) {}

  /** Mounts another, empty one over it: the pins in it are hidden, and go on holding what they hold. */
  async hide(actor: KernelProcess = this.administrator): Promise<Result> {
    const mounted = await mountBpffs(actor);
    if (mounted.ok) this.above++;
    return mounted;
  }

  /** Takes the topmost one away, with its pins; EINVAL if only the first is left. */
  async reveal(actor: KernelProcess = this.administrator): Promise<Result> {
    if (this.above === 0) return { ok: false, errno: 'EINVAL' };
    const path = Memory.string(BPFFS);
    const unmounted = resultOf(await actor.call(NR.umount2, path, MNT_DETACH));
    if (unmounted.ok) this.above--;
    return unmounted;
  }

  /** Takes away what is mounted over it, and all pins and directories in it. */
  async reset(): Promise<void> {
    while (this.above > 0) needed('Unmounting a bpffs', await this.reveal());
    await this.empty(BPFFS);
  }

  /** The kernel may have put files of its own there, with a dot in their names: bpf_preload in kernel/bpf/inode.c. */
  private async empty(directory: string): Promise<void> {
    const names = await namesIn(this.administrator, directory);
    if (!names.ok) return;
    for (const name of names.value.filter((entry) => !entry.includes('.'))) {
      const path = `${directory}/${name}`;
      const removed = await unlink(this.administrator, path);
      if (removed.ok || removed.errno !== 'EISDIR') continue;
      await this.empty(path);
      await removeDirectory(this.administrator, path);
    }
  }
}
