/**
 * Which programs a prog_array takes: those of the kind of the first that was put into it, or that was loaded with it. Then the map
 * stays theirs, also when it is empty again.
 *
 * Modelled: program type and expected attach type. An extension counts as a program of its target's type without an expected
 * attach type. Left out: whether a program is compiled, takes fragments or may sleep, and cgroup storage: the programs here agree.
 * Source: kernel/bpf/core.c, __bpf_prog_map_compatible; Linux commit 4540aed51b12 for the expected attach type.
 */
import type { KernelModel, KernelState } from '../../kernel/model.js';

/** A kind is numbered by the first source that has it. */
export interface MapOwners {
  kindOf(s: KernelState, program: number): number;
  /** The kind that a program will have, when it is loaded from a source; for an extension, for a target from this source. */
  kindFrom(source: number, target: number): number;
  takes(s: KernelState, map: number, kind: number): boolean;
  /** The map belongs to this kind from now on, if it belongs to none yet. */
  own(s: KernelState, map: number, kind: number): void;
}

export function mapOwners({ options: { sources } }: KernelModel): MapOwners {
  const kinds = sources.map(({ type = '' }) => type);
  const own = kinds.map((kind) => kinds.indexOf(kind));
  const asExtensionOf = kinds.map((kind) => kinds.indexOf(`${kind.split('/')[0]!}/any`));
  const kindFrom = (source: number, target: number): number =>
    sources[source]!.kind === 'extension' ? asExtensionOf[target]! : own[source]!;
  return {
    kindFrom,
    kindOf(s, program) {
      const { source, verifiedFor } = s.programs[program]!;
      return kindFrom(source, verifiedFor - 1);
    },
    takes: (s, map, kind) => s.maps[map]!.owner === 0 || s.maps[map]!.owner === kind + 1,
    own(s, map, kind) {
      if (s.maps[map]!.owner === 0) s.maps[map]!.owner = kind + 1;
    },
  };
}
