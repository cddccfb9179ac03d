/** Compiles and runs C programs against libbpf, and says why not where the machine is not up to it. */
import type { ExecutionContext } from 'ava';
import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

export interface Ended {
  /** Null if it was killed. */
  readonly status: number | null;
  readonly stdout: string;
}

/** Source: linux/capability.h. */
const CAP_NET_ADMIN = 12n;
const CAP_SYS_ADMIN = 21n;

/** Why no program can be compiled here; undefined if one can. */
export const whyNotCompiled = compilerIsMissing();

/**
 * Why no program can be run here; undefined if one can. It does not ask the programs: where this finds nothing missing, a
 * program that says it cannot run (77) is at fault.
 */
export const whyNotRun = rightsAreMissing();

function compilerIsMissing(): string | undefined {
  const { error, status } = spawnSync('cc', ['-xc', '-', '-o', '/dev/null', '-lbpf'], {
    input: '#include <bpf/libbpf.h>\nint main(void) { return 0; }\n',
  });
  if (error) return 'there is no C compiler';
  return status === 0 ? undefined : 'libbpf is not here to compile against';
}

function rightsAreMissing(): string | undefined {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'it takes root';
  // Root of a container may be nobody outside, and have lost rights.
  if (!/^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8')))
    return 'root is root of a user namespace only';
  const rights = BigInt(`0x${/^CapEff:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]!}`);
  if (!((rights >> CAP_SYS_ADMIN) & (rights >> CAP_NET_ADMIN) & 1n))
    return 'root may not administer this machine';
  if (!/\tbpf$/m.test(readFileSync('/proc/filesystems', 'utf8'))) return 'the kernel has no BPF';
  if (!existsSync('/dev/net/tun')) return 'the kernel has no tap devices';
  return undefined;
}

/** The compiled program, which vanishes behind the test. Rejects with what the compiler says, warnings too. */
export async function compile(t: ExecutionContext, text: string): Promise<string> {
  const directory = mkdtempSync(path.join(tmpdir(), 'holdfast-c-'));
  t.teardown(() => {
    rmSync(directory, { recursive: true });
  });
  const file = path.join(directory, 'sequence');
  writeFileSync(`${file}.c`, text);
  await promisify(execFile)('cc', ['-Wall', '-Wextra', '-Werror', '-o', file, `${file}.c`, '-lbpf']);
  return file;
}

export function run(file: string): Promise<Ended> {
  return start(file).ended;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves as soon as a line of stdout begins like this; rejects if the program ends without. */
  readonly untilLine: (beginning: string) => Promise<void>;
}

export function start(file: string): Running {
  const child = spawn(file, { stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject).on('close', (status) => {
      resolve({ status, stdout });
    });
  });
  const untilLine = (beginning: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (`\n${stdout}`.includes(`\n${beginning}`)) resolve();
      };
      child.stdout.on('data', look);
      void ended.then(() => {
        reject(new Error(`ended without '${beginning}':\n${stdout}`));
      });
      look();
    });
  return { child, ended, untilLine };
}

/** The network namespace of a process, as the kernel writes it; undefined of one that has ended. */
export function namespaceOf(pid: number | 'self'): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}

/** The processes in a network namespace. When none is, it is gone: the programs mount theirs nowhere. */
export function processesIn(namespace: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => namespaceOf(pid) === namespace);
}
