/** A kernel to boot: its image, and the modules that belong to it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { KernelRunError } from '../channel/errors.js';

export interface KernelImage {
  /** As `uname -r` gives it, such as `6.12.117+deb12-cloud-amd64`. */
  readonly release: string;
  readonly image: Buffer;
  /** Those that are not built in, uncompressed, in the order in which they are to be loaded. */
  readonly modules: readonly { readonly name: string; readonly content: Buffer }[];
}

/** What a guest needs, each after what it needs itself. A kernel has them built in, as modules, or not at all. */
const MODULES = [
  'virtio_ring',
  'virtio',
  'virtio_pci_modern_dev',
  'virtio_pci_legacy_dev',
  'virtio_pci',
  'virtio_console',
  'veth',
  'sch_ingress',
  'cls_bpf',
  'ifb',
];

/** Without these nothing can be driven. */
const INDISPENSABLE = ['virtio_pci', 'virtio_console', 'veth'];

/**
 * A kernel, by the path of a Debian package (`linux-image-….deb`), of a directory where packages are unpacked (with
 * `boot/vmlinuz-…` and `lib/modules/…`), or of an image (`vmlinuz-…`) with its modules below the directory above, or where this
 * machine has its own.
 *
 * @throws KernelRunError if there is no kernel, or a module is missing that every guest needs.
 */
export function readKernel(path: string): KernelImage {
  const whole = resolve(path);
  if (!existsSync(whole)) {
    const message = `There is no kernel at ${whole}; 'holdfast kernels' fetches Debian's, by the name of a package.`;
    throw new KernelRunError('missing tool', message);
  }
  if (whole.endsWith('.deb')) return unpackedFor(whole, readDirectory);
  return statSync(whole).isDirectory() ? readDirectory(whole) : readImage(whole, dirname(dirname(whole)));
}

function readDirectory(directory: string): KernelImage {
  const boot = join(directory, 'boot');
  const images = existsSync(boot) ? readdirSync(boot).filter((name) => name.startsWith('vmlinuz-')) : [];
  const [image, another] = images;
  if (image === undefined || another !== undefined) {
    const found = image === undefined ? 'no kernel' : `${images.length} kernels`;
    throw new KernelRunError(
      'missing tool',
      `There is ${found} in ${directory}: it must have one file boot/vmlinuz-…, as from \`dpkg -x linux-image-….deb\`.`,
    );
  }
  return readImage(join(boot, image), directory);
}

function readImage(image: string, root: string): KernelImage {
  const release = basename(image).replace(/^vmlinuz-/, '');
  const places = [join(root, 'lib/modules', release), join(root, 'usr/lib/modules', release)];
  const directory = [...places, join('/lib/modules', release)].find((place) => existsSync(place));
  if (directory === undefined) {
    throw new KernelRunError(
      'missing tool',
      `There are no modules for the kernel ${image}: looked for ${places[0] ?? ''}, whose last part must be what the image's ` +
        'name has behind vmlinuz-.',
    );
  }
  return { release, image: readFileSync(image), modules: readModules(directory, release) };
}

function readModules(directory: string, release: string): KernelImage['modules'] {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const builtIn = join(directory, 'modules.builtin');
  const built = existsSync(builtIn) ? readFileSync(builtIn, 'utf8').split('\n') : [];
  return MODULES.flatMap((name) => {
    const isModule = (file: string): boolean => basename(file).replace(/\.ko.*$/, '') === name;
    const file = files.find((candidate) => candidate.includes('.ko') && isModule(candidate));
    if (file !== undefined) return [{ name, content: uncompressed(join(directory, file)) }];
    if (INDISPENSABLE.includes(name) && !built.some(isModule)) {
      throw new KernelRunError(
        'missing tool',
        `The kernel ${release} has no module ${name}, without which it cannot be driven as a guest. If its modules are in a ` +
          'package of their own, unpack that into the same directory.',
      );
    }
    return [];
  });
}

function uncompressed(file: string): Buffer {
  const program = file.endsWith('.xz') ? 'xz' : file.endsWith('.zst') ? 'zstd' : undefined;
  if (program === undefined) return readFileSync(file);
  return runTool(program, ['-dcq', file]);
}

/** What is to be done with an unpacked package, which is removed afterwards. */
function unpackedFor<T>(file: string, use: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-kernel-'));
  try {
    runTool('dpkg-deb', ['-x', file, directory]);
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function runTool(program: string, args: readonly string[]): Buffer {
  try {
    return execFileSync(program, args, { maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new KernelRunError(
      /No space left/.test(said) ? 'no space' : 'missing tool',
      missing
        ? `Reading this kernel needs the program ${program}, which is not installed.`
        : `${program} ${args.join(' ')} failed: ${said}`,
      { cause },
    );
  }
}
