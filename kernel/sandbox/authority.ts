/** Taking rights away from a process. What it has open stays open. */
import { Memory } from '../channel/memory.js';
import { NR } from '../channel/numbers.js';
import type { KernelProcess } from '../channel/process.js';
import { resultOf, type Result } from '../channel/result.js';

const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9;
const LINUX_CAPABILITY_VERSION_3 = 0x20080522;

/** Bits of capability sets: include/uapi/linux/capability.h. */
export const CAPABILITY = { netAdmin: 12, sysAdmin: 21, sysPtrace: 19, perfmon: 38, bpf: 39 } as const;

/** Makes the process an unprivileged user's (65534, `nobody`), without any capability, for good. */
export async function becomeNobody(process: KernelProcess): Promise<Result> {
  const nobody = 65534;
  const returned = await process.calls([
    { number: NR.setgroups, arguments: [0, 0] },
    { number: NR.setresgid, arguments: [nobody, nobody, nobody] },
    { number: NR.setresuid, arguments: [nobody, nobody, nobody] },
    // Another user's process no longer ends with its parent unless it asks again: commit_creds in kernel/cred.c.
    { number: NR.prctl, arguments: [PR_SET_PDEATHSIG, SIGKILL] },
  ]);
  return resultOf(returned.at(-1)!);
}

/** Leaves the process these capabilities only, and its user id. */
export async function keepOnly(
  process: KernelProcess,
  capabilities: readonly (keyof typeof CAPABILITY)[],
): Promise<Result> {
  const bits = capabilities.reduce((all, name) => all | (1n << BigInt(CAPABILITY[name])), 0n);
  const low = Number(bits & 0xffffffffn);
  const high = Number(bits >> 32n);
  // struct __user_cap_data_struct twice: effective, permitted, inheritable, low half first
  const sets = Memory.structure(24).u32(0, low).u32(4, low).u32(12, high).u32(16, high);
  const header = Memory.exchanged(8).u32(0, LINUX_CAPABILITY_VERSION_3);
  return resultOf(await process.call(NR.capset, header, sets));
}
