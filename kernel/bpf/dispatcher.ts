/** Programs with functions that others replace (freplace) or watch (fentry, fexit), without a compiler. */
import { closeFd } from '../channel/files.js';
import type { KernelProcess } from '../channel/process.js';
import type { Result } from '../channel/result.js';
import { BtfWriter } from './btf.js';
import { code, lengthOf, lengthOfCalls } from './instructions.js';
import type { AttachType, ProgType } from './numbers.js';
import { btfLoad, progLoad, progLoadExplained, type ProgramToLoad } from './programs.js';

/** What kind of program has the functions: its type, and what its context is called. */
export interface ContextKind {
  readonly type: ProgType;
  readonly context: 'xdp_md' | '__sk_buff';
  readonly expectedAttachType?: AttachType;
}

export const XDP_PROGRAM: ContextKind = { type: 'xdp', context: 'xdp_md', expectedAttachType: 'xdp' };
export const TC_PROGRAM: ContextKind = { type: 'schedCls', context: '__sk_buff' };

/** BTF ids of a dispatcher's functions, which are the same for all dispatchers of a size. */
export interface DispatcherFunctions {
  readonly main: number;
  /** Each may be replaced. */
  readonly placeholders: readonly number[];
}

function contextFunction(types: BtfWriter, { context }: ContextKind): number {
  const pointer = types.pointer(types.struct(context));
  return types.prototype(types.int('int', 4), [{ name: 'ctx', type: pointer }]);
}

function dispatcherTypes(kind: ContextKind, slots: number): DispatcherFunctions & { readonly types: Buffer } {
  const types = new BtfWriter();
  const prototype = contextFunction(types, kind);
  const main = types.function('main', prototype, 'static');
  const placeholders = Array.from({ length: slots }, (_, i) =>
    types.function(`placeholder${i}`, prototype, 'global'),
  );
  return { main, placeholders, types: types.bytes() };
}

/** BTF ids of the functions of a dispatcher with so many placeholders. */
export function dispatcherFunctions(kind: ContextKind, slots: number): DispatcherFunctions {
  return dispatcherTypes(kind, slots);
}

/**
 * Loads a program that calls its placeholders one after the other, and gives what they gave: the first in the lowest byte of its
 * return value, and so on. Each gives its number of `returns`, until it is replaced. Gives a descriptor.
 */
export async function loadDispatcher(
  process: KernelProcess,
  kind: ContextKind,
  returns: readonly number[],
  name = 'dispatcher',
): Promise<Result> {
  const { main, placeholders, types } = dispatcherTypes(kind, returns.length);
  const bodies = returns.map((value) => code.return(value));
  let end = lengthOfCalls(returns.length);
  const starts = bodies.map((body) => {
    const start = end;
    end += lengthOf(body);
    return start;
  });
  const functions = [{ at: 0, type: main }, ...placeholders.map((type, i) => ({ at: starts[i]!, type }))];
  const instructions = Buffer.concat([code.calls(starts), code.returnGiven(), ...bodies]);
  const { type, expectedAttachType } = kind;
  const program = { type, name, instructions, ...(expectedAttachType && { expectedAttachType }) };
  return withTypes(process, types, (btf) => progLoad(process, { ...program, btf: { fd: btf, functions } }));
}

/** An EXT program that gives this number, in the place of a function of a program of this kind. */
export interface Extension {
  readonly kind: ContextKind;
  readonly target: number;
  /** BTF id of the function in the target. */
  readonly function: number;
  readonly returns: number;
  readonly name?: string;
}

/** Loads an extension. Gives a descriptor, and what the verifier said. */
export async function loadExtension(
  process: KernelProcess,
  extension: Extension,
): Promise<{ readonly result: Result; readonly log: string }> {
  const types = new BtfWriter();
  const own = types.function('replacement', contextFunction(types, extension.kind), 'global');
  let log = '';
  const result = await withTypes(process, types.bytes(), async (btf) => {
    const loaded = await progLoadExplained(process, extensionProgram(extension, btf, own));
    log = loaded.log;
    return loaded.result;
  });
  return { result, log };
}

function extensionProgram(extension: Extension, btf: number, own: number): ProgramToLoad {
  return {
    type: 'ext',
    name: extension.name ?? 'extension',
    instructions: code.return(extension.returns),
    btf: { fd: btf, functions: [{ at: 0, type: own }] },
    target: { fd: extension.target, function: extension.function },
  };
}

/** Loads a program that runs when a function of another is entered (fentry) or left (fexit). Gives a descriptor. */
export function loadWatcher(
  process: KernelProcess,
  attachType: 'traceFentry' | 'traceFexit',
  target: { readonly fd: number; readonly function: number },
): Promise<Result> {
  return progLoad(process, {
    type: 'tracing',
    name: 'watcher',
    instructions: code.return(0),
    expectedAttachType: attachType,
    target,
  });
}

/** The type information is kept by the program; its descriptor is closed before anything else is opened. */
async function withTypes(
  process: KernelProcess,
  types: Buffer,
  load: (btf: number) => Promise<Result>,
): Promise<Result> {
  const btf = await btfLoad(process, types);
  if (!btf.ok) return btf;
  const loaded = await load(btf.value);
  await closeFd(process, btf.value);
  return loaded;
}
