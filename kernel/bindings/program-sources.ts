/** What the programs of the model (`model/mechanisms/linux/kernel.ts`) are on a kernel: the shortest that its verifier takes. */
import { BtfWriter } from '../bpf/btf.js';
import { code, lengthOf, lengthOfCalls } from '../bpf/instructions.js';
import { btfLoadCall, type ProgramToLoad } from '../bpf/programs.js';
import { openAs } from '../channel/files.js';
import type { KernelProcess } from '../channel/process.js';
import { needed } from '../channel/result.js';
import { noteMark, notePlaceholder } from './run-log.js';

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
    placeholders: [0, 1].map((i) => placeholderName(i)).map((name) => types.function(name, own, 'global')),
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
  return placeholder < 0 ? 'main' : placeholderName(placeholder);
}

/** The model's name of a placeholder, by its number from 0. */
export function placeholderName(placeholder: number): string {
  return `placeholder${placeholder + 1}`;
}

/** Opens the type information in a process that has been started. */
export async function openTypes(process: KernelProcess): Promise<void> {
  needed('Loading type information', await openAs(process, btfLoadCall(TYPES.bytes), TYPES_FD));
}

type Loaded = Omit<ProgramToLoad, 'name' | 'target'>;

/** A program that notes this mark when it runs. */
export type MarkedSource = (mark: number) => Loaded;

/** What a packet that a program lets pass has as its result: XDP_PASS. */
const PASS = 2;

function single({ instructions, ...program }: Omit<Loaded, 'btf'>, main: number = TYPES.main): MarkedSource {
  return (mark) => ({
    ...program,
    instructions: Buffer.concat([noteMark(mark), instructions]),
    btf: { fd: TYPES_FD, functions: [{ at: 0, type: main }] },
  });
}

/** Two placeholders. They touch the packet, so that an extension that tail-calls may replace them. */
function rootlet(kind: Pick<ProgramToLoad, 'expectedAttachType'>): MarkedSource {
  const bodies = TYPES.placeholders.map((_, i) =>
    Buffer.concat([notePlaceholder(i), code.touchPacket(), code.return(PASS)]),
  );
  return (mark) => {
    const noting = noteMark(mark);
    const first = lengthOfCalls(bodies.length);
    const starts = bodies.map((_, i) => first + lengthOf(Buffer.concat(bodies.slice(0, i))));
    const functions = TYPES.placeholders.map((type, i) => ({ at: lengthOf(noting) + starts[i]!, type }));
    return {
      type: 'xdp',
      ...kind,
      instructions: Buffer.concat([noting, code.calls(starts), code.return(PASS), ...bodies]),
      btf: { fd: TYPES_FD, functions: [{ at: 0, type: TYPES.main }, ...functions] },
    };
  };
}

/** Programs that need nothing of others. All let pass what they see. */
export const PROGRAMS: Readonly<Record<string, MarkedSource>> = {
  xdp: single({ type: 'xdp', expectedAttachType: 'xdp', instructions: code.return(PASS) }),
  xdp_devmap: single({ type: 'xdp', expectedAttachType: 'xdpDevmap', instructions: code.return(PASS) }),
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
export const EXTENSIONS: Readonly<Record<string, MarkedSource>> = {
  fw: single({ type: 'ext', instructions: code.return(PASS) }),
  fw_other: single({ type: 'ext', instructions: code.return(PASS) }, TYPES.other),
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
  dispatcher: (map: number) =>
    single({ type: 'xdp', expectedAttachType: 'xdp', instructions: tailCaller(map) }),
  fw_tail: (map: number) => single({ type: 'ext', instructions: tailCaller(map) }),
} as const;

function tailCaller(map: number): Buffer {
  return Buffer.concat([code.firstTailCall(map, SLOTS), code.return(PASS)]);
}
