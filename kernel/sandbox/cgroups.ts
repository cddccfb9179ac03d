/** Control groups of a run: below one directory that is its own, and removed with it. */
import {
  OPEN_FLAG,
  closeFd,
  inodeNumber,
  makeDirectory,
  namesIn,
  openPath,
  openPathAs,
  readFile,
  removeDirectory,
  removeDirectoryCall,
} from '../channel/files.js';
import { NR } from '../channel/numbers.js';
import type { KernelProcess, KernelServer } from '../channel/process.js';
import { needed, type Result } from '../channel/result.js';

const OWN_FD = 891;
const PREFIX = 'holdfast-';
const LOCK = { shared: 1, exclusiveNow: 2 | 4 } as const;

export class Cgroups {
  private readonly toRemove = new Set<string>();

  private constructor(
    private readonly server: KernelServer,
    /** The directory that all of this run's are below. */
    private readonly root: string,
  ) {}

  /**
   * Removes what runs left here that were killed, and makes a directory for this one. A run has a lock on its directory, so what
   * can be locked is nobody's any more.
   *
   * @returns Undefined if no cgroup2 hierarchy is mounted.
   * @throws KernelRunError if nothing may be made there.
   */
  static async open(server: KernelServer): Promise<Cgroups | undefined> {
    const { administrator } = server;
    const hierarchy = await findHierarchy(administrator);
    if (hierarchy === undefined) return undefined;
    await removeForgotten(administrator, hierarchy);
    for (let number = 0; ; number++) {
      const root = `${hierarchy}/${PREFIX}${administrator.pid}-${number}`;
      const made = await makeDirectory(administrator, root);
      if (!made.ok && made.errno === 'EEXIST') continue;
      needed(`Making the control group ${root}`, made);
      await server.atEnd([removeDirectoryCall(root)]);
      if (await claim(administrator, root)) return new Cgroups(server, root);
    }
  }

  /** The path of a group, by its name or (for a child) `parent/child`. */
  path(name: string): string {
    return `${this.root}/${name}`;
  }

  async create(name: string): Promise<Result> {
    const path = this.path(name);
    if (!this.toRemove.has(path)) {
      this.toRemove.add(path);
      await this.server.atEnd([removeDirectoryCall(path)]);
    }
    return makeDirectory(this.server.administrator, path);
  }

  /** rmdir(2): EBUSY while there are children. */
  remove(name: string): Promise<Result> {
    return removeDirectory(this.server.administrator, this.path(name));
  }

  /** Its id, as a link's info gives it; ENOENT if it is not there. */
  id(name: string): Promise<Result> {
    return inodeNumber(this.server.administrator, this.path(name));
  }

  /** Opens it in a process, as a descriptor of one's choice. */
  openIn(process: KernelProcess, name: string, fd: number): Promise<Result> {
    return openPathAs(process, this.path(name), OPEN_FLAG.directory, fd);
  }
}

/** Where the first cgroup2 hierarchy is mounted: /proc/self/mountinfo, `man 5 proc`. */
async function findHierarchy(process: KernelProcess): Promise<string | undefined> {
  const mounts = needed('Reading /proc/self/mountinfo', await readFile(process, '/proc/self/mountinfo'));
  for (const mount of mounts.split('\n')) {
    const [place = '', source = ''] = mount.split(' - ');
    if (source.startsWith('cgroup2 ')) return place.split(' ')[4];
  }
  return undefined;
}

/** Locks a directory just made; false if another run has taken it for forgotten and removed it. */
async function claim(process: KernelProcess, path: string): Promise<boolean> {
  const opened = await openPathAs(process, path, OPEN_FLAG.directory, OWN_FD);
  if (!opened.ok) return false;
  await process.call(NR.flock, OWN_FD, LOCK.shared);
  return (await inodeNumber(process, path)).ok;
}

async function removeForgotten(process: KernelProcess, hierarchy: string): Promise<void> {
  const names = await namesIn(process, hierarchy);
  if (!names.ok) return;
  for (const name of names.value.filter((entry) => entry.startsWith(PREFIX))) {
    const path = `${hierarchy}/${name}`;
    const opened = await openPath(process, path, OPEN_FLAG.directory);
    if (!opened.ok) continue;
    const locked = await process.call(NR.flock, opened.value, LOCK.exclusiveNow);
    if (locked.errno === 0) await removeTree(process, path);
    await closeFd(process, opened.value);
  }
}

/** What is in a control group's directory besides its children cannot be removed, and need not be. */
async function removeTree(process: KernelProcess, path: string): Promise<void> {
  const removed = await removeDirectory(process, path);
  if (removed.ok || removed.errno !== 'EBUSY') return;
  const names = await namesIn(process, path);
  if (!names.ok) return;
  for (const name of names.value.filter((entry) => !entry.includes('.'))) {
    await removeTree(process, `${path}/${name}`);
  }
  await removeDirectory(process, path);
}
