/** Functions of programs: each can be replaced by one extension, or be traced by several programs. */
import { NONE } from '../../state/index.js';
import { occupant } from '../../kernel/attachments.js';
import { programObject } from '../../kernel/lifetime.js';
import type { KernelModel, KernelState } from '../../kernel/model.js';

export interface ProgramFunctions {
  /** Whether an extension is in the function of a target that a hook is at. */
  isReplaced(s: KernelState, hook: number, target: number): boolean;
  /** Whether tracers are at it. */
  isTraced(s: KernelState, hook: number, target: number): boolean;
}

/** Both kinds of hooks of one function know each other by the name of the placeholder. */
export function programFunctions(k: KernelModel): ProgramFunctions {
  const placeholders = k.hooks.map(({ kind, name, placeholder }) => (kind === 'probe' ? placeholder : name));
  const sameFunction = (hooks: readonly number[]): number[] =>
    placeholders.map((name) => hooks.find((hook) => placeholders[hook] === name) ?? NONE);
  const [replacedAt, tracedAt] = [sameFunction(k.subprograms), sameFunction(k.probes)];
  const isTaken = (s: KernelState, hook: number, target: number): boolean =>
    hook !== NONE && occupant(s, hook, programObject(target)) !== NONE;
  return {
    isReplaced: (s, hook, target) => isTaken(s, replacedAt[hook]!, target),
    isTraced: (s, hook, target) => isTaken(s, tracedAt[hook]!, target),
  };
}
