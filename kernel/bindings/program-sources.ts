/** What the programs of the model (`model/mechanisms/linux/kernel.ts`) are on a kernel: the shortest that its verifier takes. */
import { BtfWriter } from '../bpf/btf.js';
import { code, lengthOf, lengthOfReturnCalls } from '../bpf/instructions.js';
import { btfLoad, type ProgramToLoad } from '../bpf/programs.js';
import { OPEN_FLAG, closeFd } from '../channel/files.js';
import { NR } from '../channel/numbers.js';
import type { KernelProcess } from '../channel/process.js';
import { needed, resultOf } from '../channel/result.js';

/** Where each process has the type information of all programs open: loading a program takes none of its descriptors. */
const TYPES_FD = 1004;

/** Type information of all programs, and the ids of their functions in it: every program begins with `main`. */
function programTypes() {
  const types = new BtfWriter();
  const int = types.int('int', 4);
  const context = { name: 'ctx', type: types.pointer(types.struct('xdp_md')) };
  const own = types.prototype(int, [context]);
  const other = types.prototype(int, [context, { name: 'more', type: int }]);
  return {
    main: types.function('main', own, 'global'),
    placeholders: ['placeholder1', 'placeholder2'].map((name) => types.function(name, own, 'global')),
    /** The function of an extension that fits no placeholder. */
    other: types.function('other', other, 'global'),
    bytes: types.bytes(),
  };
}

const TYPES = programTypes();

/** The BTF id of a function of a program, by its name in the model. */
export function functionId(name: string): number {
  const [, number] = /^placeholder(\d)$/.exec(name) ?? [];
  return number === undefined ? TYPES.main : TYPES.placeholders[Number(number) - 1]!;
}

/** The name of a function that has a BTF id. */
export function functionName(id: number): string {
  const placeholder = TYPES.placeholders.indexOf(id);
  return placeholder < 0 ? 'main' : `placeholder${placeholder + 1}`;
}

/** Opens the type information in a process that has been started. */
export async function openTypes(process: KernelProcess): Promise<void> {
  const loaded = needed('Loading type information', await btfLoad(process, TYPES.bytes));
  const moved = await process.call(NR.dup3, loaded, TYPES_FD, OPEN_FLAG.closeOnExec);
  needed('Keeping type information', resultOf(moved));
  await closeFd(process, loaded);
}

type Loaded = Omit<ProgramToLoad, 'name' | 'target'>;

function single(program: Omit<Loaded, 'btf'>, main = TYPES.main): Loaded {
  return { ...program, btf: { fd: TYPES_FD, functions: [{ at: 0, type: main }] } };
}

/** Two placeholders, which give 1 and 2. They touch the packet, so that an extension that tail-calls may replace them. */
function rootlet(kind: Pick<ProgramToLoad, 'expectedAttachType'>): Loaded {
  const bodies = [1, 2].map((value) => Buffer.concat([code.touchPacket(), code.return(value)]));
  const first = lengthOfReturnCalls(bodies.length);
  const starts = [first, first + lengthOf(bodies[0]!)];
  const functions = TYPES.placeholders.map((type, i) => ({ at: starts[i]!, type }));
  return {
    type: 'xdp',
    ...kind,
    instructions: Buffer.concat([code.returnCalls(starts), ...bodies]),
    btf: { fd: TYPES_FD, functions: [{ at: 0, type: TYPES.main }, ...functions] },
  };
}

/** Programs that need nothing of others. */
export const PROGRAMS: Readonly<Record<string, Loaded>> = {
  xdp: single({ type: 'xdp', expectedAttachType: 'xdp', instructions: code.return(2) }),
  xdp_devmap: single({ type: 'xdp', expectedAttachType: 'xdpDevmap', instructions: code.return(2) }),
  rootlet: rootlet({ expectedAttachType: 'xdp' }),
  rootlet_any: rootlet({}),
  tc: single({ type: 'schedCls', instructions: code.return(-1) }),
  tc_final: single({ type: 'schedCls', instructions: code.return(0) }),
  skb: single({ type: 'cgroupSkb', expectedAttachType: 'cgroupInetEgress', instructions: code.return(1) }),
  dissector: single({
    type: 'flowDissector',
    expectedAttachType: 'flowDissector',
    instructions: code.return(0),
  }),
  lookup: single({ type: 'skLookup', expectedAttachType: 'skLookup', instructions: code.return(1) }),
};

/** Programs that are loaded for a function of another. */
export const EXTENSIONS: Readonly<Record<string, Loaded>> = {
  fw: single({ type: 'ext', instructions: code.return(7) }),
  fw_other: single({ type: 'ext', instructions: code.return(7) }, TYPES.other),
};

export const TRACER = single({
  type: 'tracing',
  expectedAttachType: 'traceFentry',
  instructions: code.return(0),
});

/** Slots of every prog_array. */
export const SLOTS = 2;

/** Programs that tail-call through a map, which is given as a descriptor. */
export const TAIL_CALLERS = {
  dispatcher: (map: number): Loaded =>
    single({ type: 'xdp', expectedAttachType: 'xdp', instructions: tailCaller(map) }),
  fw_tail: (map: number): Loaded => single({ type: 'ext', instructions: tailCaller(map) }),
} as const;

function tailCaller(map: number): Buffer {
  return Buffer.concat([code.firstTailCall(map, SLOTS), code.return(2)]);
}
