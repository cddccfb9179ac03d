/** Kernels from Debian's packages, as apt is set up to get them. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { KernelRunError } from '../channel/errors.js';

/** Where fetched kernels are unpacked, each in a directory named as its package. */
export function kernelsDirectory(): string {
  const { XDG_CACHE_HOME: cache } = process.env;
  const root = cache === undefined || cache === '' ? join(homedir(), '.cache') : cache;
  return join(root, 'holdfast', 'kernels');
}

/**
 * Names of packages with kernels for virtual machines, as apt knows them.
 *
 * @param suite Another release than apt is set up for, such as `trixie` or `trixie-backports`, from the same mirror.
 */
export function kernelPackages(suite?: string): string[] {
  return withApt(suite, (options) =>
    apt('apt-cache', [...options, 'search', '--names-only', '^linux-(image|binary)-[0-9].*-cloud-amd64$'])
      .split('\n')
      .map((line) => line.split(' ')[0] ?? '')
      .filter((name) => name !== '')
      .sort(),
  );
}

/**
 * Downloads a package with a kernel, and what goes with it, and unpacks it. Nothing is installed. Gives the directory, for
 * `readKernel`.
 *
 * @throws KernelRunError without apt, without such a package, or without room for it (about 130 MB).
 */
export function fetchKernel(name: string, suite?: string): string {
  const place = join(kernelsDirectory(), name);
  if (existsSync(place)) return place;
  mkdirSync(kernelsDirectory(), { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'holdfast-kernel-'));
  try {
    withApt(suite, (options) => {
      apt('apt-get', [...options, 'download', ...packagesOf(name, options)], work);
    });
    const unpacked = join(kernelsDirectory(), `.${name}-${process.pid}`);
    for (const file of readdirSync(work)) run('dpkg-deb', ['-x', join(work, file), unpacked], work);
    renameSync(unpacked, place);
    return place;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Where a kernel of this name was unpacked; undefined if it was not fetched. */
export function fetchedKernel(name: string): string | undefined {
  const place = join(kernelsDirectory(), name);
  return /^[\w.+-]+$/.test(name) && existsSync(join(place, 'boot')) ? place : undefined;
}

/** Newer releases have the image and the modules in two packages. */
function packagesOf(name: string, options: readonly string[]): string[] {
  const depends = apt('apt-cache', [...options, 'depends', name]);
  const others = depends.match(/linux-(binary|modules)-\S+-cloud-amd64/g) ?? [];
  return [...new Set([name, ...others])];
}

/** With what apt needs to know of a suite that it is not set up for: the same mirror, and lists of its own. */
function withApt<T>(suite: string | undefined, use: (options: readonly string[]) => T): T {
  if (suite === undefined) return use([]);
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-apt-'));
  try {
    mkdirSync(join(directory, 'lists/partial'), { recursive: true });
    const list = join(directory, 'sources.list');
    writeFileSync(list, `deb ${mirror()} ${suite} main\n`);
    const options = [
      ...['-o', `Dir::Etc::SourceList=${list}`, '-o', 'Dir::Etc::SourceParts=-'],
      ...['-o', `Dir::State::Lists=${join(directory, 'lists')}`],
      ...['-o', `Dir::Cache::pkgcache=${join(directory, 'pkgcache.bin')}`],
      ...['-o', `Dir::Cache::srcpkgcache=${join(directory, 'srcpkgcache.bin')}`],
    ];
    apt('apt-get', [...options, '--quiet', 'update']);
    return use(options);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The Debian mirror that apt is set up for. */
function mirror(): string {
  const format = '$(ORIGIN)|$(LABEL)|$(REPO_URI)';
  for (const target of apt('apt-get', ['indextargets', '--format', format]).split('\n')) {
    const [origin, label, uri = ''] = target.split('|');
    if (origin === 'Debian' && label === 'Debian') return uri;
  }
  throw new KernelRunError('missing tool', 'apt is not set up for a Debian mirror (apt-get indextargets).');
}

function apt(program: 'apt-get' | 'apt-cache', args: readonly string[], directory = tmpdir()): string {
  return run(program, args, directory);
}

function run(program: string, args: readonly string[], directory: string): string {
  try {
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
    return execFileSync(program, args, { cwd: directory, encoding: 'utf8', stdio, maxBuffer: 1 << 26 });
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new KernelRunError(
      /No space left/.test(said) ? 'no space' : 'missing tool',
      missing
        ? `Kernels are fetched with ${program}, which is not on this machine. Unpack a kernel's packages yourself, and give the ` +
            'directory.'
        : `${program} ${args.at(-1) ?? ''} failed: ${said.split('\n').at(-1) ?? ''}`,
      { cause },
    );
  }
}
