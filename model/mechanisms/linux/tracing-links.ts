/**
 * Links of programs that were made for a function of another program: extensions that replace it, tracers that run before it.
 *
 * Modelled: attaching where the program was loaded for (RAW_TRACEPOINT_OPEN without a name, LINK_CREATE without a target), and
 * attaching an extension to a target and a function that are said now (LINK_CREATE). What was noted at load is used up by the
 * first success of either; from then on the links keep their targets alive, and the program nobody. Before extensions could be
 * attached again, the program kept its target for life, and could be attached to it again once the link was gone. One extension
 * per function, or any number of tracers; functions of one program do not mind each other. Left out: the largest number of
 * tracers of a function (38), and that links of Linux before 5.7 could not be pinned.
 * Source: kernel/bpf/syscall.c, bpf_tracing_prog_attach; kernel/bpf/trampoline.c, __bpf_trampoline_link_prog; Linux commits
 * 3aac1ead5eb6, 4a1e7c0c63e0.
 */
import { guard, operation, type Operation } from '../../machine/index.js';
import { NONE } from '../../state/index.js';
import { isOpen, programBehind } from '../../kernel/descriptors.js';
import { markExtended, programObject, put } from '../../kernel/lifetime.js';
import type { KernelModel, KernelState } from '../../kernel/model.js';
import { attachmentsBound, isProgram, makeLink } from '../attaching.js';
import { placeholderSignature } from '../load.js';
import { actorIsAlive, fdIsFree, fdIsOpen } from '../processes.js';
import type { LinuxFeature } from './kernel.js';
import { programFunctions } from './program-functions.js';

export function tracingLinks(k: KernelModel, features: ReadonlySet<LinuxFeature>): Operation<KernelState>[] {
  const refusals = trampolineRefusals(k, features);
  const isForGood = !features.has('reattach');
  const all = features.has('freplace') || features.has('fentry') ? [attach(k, refusals, isForGood)] : [];
  if (features.has('freplace') && !isForGood) all.push(attachElsewhere(k, refusals));
  return all;
}

/** A refusal that knows the program, and the hook and the target that it is to be attached at. */
interface Refusal {
  readonly name: string;
  readonly source: string;
  readonly allows: (s: KernelState, program: number, hook: number, target: number) => boolean;
}

function sourceOf(s: KernelState, program: number) {
  return s.kernel.sources[s.programs[program]!.source]!;
}

function isExtension(s: KernelState, program: number): boolean {
  return sourceOf(s, program).kind === 'extension';
}

/** Why a trampoline does not take a program, in the order of its checks; all are EBUSY. */
function trampolineRefusals(k: KernelModel, features: ReadonlySet<LinuxFeature>): Refusal[] {
  const functions = programFunctions(k);
  const source = 'kernel/bpf/trampoline.c, __bpf_trampoline_link_prog';
  const refusals: Refusal[] = [
    {
      name: 'function-is-not-replaced',
      source,
      allows: (s, _program, hook, target) => !functions.isReplaced(s, hook, target),
    },
    {
      name: 'function-is-not-traced',
      source,
      allows: (s, program, hook, target) => !isExtension(s, program) || !functions.isTraced(s, hook, target),
    },
  ];
  if (features.has('exclusion')) {
    refusals.push({
      name: 'target-is-in-no-slot',
      source:
        'kernel/bpf/trampoline.c, bpf_freplace_check_tgt_prog: prog_array_member_cnt; Linux commit d6083f040d5d',
      allows: (s, program, _hook, target) => !isExtension(s, program) || !isInSlot(s, target),
    });
  }
  return refusals;
}

function isInSlot(s: KernelState, program: number): boolean {
  return s.attachments.some(
    (entry) => entry.attached && entry.program === program && s.kernel.hooks[entry.hook]!.kind === 'slot',
  );
}

/** `tracing_link(program)`: where it goes was said at load. */
function attach(k: KernelModel, refusals: readonly Refusal[], isForGood: boolean): Operation<KernelState> {
  const { process, fd } = k.domains;
  return operation({
    verb: 'tracing_link',
    deed: 'attach',
    summary:
      'attaches an extension or a tracer where it was loaded for, and returns a descriptor of the link',
    params: { actor: process, program: fd },
    possible: [actorIsAlive, attachmentsBound],
    guards: [
      fdIsOpen,
      isProgram(),
      guard(
        'program-is-made-for-a-function',
        'EINVAL',
        (s, actor, fd) => sourceOf(s, programBehind(s, actor, fd)).kind !== 'ordinary',
        'kernel/bpf/syscall.c, bpf_raw_tp_link_attach',
      ),
      guard(
        'saved-target-is-unused',
        'EINVAL',
        (s, actor, fd) => s.programs[programBehind(s, actor, fd)]!.target !== NONE,
        'kernel/bpf/syscall.c, bpf_tracing_prog_attach: no dst_trampoline any more',
      ),
      fdIsFree,
      ...refusals.map(({ name, allows, source }) =>
        guard<KernelState>(
          name,
          'EBUSY',
          (s, actor, fd) => {
            const program = programBehind(s, actor, fd);
            const { subprogram, target } = s.programs[program]!;
            return allows(s, program, subprogram, target);
          },
          source,
        ),
      ),
    ],
    effect: (s, actor, fd) => {
      const program = programBehind(s, actor, fd);
      const { subprogram, target } = s.programs[program]!;
      return linkIn(s, actor, program, subprogram, target, isForGood);
    },
    returns: { domain: fd, owner: 'actor' },
  });
}

/** `tracing_link_to(extension, target, subprogram)`: verified again unless that is where the extension was loaded for. */
function attachElsewhere(k: KernelModel, refusals: readonly Refusal[]): Operation<KernelState> {
  const { process, fd, subprogram } = k.domains;
  const source = 'kernel/bpf/verifier.c, bpf_check_attach_target';
  const kinds = k.options.sources.map(({ type }) => type);
  return operation({
    verb: 'tracing_link_to',
    deed: 'attach',
    summary:
      'attaches an extension to a function of the target that fits, and returns a descriptor of the link',
    params: { actor: process, program: fd, target: fd, subprogram },
    possible: [actorIsAlive, attachmentsBound],
    guards: [
      fdIsOpen,
      isProgram(),
      guard(
        'program-is-an-extension',
        'EINVAL',
        (s, actor, fd) => isExtension(s, programBehind(s, actor, fd)),
        'kernel/bpf/syscall.c, bpf_tracing_prog_attach: "For now we only allow new targets for BPF_PROG_TYPE_EXT"',
      ),
      guard('target-fd-is-open', 'EBADF', (s, actor, _fd, target) => isOpen(s, actor, target)),
      guard(
        'target-is-a-program',
        'EINVAL',
        (s, actor, _fd, target) => programBehind(s, actor, target) !== NONE,
      ),
      guard(
        'target-is-of-the-saved-kind',
        'EINVAL',
        (s, actor, fd, target) => {
          const { verifiedFor } = s.programs[programBehind(s, actor, fd)]!;
          return kinds[verifiedFor - 1] === kinds[s.programs[programBehind(s, actor, target)]!.source];
        },
        `${source}: saved_dst_prog_type, saved_dst_attach_type`,
      ),
      guard(
        'signatures-agree',
        'EINVAL',
        (s, actor, fd, target, subprogram) =>
          k.extensionSignatures[s.programs[programBehind(s, actor, fd)]!.source] ===
          placeholderSignature(k, s, programBehind(s, actor, target), k.subprograms[subprogram]!),
        `${source}; kernel/bpf/btf.c, btf_check_func_type_match: also where the target has no such function`,
      ),
      fdIsFree,
      ...refusals.map(({ name, allows, source }) =>
        guard<KernelState>(
          name,
          'EBUSY',
          (s, actor, fd, target, subprogram) =>
            allows(
              s,
              programBehind(s, actor, fd),
              k.subprograms[subprogram]!,
              programBehind(s, actor, target),
            ),
          source,
        ),
      ),
    ],
    effect: (s, actor, fd, target, subprogram) =>
      linkIn(
        s,
        actor,
        programBehind(s, actor, fd),
        k.subprograms[subprogram]!,
        programBehind(s, actor, target),
        false,
      ),
    returns: { domain: fd, owner: 'actor' },
  });
}

/** The link holds the target; what the program had noted of it goes, unless it has it for good. */
function linkIn(
  s: KernelState,
  actor: number,
  program: number,
  hook: number,
  target: number,
  isForGood: boolean,
): number {
  const isTracer = s.kernel.hooks[hook]!.kind === 'probe';
  if (isTracer) makeRoomInFront(s, hook, programObject(target));
  else markExtended(s, target, true);
  const link = makeLink(s, actor, program, hook, programObject(target));
  const attached = s.programs[program]!;
  if (!isForGood && attached.target !== NONE) {
    const saved = attached.target;
    attached.target = NONE;
    attached.subprogram = 0;
    put(s, programObject(saved));
  }
  return link;
}

/** The tracer that came last runs first. Source: kernel/bpf/trampoline.c, hlist_add_head. */
function makeRoomInFront(s: KernelState, hook: number, target: number): void {
  for (const probe of s.attachments) {
    if (probe.attached && probe.hook === hook && probe.target === target) probe.rank++;
  }
}
