/** An archive that the kernel unpacks as its first file system: Documentation/driver-api/early-userspace/buffer-format.rst. */

export interface ArchiveEntry {
  /** Without a slash in front; its directories come before it. */
  readonly path: string;
  /** Type and permissions, as st_mode. */
  readonly mode: number;
  readonly content?: Buffer;
  /** Of a character device. */
  readonly device?: { readonly major: number; readonly minor: number };
}

export const MODE = { directory: 0o040755, program: 0o100755, file: 0o100644, characters: 0o020600 } as const;

/** The archive in the "newc" format. */
export function cpioArchive(entries: readonly ArchiveEntry[]): Buffer {
  const end = { path: 'TRAILER!!!', mode: 0 };
  return Buffer.concat([...entries, end].map((entry, i) => archived(entry, i + 1)));
}

function archived({ path, mode, content = Buffer.alloc(0), device }: ArchiveEntry, inode: number): Buffer {
  const name = Buffer.from(`${path}\0`);
  // inode, mode, owner, group, links, time, size, device of the file system twice, device twice, length of the name, check
  const fields = [
    ...[inode, mode, 0, 0, 1, 0, content.length, 0, 0],
    ...[device?.major ?? 0, device?.minor ?? 0, name.length, 0],
  ];
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
  return Buffer.concat([padded(Buffer.concat([header, name])), padded(content)]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}
