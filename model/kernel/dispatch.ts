/**
 * What runs, in order, when a packet arrives at a device: the program or programs at its hook, in each its
 * placeholders or what replaced them, its tail calls, and its chain.
 */
import { NONE } from '../state/index.js';
import { occupant } from './attachments.js';
import { mapObject, programObject } from './lifetime.js';
import type { KernelState } from './model.js';

/** A path longer than this is cut off, as the kernel cuts off tail calls. Source: MAX_TAIL_CALL_CNT was 32 in 2019. */
export const MAX_CALLS = 32;

/** An element of a path that is a placeholder's own code, not a program: this plus the number of its hook. */
export const PLACEHOLDER = 0x10000;

/**
 * The programs (as object numbers) and placeholders (as {@link PLACEHOLDER} + hook) that a packet meets at a device, which is
 * given by its hook, or by the first of them where it has several.
 */
export function dispatch(s: KernelState, device: number): number[] {
  const path: number[] = [];
  for (const attachment of atDevice(s, device)) {
    const { program } = s.attachments[attachment]!;
    runProgram(s, program, path);
    const source = s.kernel.sources[s.programs[program]!.source]!;
    if (source.verdict === 'final') break;
  }
  return path;
}

/** The attachments at a device's hooks, in the order in which they run. */
function atDevice(s: KernelState, device: number): number[] {
  const { hooks } = s.kernel;
  const { of } = hooks[device]!;
  const found: number[] = [];
  for (let i = 0; i < s.attachments.length; i++) {
    const { attached, hook } = s.attachments[i]!;
    if (attached && (hook === device || (of !== undefined && hooks[hook]!.of === of))) found.push(i);
  }
  return found.sort((a, b) => inRunOrder(s.attachments[a]!, s.attachments[b]!));
}

type Attachment = KernelState['attachments'][number];

/**
 * A packet meets the hooks of a device in their order among all hooks (XDP, then tcx, then filters), in one hook filters by
 * ascending priority, and those of one priority, as other lists, by rank. Source: net/core/dev.c, __netif_receive_skb_core.
 */
function inRunOrder(a: Attachment, b: Attachment): number {
  return a.hook - b.hook || a.priority - b.priority || a.rank - b.rank;
}

/**
 * A program runs from its beginning. A tail call jumps behind the place where tracers are called.
 * Source: arch/x86/net/bpf_jit_comp.c, X86_TAIL_CALL_OFFSET.
 */
function runProgram(s: KernelState, program: number, path: number[], isTailCalled = false): void {
  if (path.length >= MAX_CALLS) return;
  if (!isTailCalled) runTracers(s, program, undefined, path);
  path.push(programObject(program));
  const { source, map } = s.programs[program]!;
  const { placeholders, tailCalls } = s.kernel.sources[source]!;
  for (let hook = 0; hook < s.kernel.hooks.length; hook++) {
    const { kind, name } = s.kernel.hooks[hook]!;
    if (kind === 'subprogram' && placeholders && name in placeholders) {
      const replaced = occupant(s, hook, programObject(program));
      runTracers(s, program, name, path);
      if (replaced === NONE) path.push(PLACEHOLDER + hook);
      else runProgram(s, s.attachments[replaced]!.program, path);
    }
  }
  if (tailCalls && map !== NONE) tailCall(s, map, path);
  else followChain(s, program, path);
}

/** What runs before a placeholder of a program, or before the program: the tracers there, by rank. */
function runTracers(s: KernelState, program: number, placeholder: string | undefined, path: number[]): void {
  for (const hook of s.kernel.probes) {
    if (s.kernel.hooks[hook]!.placeholder !== placeholder) continue;
    const target = programObject(program);
    s.attachments
      .filter((probe) => probe.attached && probe.hook === hook && probe.target === target)
      .sort((a, b) => a.rank - b.rank)
      .forEach((probe) => {
        runProgram(s, probe.program, path);
      });
  }
}

/** A dispatcher tries its slots in order; the first that is filled takes over and does not come back. */
function tailCall(s: KernelState, map: number, path: number[]): void {
  for (let hook = 0; hook < s.kernel.hooks.length; hook++) {
    if (s.kernel.hooks[hook]!.kind !== 'slot') continue;
    const filled = occupant(s, hook, mapObject(map));
    if (filled !== NONE) {
      runProgram(s, s.attachments[filled]!.program, path, true);
      return;
    }
  }
}

/** After a program has returned, the kernel calls what is chained behind it. */
function followChain(s: KernelState, program: number, path: number[]): void {
  for (let hook = 0; hook < s.kernel.hooks.length; hook++) {
    if (s.kernel.hooks[hook]!.kind !== 'edge') continue;
    const next = occupant(s, hook, programObject(program));
    if (next === NONE) continue;
    runProgram(s, s.attachments[next]!.program, path);
    return;
  }
}
