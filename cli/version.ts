import { existsSync, readFileSync } from 'node:fs';

/** The version in package.json, which stands above the built files as well as above the sources. */
export function version(): string {
  const above = ['../package.json', '../../package.json'].map((name) => new URL(name, import.meta.url));
  const file = above.find((candidate) => existsSync(candidate));
  if (!file) throw new Error('package.json is missing beside the installed files');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
