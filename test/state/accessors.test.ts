import test from 'ava';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import {
  array,
  bool,
  holds,
  indexOf,
  nat,
  NONE,
  objectNumber,
  RangeFault,
  refers,
  RowMemory,
  struct,
  table,
  tableOf,
  toPlain,
} from '../../model/state/index.js';
import { fill, leavesOf, randomChoices, randomSchemas } from './schemas.js';

/** One of each: three tables, references to one and to several of them, cells in one word and in several. */
const schema = struct({
  programs: table(3, { size: nat(1000), next: refers('programs'), fds: array(2, holds('programs', 'maps')) }),
  maps: table(2, {}),
  gone: table(0, {}),
  object: holds('maps', 'programs'),
  owner: refers('programs'),
  nothing: refers(),
  never: refers('gone'),
  flag: bool,
  only: nat(1),
  most: nat(65536),
  /** 10 bits each: 3 to a word. */
  long: array(7, nat(1000)),
  flags: array(40, bool),
  objects: array(20, refers('programs', 'maps')),
  nested: struct({ a: nat(3), pair: array(2, struct({ x: nat(5), on: bool })) }),
});

const PROGRAMS = 0;
const MAPS = 1;

test('an empty row is false, 0 and NONE everywhere', (t) => {
  const memory = new RowMemory(schema);
  const program = { live: false, size: 0, next: -1, fds: [-1, -1] };

  t.deepEqual(toPlain(memory, memory.after), {
    programs: [program, program, program],
    maps: [{ live: false }, { live: false }],
    gone: [],
    object: -1,
    owner: -1,
    nothing: -1,
    never: -1,
    flag: false,
    only: 0,
    most: 0,
    long: [0, 0, 0, 0, 0, 0, 0],
    flags: new Array(40).fill(false),
    objects: new Array(20).fill(-1),
    nested: {
      a: 0,
      pair: [
        { x: 0, on: false },
        { x: 0, on: false },
      ],
    },
  });
});

test('what was written is read again, and shows in the plain form where it was written', (t) => {
  const memory = new RowMemory(schema);
  const { after } = memory;
  after.programs[1]!.live = true;
  after.programs[1]!.size = 999;
  after.programs[1]!.next = 2;
  after.programs[2]!.fds.set(1, objectNumber(MAPS, 1));
  after.maps[1]!.live = true;
  after.object = objectNumber(PROGRAMS, 0);
  after.owner = 0;
  after.flag = true;
  after.most = 65535;
  after.long.set(3, 512);
  after.flags.set(39, true);
  after.objects.set(19, objectNumber(PROGRAMS, 2));
  after.nested.a = 2;
  after.nested.pair[1]!.x = 4;
  after.nested.pair[1]!.on = true;

  // Table 1, row 1 is 1 × 256 + 1.
  const empty = { live: false, size: 0, next: -1, fds: [-1, -1] };
  t.deepEqual(toPlain(memory, after), {
    programs: [empty, { live: true, size: 999, next: 2, fds: [-1, -1] }, { ...empty, fds: [-1, 257] }],
    maps: [{ live: false }, { live: true }],
    gone: [],
    object: 0,
    owner: 0,
    nothing: -1,
    never: -1,
    flag: true,
    only: 0,
    most: 65535,
    long: [0, 0, 0, 512, 0, 0, 0],
    flags: [...new Array<boolean>(39).fill(false), true],
    objects: [...new Array<number>(19).fill(-1), 2],
    nested: {
      a: 2,
      pair: [
        { x: 0, on: false },
        { x: 4, on: true },
      ],
    },
  });
});

test('a reference to several tables tells their rows apart', (t) => {
  const { after } = new RowMemory(schema);
  const objects = [
    NONE,
    objectNumber(PROGRAMS, 0),
    objectNumber(PROGRAMS, 2),
    objectNumber(MAPS, 0),
    objectNumber(MAPS, 1),
  ];
  for (const object of objects) {
    after.object = object;
    after.objects.set(7, object);

    t.deepEqual([after.object, after.objects.get(7)], [object, object]);
  }
});

test('an object number says which table and which row', (t) => {
  t.is(objectNumber(2, 5), 517);
  t.deepEqual([tableOf(517), indexOf(517)], [2, 5]);
  t.is(tableOf(NONE), NONE);
});

test('cells read and write in all their words', (t) => {
  const { after } = new RowMemory(schema);
  for (let i = 0; i < 7; i++) after.long.set(i, 990 + i);

  t.deepEqual(
    Array.from({ length: 7 }, (_, i) => after.long.get(i)),
    [990, 991, 992, 993, 994, 995, 996],
  );
  t.is(after.long.length, 7);
});

test('the whole of a word can be ones without touching the next', (t) => {
  const memory = new RowMemory(struct({ a: nat(65536), b: nat(65536), c: nat(65536) }));
  memory.after.b = 65535;

  t.deepEqual(toPlain(memory, memory.after), { a: 0, b: 65535, c: 0 });
  memory.after.a = 65535;
  memory.after.b = 0;
  t.deepEqual(toPlain(memory, memory.after), { a: 65535, b: 0, c: 0 });
});

test('fields can have short names', (t) => {
  const memory = new RowMemory(
    struct({ w: nat(8), b: nat(8), rows: table(2, { w: nat(8), b: array(2, nat(8)) }) }),
  );
  memory.after.b = 5;
  memory.after.rows[1]!.w = 7;
  memory.after.rows[1]!.b.set(1, 6);

  t.deepEqual(toPlain(memory, memory.after), {
    w: 0,
    b: 5,
    rows: [
      { live: false, w: 0, b: [0, 0] },
      { live: false, w: 7, b: [0, 6] },
    ],
  });
});

test('a field cannot have a name that rows have of their own, nor one that is no name', (t) => {
  const taken = {
    instanceOf: RangeError,
    message: /^a field cannot be called '\w+': every row has one already$/,
  };
  t.throws(() => struct({ clear: bool }), taken);
  t.throws(() => struct({ constructor: bool }), taken);
  t.throws(() => table(1, { clear: bool }), taken);
  t.throws(() => table(1, { live: nat(3) }), taken);
  t.notThrows(() => struct({ live: nat(3) }));
  for (const name of ['', '1', 'two words', 'kebab-case', '$w']) {
    t.throws(() => struct({ [name]: bool }), {
      message: `a field cannot be called '${name}': only letters and digits`,
    });
  }
});

/** What no field of numbers takes, whatever its range. */
const NO_NUMBERS = [Number.NaN, Infinity, -Infinity, 0.5, -0.5, 1.5, 2 ** 32, 2 ** 32 + 1, undefined];

const outOfRange: Readonly<Record<string, readonly [path: string, values: readonly unknown[]]>> = {
  'a number': ['most', [-1, 65536, -65536]],
  'a number with one value': ['only', [1, -1]],
  'a reference to one table': ['owner', [-2, 3, objectNumber(MAPS, 0)]],
  'a reference to several tables': [
    'object',
    [-2, 3, objectNumber(MAPS, 2), objectNumber(2, 0), objectNumber(9, 0), -256],
  ],
  'a reference to no table': ['nothing', [0, 1, -2]],
  'a reference to a table without places': ['never', [0, 1, -2]],
};

for (const [what, [path, values]] of Object.entries(outOfRange)) {
  test(`a store into ${what} that is out of range is a fault, and changes nothing`, (t) => {
    const memory = new RowMemory(schema);
    const view = memory.after as unknown as Record<string, unknown>;
    const before = memory.memory.slice();
    for (const value of [...values, ...NO_NUMBERS]) {
      const fault = t.throws(() => (view[path] = value), { instanceOf: RangeFault });

      t.is(fault.message, `${path} cannot be ${String(value)}: out of range`);
      t.is(fault.name, 'RangeFault');
    }
    t.deepEqual(memory.memory, before);
  });
}

test('a store into a cell that is out of range is a fault that names the field, and changes nothing', (t) => {
  const memory = new RowMemory(schema);
  const { long, objects } = memory.after;
  const { fds } = memory.after.programs[0]!;
  const before = memory.memory.slice();
  for (const value of [-1, 1000, ...NO_NUMBERS] as number[]) {
    t.throws(() => long.set(6, value), { message: `long cannot be ${value}: out of range` });
  }
  for (const value of [-2, 3, 258, ...NO_NUMBERS] as number[]) {
    t.throws(() => objects.set(0, value), { message: `objects cannot be ${value}: out of range` });
    t.throws(() => fds.set(0, value), { message: `programs.fds cannot be ${value}: out of range` });
  }
  t.deepEqual(memory.memory, before);
});

test('an index that is not there is a fault, in reading and in writing', (t) => {
  const memory = new RowMemory(
    struct({ short: array(3, nat(4)), long: array(40, nat(4)), nothing: array(5, nat(1)) }),
  );
  const before = memory.memory.slice();
  for (const [name, cells] of Object.entries(memory.after)) {
    if (name.startsWith('$')) continue;
    for (const index of [-1, cells.length, ...NO_NUMBERS] as number[]) {
      const message = `index of ${name} cannot be ${index}: out of range`;

      t.throws(() => cells.get(index), { instanceOf: RangeFault, message });
      t.throws(() => cells.set(index, 0), { instanceOf: RangeFault, message });
    }
  }
  t.deepEqual(memory.memory, before);
});

test('clear sets all of a row to false, 0 and NONE, and nothing else', (t) => {
  const memory = new RowMemory(
    struct({
      before: nat(16),
      // 1 + 10 + 2 + 2 × 2 bits: no two rows in a word, and the one behind the table in the last one's.
      rows: table(3, { size: nat(1000), next: refers('rows'), inner: array(2, struct({ x: nat(3) })) }),
      after: nat(16),
    }),
  );
  const { after: state } = memory;
  const full = { live: true, size: 999, next: 1, inner: [{ x: 2 }, { x: 1 }] };
  state.before = 15;
  state.after = 15;
  for (const row of state.rows) {
    row.live = true;
    row.size = 999;
    row.next = 1;
    row.inner[0]!.x = 2;
    row.inner[1]!.x = 1;
  }
  state.rows[1]!.clear();

  t.deepEqual(toPlain(memory, state), {
    before: 15,
    rows: [full, { live: false, size: 0, next: -1, inner: [{ x: 0 }, { x: 0 }] }, full],
    after: 15,
  });
});

test('whatever the schema, every scalar reads as what was written to it last, in both views', (t) => {
  const property = fc.property(
    randomSchemas,
    randomChoices,
    randomChoices,
    ({ schema, tables }, one, other) => {
      const memory = new RowMemory(schema);
      const after = leavesOf(schema, memory.after);
      const before = leavesOf(schema, memory.before);
      fill(after, other, tables);
      const inAfter = fill(after, one, tables);
      const inBefore = fill(before, other, tables);

      assert.deepEqual(
        after.map((leaf) => leaf.get()),
        inAfter,
      );
      assert.deepEqual(
        before.map((leaf) => leaf.get()),
        inBefore,
      );
    },
  );

  t.notThrows(() => fc.assert(property, { seed: 2, numRuns: 100 }));
});

test('whatever the schema, the views before and after are two rows of one memory', (t) => {
  const property = fc.property(randomSchemas, randomChoices, ({ schema, tables }, choices) => {
    const memory = new RowMemory(schema);
    fill(leavesOf(schema, memory.before), choices, tables);

    assert.ok(memory.memory.subarray(0, memory.words).every((word) => word === 0));
    memory.memory.copyWithin(0, memory.words);
    assert.deepEqual(toPlain(memory, memory.after), toPlain(memory, memory.before));
  });

  t.notThrows(() => fc.assert(property, { seed: 3, numRuns: 100 }));
});

test('whatever the schema, clearing a row leaves all other scalars as they are', (t) => {
  const property = fc.property(
    randomSchemas,
    randomChoices,
    fc.nat(),
    ({ schema, tables }, choices, pick) => {
      const memory = new RowMemory(schema);
      const rows = Object.keys(tables).flatMap(
        (name) => memory.after[name] as unknown as { clear(): void }[],
      );
      if (rows.length === 0) return;
      const leaves = leavesOf(schema, memory.after);
      const values = fill(leaves, choices, tables);
      const chosen = rows[pick % rows.length]!;
      const cleared = new Set(leavesOfRow(schema, memory, chosen));
      chosen.clear();

      leaves.forEach((leaf, i) => {
        const empty = leaf.type.kind === 'bool' ? false : leaf.type.kind === 'nat' ? 0 : NONE;
        assert.equal(leaf.get(), cleared.has(i) ? empty : values[i]);
      });
    },
  );

  t.notThrows(() => fc.assert(property, { seed: 4, numRuns: 100 }));
});

/** Which leaves of a view belong to one row of its tables, by position. */
function leavesOfRow(schema: RowMemory['schema'], memory: RowMemory, row: unknown): number[] {
  const found: number[] = [];
  let position = 0;
  for (const [name, type] of Object.entries(schema.fields)) {
    if (type.kind !== 'table') {
      position += leavesOf(struct({ [name]: type }), memory.after).length;
      continue;
    }
    for (const candidate of memory.after[name] as unknown as unknown[]) {
      const count = leavesOf(struct({ live: bool, ...type.fields }), candidate).length;
      if (candidate === row) for (let i = 0; i < count; i++) found.push(position + i);
      position += count;
    }
  }
  return found;
}
