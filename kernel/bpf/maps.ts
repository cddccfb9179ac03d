import { Memory } from '../channel/memory.js';
import type { KernelProcess } from '../channel/process.js';
import { mapResult, type Result } from '../channel/result.js';
import { bpf } from './command.js';
import { COMMAND, MAP_TYPE } from './numbers.js';

/** MAP_CREATE of a prog_array: slots for tail calls. Gives a descriptor. */
export function createProgArray(process: KernelProcess, slots: number): Promise<Result> {
  return createMap(process, MAP_TYPE.progArray, 4, slots);
}

/** MAP_CREATE of an array of 64-bit numbers, which programs count in. Gives a descriptor. */
export function createCounters(process: KernelProcess, size: number): Promise<Result> {
  return createMap(process, MAP_TYPE.array, 8, size);
}

function createMap(
  process: KernelProcess,
  type: number,
  valueSize: number,
  entries: number,
): Promise<Result> {
  const attributes = Memory.structure(20).u32(0, type).u32(4, 4).u32(8, valueSize).u32(12, entries);
  return bpf(process, COMMAND.mapCreate, attributes);
}

/** BPF_NOEXIST and BPF_EXIST, for MAP_UPDATE_ELEM. */
export const MAP_UPDATE_FLAG = { noexist: 1, exist: 2 } as const;

/** MAP_UPDATE_ELEM: puts a program into a slot. */
export function setSlot(
  process: KernelProcess,
  map: number,
  slot: number,
  program: number,
  flags = 0,
): Promise<Result> {
  const attributes = elementAttributes(map, slot).pointer(16, Memory.structure(4).u32(0, program));
  return bpf(process, COMMAND.mapUpdate, attributes.u64(24, flags));
}

/** MAP_DELETE_ELEM: empties a slot. */
export function clearSlot(process: KernelProcess, map: number, slot: number): Promise<Result> {
  return bpf(process, COMMAND.mapDelete, elementAttributes(map, slot));
}

/** MAP_UPDATE_ELEM of an array of numbers. */
export function setCounter(
  process: KernelProcess,
  map: number,
  index: number,
  value: number,
): Promise<Result> {
  const attributes = elementAttributes(map, index).pointer(16, Memory.structure(8).u64(0, value));
  return bpf(process, COMMAND.mapUpdate, attributes);
}

/** MAP_LOOKUP_ELEM of a prog_array: the id of the program in a slot; ENOENT if there is none. */
export function slotProgram(process: KernelProcess, map: number, slot: number): Promise<Result> {
  return lookUp(process, map, slot, 4, (value) => value.readUInt32LE());
}

/** MAP_LOOKUP_ELEM of an array of numbers. */
export function readCounter(process: KernelProcess, map: number, index: number): Promise<Result> {
  return lookUp(process, map, index, 8, (value) => Number(value.readBigUInt64LE()));
}

async function lookUp(
  process: KernelProcess,
  map: number,
  key: number,
  valueSize: number,
  read: (value: Buffer) => number,
): Promise<Result> {
  const value = Memory.room(valueSize);
  const attributes = elementAttributes(map, key).pointer(16, value);
  return mapResult(await bpf(process, COMMAND.mapLookup, attributes), () => read(value.bytes));
}

/** The structure of BPF_MAP_*_ELEM: map_fd, key, value, flags. */
function elementAttributes(map: number, key: number): Memory {
  return Memory.structure(32).u32(0, map).pointer(8, Memory.structure(4).u32(0, key));
}
