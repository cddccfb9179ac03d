/**
 * Loading programs that are made for a function of another program: extensions (freplace) and tracers (fentry).
 *
 * Modelled: attach_prog_fd and attach_btf_id, and what the verifier compares; the program keeps its target alive from then on, and
 * remembers its kind for good. An extension may tail-call; then its prog_array is looked at as well. Left out: replacing the
 * function a program begins with, functions that are static or unreliable in terms of BTF, extensions that change packet data
 * where their target does not (the placeholders here do), fexit, fmod_ret, and tracers of kernel functions. A program that is
 * freed lets go of its target, and of its map, one RCU grace period later; only ids could show that, and it is left out.
 * Source: kernel/bpf/syscall.c, bpf_prog_load; kernel/bpf/verifier.c, bpf_check_attach_target; kernel/bpf/btf.c,
 * btf_check_func_type_match.
 */
import { guard, operation, possible, refuse, type Guard, type Operation } from '../../machine/index.js';
import { NONE } from '../../state/index.js';
import { hasFreeFd, isOpen, mapBehind, programBehind } from '../../kernel/descriptors.js';
import type { KernelModel, KernelState } from '../../kernel/model.js';
import { loadProgram, placeholderSignature, programsBound } from '../load.js';
import { actorIsAlive, fdIsFree } from '../processes.js';
import { authority } from './authority.js';
import type { LinuxFeature } from './kernel.js';
import { mapOwners } from './map-owners.js';

export function loadForTarget(k: KernelModel, features: ReadonlySet<LinuxFeature>): Operation<KernelState>[] {
  return [
    ...(features.has('freplace') ? [loadExtension(k)] : []),
    ...(features.has('freplace') && features.has('prog-array') ? [loadTailCallingExtension(k)] : []),
    ...(features.has('fentry') ? [loadTracer(k)] : []),
  ];
}

const VERIFIER = 'kernel/bpf/verifier.c, bpf_check_attach_target';

/** Behind attach_prog_fd must be a program; a descriptor that is closed is no other case. */
const targetIsAProgram: Guard<KernelState> = guard(
  'target-is-a-program',
  'EINVAL',
  (s, actor, target) => programBehind(s, actor, target) !== NONE,
  'kernel/bpf/syscall.c, bpf_prog_load: EINVAL, not EBADF',
);

function sourceBehind(s: KernelState, actor: number, target: number): number {
  return s.programs[programBehind(s, actor, target)]!.source;
}

function signatureIn(
  k: KernelModel,
  s: KernelState,
  actor: number,
  target: number,
  subprogram: number,
): number {
  return placeholderSignature(k, s, programBehind(s, actor, target), k.subprograms[subprogram]!);
}

/** No extension has placeholders here: none can be extended. */
function hasSubprogram(k: KernelModel): Guard<KernelState> {
  return guard(
    'target-has-the-subprogram',
    'EINVAL',
    (s, actor, target, subprogram) => signatureIn(k, s, actor, target, subprogram) !== NONE,
    `${VERIFIER}: attach_btf_id is no function of the target; "Cannot recursively attach"`,
  );
}

function only(k: KernelModel, sources: readonly number[]) {
  return { ...k.domains.extension, values: sources.map((source) => k.options.sources[source]!.name) };
}

/** What a program notes of its target when it is loaded. */
function bind(s: KernelState, program: number, target: number, hook: number): void {
  const loaded = s.programs[program]!;
  loaded.target = target;
  loaded.subprogram = hook;
  if (s.kernel.linux.savedKinds) loaded.verifiedFor = 1 + s.programs[target]!.source;
}

function loadExtension(k: KernelModel): Operation<KernelState> {
  const { process, fd, subprogram } = k.domains;
  const sources = k.extensions.filter((source) => !k.options.sources[source]!.tailCalls);
  return operation({
    verb: 'load_extension',
    deed: 'load',
    summary: 'loads a program that is to replace a function of the target, which it keeps alive',
    params: { actor: process, target: fd, subprogram, program: only(k, sources) },
    possible: [actorIsAlive, programsBound],
    guards: [
      ...authority(k),
      targetIsAProgram,
      hasSubprogram(k),
      guard(
        'signatures-agree',
        'EINVAL',
        (s, actor, target, subprogram, program) =>
          signatureIn(k, s, actor, target, subprogram) === k.extensionSignatures[sources[program]!],
        'kernel/bpf/btf.c, btf_check_func_type_match',
      ),
      fdIsFree,
    ],
    effect: (s, actor, target, subprogram, program) => {
      const verified = programBehind(s, actor, target);
      const loaded = loadProgram(s, actor, sources[program]!);
      bind(s, loaded.program, verified, k.subprograms[subprogram]!);
      return loaded.fd;
    },
    returns: { domain: fd, owner: 'actor' },
  });
}

/**
 * It fits the placeholders by its signature. The map gets its owner before the descriptor is made: a load that fails for want of one has fixed the kind of the map.
 * Source: kernel/bpf/syscall.c, bpf_prog_load: bpf_prog_select_runtime stands before bpf_prog_new_fd.
 */
function loadTailCallingExtension(k: KernelModel): Operation<KernelState> {
  const { process, fd, subprogram } = k.domains;
  const sources = k.extensions.filter((source) => k.options.sources[source]!.tailCalls);
  const source = sources[0]!;
  const owners = mapOwners(k);
  const isAMap = [
    guard<KernelState>(
      'map-fd-is-open',
      'EBADF',
      (s, actor, _target, _subprogram, map) => isOpen(s, actor, map),
      'kernel/bpf/verifier.c, resolve_pseudo_ldimm64: before check_attach_btf_id from Linux commit 81f6d0530ba0 on',
    ),
    guard<KernelState>(
      'fd-is-a-map',
      'EINVAL',
      (s, actor, _target, _subprogram, map) => mapBehind(s, actor, map) !== NONE,
    ),
  ];
  return operation({
    verb: 'load_tail_calling_extension',
    deed: 'load',
    summary: 'loads an extension that tail-calls through a prog_array',
    params: { actor: process, target: fd, subprogram, map: fd },
    possible: [actorIsAlive, programsBound, possible('extensions-tail-call', () => sources.length > 0)],
    guards: [
      ...authority(k),
      targetIsAProgram,
      ...(k.options.linux?.mapsFirst ? [...isAMap, hasSubprogram(k)] : [hasSubprogram(k), ...isAMap]),
      guard(
        'map-takes-the-kind',
        'EINVAL',
        (s, actor, target, _subprogram, map) =>
          owners.takes(s, mapBehind(s, actor, map), owners.kindFrom(source, sourceBehind(s, actor, target))),
        'kernel/bpf/core.c, bpf_check_tail_call',
      ),
    ],
    effect: (s, actor, target, subprogram, map) => {
      const [verified, used] = [programBehind(s, actor, target), mapBehind(s, actor, map)];
      owners.own(s, used, owners.kindFrom(source, s.programs[verified]!.source));
      if (!hasFreeFd(s, actor)) return refuse('EMFILE');
      const loaded = loadProgram(s, actor, source);
      bind(s, loaded.program, verified, k.subprograms[subprogram]!);
      s.programs[loaded.program]!.map = used;
      return loaded.fd;
    },
    returns: { domain: fd, owner: 'actor' },
  });
}

/**
 * `load_tracer(target, function)`: runs before that function. An extension may be traced, where it begins; from Linux
 * commit 19bfcdf9498a on a tracer too, unless it traces a tracer itself.
 */
function loadTracer(k: KernelModel): Operation<KernelState> {
  const { process, fd } = k.domains;
  const source = k.tracers[0]!;
  const isTracer = (candidate: number): boolean => k.tracers.includes(candidate);
  const { tracedTracers = false } = k.options.linux ?? {};
  return operation({
    verb: 'load_tracer',
    deed: 'load',
    summary: 'loads a program that is to run before a function of the target, which it keeps alive',
    params: { actor: process, target: fd, function: k.domains.function },
    possible: [actorIsAlive, programsBound],
    guards: [
      ...authority(k),
      targetIsAProgram,
      guard(
        'target-has-the-function',
        'EINVAL',
        (s, actor, target, traced) => hasFunction(k, s, programBehind(s, actor, target), traced),
        VERIFIER,
      ),
      guard(
        'target-traces-no-tracer',
        'EINVAL',
        (s, actor, target) => {
          const { source, verifiedFor } = s.programs[programBehind(s, actor, target)]!;
          return !isTracer(source) || (tracedTracers && !isTracer(verifiedFor - 1));
        },
        `${VERIFIER}: "Cannot nest tracing program attach more than once"`,
      ),
      fdIsFree,
    ],
    effect: (s, actor, target, traced) => {
      const verified = programBehind(s, actor, target);
      const loaded = loadProgram(s, actor, source);
      bind(s, loaded.program, verified, k.probes[traced]!);
      return loaded.fd;
    },
    returns: { domain: fd, owner: 'actor' },
  });
}

/** Every program begins somewhere; placeholders are the rootlets'. */
function hasFunction(k: KernelModel, s: KernelState, program: number, traced: number): boolean {
  const { placeholder } = k.hooks[k.probes[traced]!]!;
  const { placeholders } = k.options.sources[s.programs[program]!.source]!;
  return placeholder === undefined || (placeholders !== undefined && placeholder in placeholders);
}
