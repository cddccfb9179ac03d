/** The control groups of a run: made again after a sequence of calls that removed or used them. */
import { progQuery } from '../bpf/query.js';
import type { AttachType } from '../bpf/numbers.js';
import type { KernelProcess } from '../channel/process.js';
import { needed, type Result } from '../channel/result.js';
import type { Cgroups } from './cgroups.js';

const SCRATCH_FD = 892;
const ATTACH_TYPES = ['cgroupInetIngress', 'cgroupInetEgress'] as const satisfies readonly AttachType[];

/** Groups by number. A group's path names its parents, which come before it: `c0`, `c0/c1`. */
export class Groups {
  constructor(
    private readonly administrator: KernelProcess,
    private readonly cgroups: Cgroups,
    private readonly names: readonly string[],
  ) {}

  path(group: number): string {
    return this.cgroups.path(this.names[group]!);
  }

  /** EEXIST if it is there. */
  create(group: number): Promise<Result> {
    return this.cgroups.create(this.names[group]!);
  }

  /** EBUSY while it has a child. */
  remove(group: number): Promise<Result> {
    return this.cgroups.remove(this.names[group]!);
  }

  /** As a link's info gives it; ENOENT if it is not there. */
  id(group: number): Promise<Result> {
    return this.cgroups.id(this.names[group]!);
  }

  /** Opens it in a process, as a descriptor of one's choice. */
  openIn(process: KernelProcess, group: number, fd: number): Promise<Result> {
    return this.cgroups.openIn(process, this.names[group]!, fd);
  }

  /** Makes all groups anew, unless all are there and as new. */
  async reset(): Promise<void> {
    if (await this.areClean()) return;
    for (const group of [...this.names.keys()].reverse()) await this.remove(group);
    for (const group of this.names.keys()) {
      needed(`Making the control group ${this.path(group)}`, await this.create(group));
    }
  }

  async areClean(): Promise<boolean> {
    for (const group of this.names.keys()) {
      if (!(await this.openIn(this.administrator, group, SCRATCH_FD)).ok) return false;
      const lists = await Promise.all(
        ATTACH_TYPES.map((attachType) => progQuery(this.administrator, SCRATCH_FD, attachType)),
      );
      // A group's revision goes on when it is empty again; kernels without revisions give 0.
      if (lists.some((list) => list.ok && (list.value.attached.length > 0 || list.value.revision > 1)))
        return false;
    }
    return true;
  }
}
