/** Directories as users have them. */
import type { ExecutionContext } from 'ava';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageRoot } from '../run-holdfast.js';

/** A new directory with these files, by path, that is gone when the test ends. */
export function directoryWith(t: ExecutionContext, files: Readonly<Record<string, string>>): string {
  const directory = realpathSync(mkdtempSync(path.join(tmpdir(), 'holdfast-project-')));
  t.teardown(() => {
    rmSync(directory, { recursive: true });
  });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    writeFileSync(path.join(directory, name), text);
  }
  return directory;
}

/** Makes packages importable there: this one, and some that it has itself. */
export function install(directory: string, others: readonly string[] = []): void {
  const modules = path.join(directory, 'node_modules');
  mkdirSync(modules, { recursive: true });
  symlinkSync(packageRoot, path.join(modules, 'holdfast'));
  for (const name of others)
    symlinkSync(path.join(packageRoot, 'node_modules', name), path.join(modules, name));
}

/** A proposal in JavaScript: XDP by netlink under another name, with other expectations. */
export function proposalText(name: string, expected = '{}'): string {
  return `import { netlinkXdp } from 'holdfast';
export default { ...netlinkXdp, name: '${name}', expected: ${expected} };
`;
}
