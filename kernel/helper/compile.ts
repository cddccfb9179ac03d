/** The helper's program, compiled when it is first needed. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packaged } from '../../package-place.js';
import { KernelRunError } from '../channel/errors.js';

const source = fileURLToPath(packaged('kernel/helper/system-call-server.c'));

/** How the helper is linked: as a guest's first process it has no libraries to load. */
export type Linking = 'dynamic' | 'static';

/**
 * The path of the helper's program. It is compiled once for each source text, into the user's cache directory
 * (`$XDG_CACHE_HOME/holdfast` or `~/.cache/holdfast`), or if that cannot be written, into a new directory that is
 * removed when Node ends.
 *
 * @throws KernelRunError without a C compiler, or if there is no room for 20 KB (1 MB if linked statically).
 */
export function helperProgram(linking: Linking = 'dynamic'): string {
  const flags = ['-O2', ...(linking === 'static' ? ['-static'] : [])];
  const key = createHash('sha256')
    .update(JSON.stringify([flags, process.arch]))
    .update(readFileSync(source))
    .digest('hex')
    .slice(0, 16);
  const directory = cacheDirectory();
  const program = join(directory, `system-call-server-${key}`);
  if (existsSync(program)) return program;
  // Compiled beside its place and then renamed, so that another run never meets half of it.
  const unfinished = mkdtempSync(join(directory, 'compiling-'));
  try {
    compile([...flags, '-o', join(unfinished, 'program'), source]);
    renameSync(join(unfinished, 'program'), program);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return program;
}

function cacheDirectory(): string {
  const { XDG_CACHE_HOME: cache } = process.env;
  const directory = join(cache === undefined || cache === '' ? join(homedir(), '.cache') : cache, 'holdfast');
  try {
    mkdirSync(directory, { recursive: true });
    rmSync(mkdtempSync(join(directory, 'writable-')), { recursive: true });
    return directory;
  } catch {
    return ownDirectory();
  }
}

let own: string | undefined;

function ownDirectory(): string {
  if (own === undefined) {
    const directory = mkdtempSync(join(tmpdir(), 'holdfast-'));
    own = directory;
    process.once('exit', () => {
      rmSync(directory, { recursive: true, force: true });
    });
  }
  return own;
}

function compile(args: readonly string[]): void {
  const { CC } = process.env;
  const compilers = CC === undefined || CC === '' ? ['cc', 'gcc', 'clang'] : [CC];
  for (const compiler of compilers) {
    try {
      execFileSync(compiler, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
      return;
    } catch (error) {
      if (isMissing(error)) continue;
      const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
      const full = /No space left|disk quota/i.test(said);
      throw new KernelRunError(
        full ? 'no space' : 'missing tool',
        full
          ? `The helper that makes the system calls could not be written: the disk is full.\n${said}`
          : `The helper that makes the system calls does not compile with ${compiler}. It needs the headers of the C library ` +
              `(on Debian and Ubuntu: apt-get install gcc libc6-dev).\n${said}`,
        { cause: error },
      );
    }
  }
  throw new KernelRunError(
    'missing tool',
    `Driving a kernel needs a C compiler, and there is no ${compilers.join(' or ')}. Install one ` +
      '(on Debian and Ubuntu: apt-get install gcc libc6-dev), or name one in the environment variable CC.',
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
