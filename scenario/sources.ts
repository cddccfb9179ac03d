/** Which of a design's programs stands for what a scenario loads, and where one fits into another. */
import type { ProgramSource } from '../model/kernel/index.js';
import type { ProgramKind } from '../model/proposals/lowering.js';

/**
 * A rootlet is a program with placeholders or tail calls, where the design has one; a firewall is an extension, where it has
 * any; else any program will do. Undefined if the design has fewer extensions than it takes.
 */
export function sourceFor(kind: ProgramKind, sources: readonly ProgramSource[]): ProgramSource | undefined {
  const extensions = sources.filter((source) => source.kind === 'extension');
  const ordinary = sources.filter((source) => source.kind === 'ordinary');
  const plain = ordinary.find((source) => !hasPlaces(source)) ?? ordinary[0];
  switch (kind) {
    case 'program':
      return plain;
    case 'rootlet':
      return ordinary.find(hasPlaces) ?? plain;
    case 'fw1':
      return extensions.length > 0 ? extensions[0] : plain;
    case 'fw2':
      return extensions.length > 0 ? extensions[1] : plain;
  }
}

function hasPlaces({ placeholders, tailCalls }: ProgramSource): boolean {
  return placeholders !== undefined || tailCalls === true;
}

/** The placeholder that has the extension's signature; the first one, to be refused, if none has; undefined if there is none. */
export function placeFor(extension: ProgramSource, target: ProgramSource): string | undefined {
  const places = Object.entries(target.placeholders ?? {});
  const fitting = places.find(([, signature]) => signature === extension.signature) ?? places[0];
  return fitting?.[0];
}
