/**
 * Loading programs.
 *
 * Modelled: which program was loaded, for an extension the target and subprogram it is verified against and whether the
 * signatures agree. Left out: the verifier's look at the instructions; it either accepts a program everywhere or nowhere.
 */
import {
  guard,
  operation,
  possible,
  roomFor,
  type Guard,
  type Operation,
  type Precondition,
} from '../machine/index.js';
import { NONE } from '../state/index.js';
import { isOpen, mapBehind, openFd, programBehind } from '../kernel/descriptors.js';
import { programObject } from '../kernel/lifetime.js';
import type { KernelModel, KernelState } from '../kernel/model.js';
import { authority } from './linux/authority.js';
import { actorIsAlive, fdIsFree } from './processes.js';

function freeProgramSlot(s: KernelState): number {
  for (let i = 0; i < s.programs.length; i++) if (!s.programs[i]!.live) return i;
  return NONE;
}

export const programsBound: Precondition<KernelState> = roomFor(
  'programs',
  (s) => freeProgramSlot(s) !== NONE,
);

/** Makes a program in the lowest free place and gives the actor a descriptor of it. */
export function loadProgram(s: KernelState, actor: number, source: number): { program: number; fd: number } {
  const program = freeProgramSlot(s);
  s.programs[program]!.live = true;
  s.programs[program]!.source = source;
  return { program, fd: openFd(s, actor, programObject(program)) };
}

/** `load(program)`: programs that need nothing of others. */
export function load(k: KernelModel): Operation<KernelState>[] {
  const plain = k.ordinary.filter((source) => !k.options.sources[source]!.tailCalls);
  return [
    operation({
      verb: 'load',
      summary: 'loads a program and returns a descriptor of it',
      params: { actor: k.domains.process, program: only(k, plain) },
      possible: [actorIsAlive, programsBound],
      guards: [...authority(k), fdIsFree],
      effect: (s, actor, program) => loadProgram(s, actor, plain[program]!).fd,
      returns: { domain: k.domains.fd, owner: 'actor' },
    }),
  ];
}

function only(k: KernelModel, sources: readonly number[]) {
  return { ...k.domains.program, values: sources.map((source) => k.options.sources[source]!.name) };
}

/** `load(dispatcher, map)`: programs that tail-call through a prog_array, which they reference from then on. */
export function loadWithMap(k: KernelModel): Operation<KernelState>[] {
  const callers = k.ordinary.filter((source) => k.options.sources[source]!.tailCalls);
  return [
    operation({
      name: 'load-with-map',
      verb: 'load',
      summary: 'loads a program that tail-calls through a prog_array',
      params: { actor: k.domains.process, map: k.domains.fd, program: only(k, callers) },
      possible: [actorIsAlive, programsBound],
      guards: [
        ...authority(k),
        guard('map-fd-is-open', 'EBADF', isOpen),
        guard('fd-is-a-map', 'EINVAL', (s, actor, map) => mapBehind(s, actor, map) !== NONE),
        fdIsFree,
      ],
      effect: (s, actor, map, program) => {
        const used = mapBehind(s, actor, map);
        const loaded = loadProgram(s, actor, callers[program]!);
        s.programs[loaded.program]!.map = used;
        return loaded.fd;
      },
      returns: { domain: k.domains.fd, owner: 'actor' },
    }),
  ];
}

/** `load(extension)` without a target, as in the explicit replacement. */
export function loadUnboundExtension(k: KernelModel): Operation<KernelState>[] {
  return [
    operation({
      name: 'load-extension',
      verb: 'load',
      summary: 'loads a program that can replace a subprogram of another; which one is said later',
      params: { actor: k.domains.process, program: k.domains.extension },
      possible: [actorIsAlive, programsBound],
      guards: [fdIsFree],
      effect: (s, actor, program) => loadProgram(s, actor, k.extensions[program]!).fd,
      returns: { domain: k.domains.fd, owner: 'actor' },
    }),
  ];
}

/** The signature of a placeholder of a loaded program; NONE if it has none at this hook. */
export function placeholderSignature(k: KernelModel, s: KernelState, program: number, hook: number): number {
  return k.placeholderSignatures[s.programs[program]!.source]![hook]!;
}

/**
 * `load(extension, target, subprogram)`: the verifier sees the target's BTF. What the extension remembers of the target
 * is the proposal's: a reference that holds it, a copy of its BTF, or both.
 */
export function loadExtensionFor(k: KernelModel): Operation<KernelState>[] {
  const target = (s: KernelState, actor: number, fd: number): number => programBehind(s, actor, fd);
  const guards: Guard<KernelState>[] = [
    ...authority(k),
    guard('target-fd-is-open', 'EBADF', isOpen),
    guard('target-is-a-program', 'EINVAL', (s, actor, fd) => target(s, actor, fd) !== NONE),
    guard(
      'target-is-no-extension',
      'EINVAL',
      (s, actor, fd) => k.options.sources[s.programs[target(s, actor, fd)]!.source]!.kind !== 'extension',
      'Linux commit be8704ff07d2: an extension program cannot recursively extend an extension',
    ),
    guard(
      'target-has-the-subprogram',
      'EINVAL',
      (s, actor, fd, subprogram) =>
        placeholderSignature(k, s, target(s, actor, fd), k.subprograms[subprogram]!) !== NONE,
      'the mail of 15 Nov 2019: btf_id names a global function of attach_prog_fd',
    ),
    guard(
      'signatures-agree',
      'EINVAL',
      (s, actor, fd, subprogram, program) =>
        placeholderSignature(k, s, target(s, actor, fd), k.subprograms[subprogram]!) ===
        k.extensionSignatures[k.extensions[program]!],
      'the mail of 15 Nov 2019: the verifier compares the types of both functions at load',
    ),
    fdIsFree,
  ];
  return [
    operation({
      name: 'load-extension',
      verb: 'load',
      summary: 'loads a program verified to replace a subprogram of the target',
      params: {
        actor: k.domains.process,
        target: k.domains.fd,
        subprogram: k.domains.subprogram,
        program: k.domains.extension,
      },
      possible: [actorIsAlive, programsBound, possible('extensions-exist', () => k.extensions.length > 0)],
      guards,
      effect: (s, actor, fd, subprogram, program) => {
        const verified = target(s, actor, fd);
        const hook = k.subprograms[subprogram]!;
        const loaded = loadProgram(s, actor, k.extensions[program]!);
        const extension = s.programs[loaded.program]!;
        extension.subprogram = hook;
        if (k.options.loadedFor !== 'none') extension.target = verified;
        if (k.options.copiesBtf) extension.btf = 1 + placeholderSignature(k, s, verified, hook);
        return loaded.fd;
      },
      returns: { domain: k.domains.fd, owner: 'actor' },
    }),
  ];
}
