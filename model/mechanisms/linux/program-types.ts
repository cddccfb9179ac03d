/** Which type a loaded program has, and what it was loaded to be attached as: calls refuse what does not fit. */
import { guard, type Guard } from '../../machine/index.js';
import { programBehind } from '../../kernel/descriptors.js';
import type { KernelModel, KernelState } from '../../kernel/model.js';

export interface ProgramTypes {
  /** Whether two programs have the same type. */
  sameType(s: KernelState, one: number, other: number): boolean;
  /** Whether they have the same expected attach type as well. */
  sameKind(s: KernelState, one: number, other: number): boolean;
  /** The program behind the second argument of a call must be of this type; the program is there. */
  isOfType(type: string): Guard<KernelState>;
  /**
   * The same of LINK_CREATE, which asks those who would link a cgroup_skb program for their rights before it looks whether the
   * program fits.
   */
  fitsLink(type: string): Guard<KernelState>[];
  /** It must not have been loaded for this expected attach type, as libbpf writes it: `xdp/devmap`. */
  isNotOfKind(kind: string): Guard<KernelState>;
}

/** Program types by the names of libbpf's sections: what stands before the slash is the type, all of it the kind. */
export function programTypes({ options: { sources, linux } }: KernelModel): ProgramTypes {
  const kinds = sources.map(({ type = '' }) => type);
  const types = kinds.map((kind) => kind.split('/')[0]!);
  const sourceBehind = (s: KernelState, actor: number, fd: number): number =>
    s.programs[programBehind(s, actor, fd)]!.source;
  const isOfType = (type: string): Guard<KernelState> =>
    guard(
      `program-is-${type.replaceAll('_', '-')}`,
      'EINVAL',
      (s, actor, fd) => types[sourceBehind(s, actor, fd)] === type,
      'kernel/bpf/syscall.c, bpf_prog_get_type_dev and bpf_prog_attach_check_attach_type',
    );
  const mayLinkCgroupSkb: Guard<KernelState> = guard(
    'cgroup-skb-is-linked-by-the-privileged',
    'EPERM',
    (s, actor, fd) =>
      types[sourceBehind(s, actor, fd)] !== 'cgroup_skb' || s.processes[actor]!.unprivileged === 0,
    'kernel/bpf/syscall.c, bpf_prog_attach_check_attach_type: CAP_NET_ADMIN for cgroup_skb; seen on Linux 6.18',
  );
  const asksForRights = linux?.authority === true && types.includes('cgroup_skb');
  return {
    fitsLink: (type) => [...(asksForRights ? [mayLinkCgroupSkb] : []), isOfType(type)],
    sameType: (s, one, other) => types[s.programs[one]!.source] === types[s.programs[other]!.source],
    sameKind: (s, one, other) => kinds[s.programs[one]!.source] === kinds[s.programs[other]!.source],
    isOfType,
    isNotOfKind: (kind) =>
      guard(
        `program-is-not-for-${kind.split('/')[1]!}`,
        'EINVAL',
        (s, actor, fd) => kinds[sourceBehind(s, actor, fd)] !== kind,
        'net/core/dev.c, dev_xdp_attach: BPF_XDP_DEVMAP programs cannot be attached to a device',
      ),
  };
}
