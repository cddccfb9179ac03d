/**
 * Just enough of an assembler for programs that say which of them ran.
 * Source of the encoding: Documentation/bpf/standardization/instruction-set.rst.
 */
/** BPF_FUNC_* of include/uapi/linux/bpf.h. */
const HELPER = { mapLookup: 1, tailCall: 12, adjustHead: 44 } as const;

interface Fields {
  readonly to?: number;
  readonly from?: number;
  readonly offset?: number;
  readonly immediate?: number;
}

function instruction(code: number, { to = 0, from = 0, offset = 0, immediate = 0 }: Fields = {}): Buffer {
  const bytes = Buffer.alloc(8);
  bytes[0] = code;
  bytes[1] = (from << 4) | to;
  bytes.writeInt16LE(offset, 2);
  bytes.writeInt32LE(immediate, 4);
  return bytes;
}

const move = (to: number, immediate: number): Buffer => instruction(0xb7, { to, immediate });
const copy = (to: number, from: number): Buffer => instruction(0xbf, { to, from });
const exit = (): Buffer => instruction(0x95);
const callHelper = (helper: number): Buffer => instruction(0x85, { immediate: helper });

/** A program's instructions, in pieces that can be put together. */
export const code = {
  /** Ends with this number. */
  return: (value: number): Buffer => Buffer.concat([move(0, value), exit()]),

  /**
   * Calls functions with the program's context one after the other. What they give is kept for `returnGiven`: the first in the
   * lowest byte, the second in the next, and so on.
   *
   * @param starts Where each function starts, in instructions from the beginning of this piece.
   */
  calls: (starts: readonly number[]): Buffer => {
    const pieces = [copy(6, 1), move(7, 0)];
    for (const [i, start] of starts.entries()) {
      const at = 2 + 4 * i + 1;
      pieces.push(
        copy(1, 6),
        instruction(0x85, { from: 1, immediate: start - at - 1 }), // relative to the next instruction
        instruction(0x67, { to: 0, immediate: 8 * i }), // r0 <<= 8 * i
        instruction(0x0f, { to: 7, from: 0 }), // r7 += r0
      );
    }
    return Buffer.concat(pieces);
  },

  /** Ends with what the functions gave that `calls` has called. */
  returnGiven: (): Buffer => Buffer.concat([copy(0, 7), exit()]),

  /** Goes to the program in a slot of a prog_array; if there is none, goes on. */
  tailCall: (map: number, slot: number): Buffer =>
    Buffer.concat([loadMap(2, map), move(3, slot), callHelper(HELPER.tailCall)]),

  /** Goes to the program in the first slot of a prog_array that has one; if none has, goes on. */
  firstTailCall: (map: number, slots: number): Buffer =>
    Buffer.concat([
      copy(6, 1),
      ...Array.from({ length: slots }, (_, slot) => [copy(1, 6), code.tailCall(map, slot)]).flat(),
    ]),

  /** Moves the packet's beginning by nothing (XDP), as a function does whose replacements may do the same. */
  touchPacket: (): Buffer => Buffer.concat([move(2, 0), callHelper(HELPER.adjustHead)]),

  /** Adds 1 to the 64-bit number in an element of an array map, whichever processor it is on. */
  count: (map: number, index: number): Buffer =>
    Buffer.concat([
      element(map, index, 2),
      move(1, 1),
      instruction(0xdb, { to: 0, from: 1 }), // *(u64 *)(r0 + 0) += r1, atomically
    ]),

  /**
   * Writes a number behind those that are in an array map of 64-bit numbers already. The first element counts them. What is
   * there when the map is full is kept. The program's context stays where it was.
   */
  note: (map: number, number: number): Buffer => {
    const write = instruction(0x7a, { to: 0, immediate: number }); // *(u64 *)(r0 + 0) = number
    const behind = Buffer.concat([
      move(1, 1),
      instruction(0xdb, { to: 0, from: 1, immediate: 1 }), // r1 = what was there, and adds r1, atomically
      instruction(0x07, { to: 1, immediate: 1 }),
      element(map, { register: 1 }, lengthOf(write)),
      write,
    ]);
    return Buffer.concat([copy(6, 1), element(map, 0, lengthOf(behind)), behind, copy(1, 6)]);
  },
};

/** The address of an element of an array map, whose index is in a register or is this number; goes over the next ones if there is none. */
function element(map: number, index: { register: number } | number, over: number): Buffer {
  const key =
    typeof index === 'number'
      ? instruction(0x62, { to: 10, offset: -4, immediate: index }) // *(u32 *)(r10 - 4) = index
      : instruction(0x63, { to: 10, from: index.register, offset: -4 });
  return Buffer.concat([
    key,
    copy(2, 10),
    instruction(0x07, { to: 2, immediate: -4 }),
    loadMap(1, map),
    callHelper(HELPER.mapLookup),
    instruction(0x15, { to: 0, offset: over }), // if r0 == 0
  ]);
}

/** Loads a map's address from its descriptor (BPF_PSEUDO_MAP_FD). */
function loadMap(to: number, map: number): Buffer {
  return Buffer.concat([instruction(0x18, { to, from: 1, immediate: map }), instruction(0)]);
}

/** How many instructions `code.calls` makes for that many functions, with the two that end the program. */
export function lengthOfCalls(functions: number): number {
  return 4 + 4 * functions;
}

/** How many instructions these bytes are. */
export function lengthOf(instructions: Buffer): number {
  return instructions.length / 8;
}
