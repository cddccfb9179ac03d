/** `indexOf` and `includes` look at all cells at once; they must say what a loop over `get` says. */
import test from 'ava';
import fc from 'fast-check';
import {
  array,
  bool,
  nat,
  NONE,
  objectNumber,
  refers,
  RowMemory,
  struct,
  table,
  type Cells,
} from '../../model/state/index.js';

const schema = struct({
  programs: table(3, {}),
  links: table(2, {}),
  none: table(0, {}),
  /** So that the cells do not start at the first bit of their word. */
  ahead: nat(5),
  flags: array(7, bool),
  small: array(6, nat(5)),
  programRefs: array(5, refers('programs')),
  /** 16 cells of 2 bits: a word to the last bit. */
  full: array(16, nat(4)),
  objects: array(4, refers('programs', 'links', 'none')),
  /** In several words. */
  long: array(20, nat(300)),
  /** Cells that take no room. */
  nothing: array(3, nat(1)),
  empty: array(0, nat(4)),
});

const OBJECTS = [NONE, 0, 1, 2, objectNumber(1, 0), objectNumber(1, 1)];
const upTo = (size: number): number[] => Array.from({ length: size }, (_, i) => i);

const valuesOf = {
  flags: [false, true],
  small: upTo(5),
  programRefs: [NONE, 0, 1, 2],
  full: upTo(4),
  objects: OBJECTS,
  long: [0, 1, 255, 256, 299],
  nothing: [0],
  empty: [0],
} as const;

type Name = keyof typeof valuesOf;

function cellsOf(memory: RowMemory<typeof schema>, name: Name): Cells<unknown> {
  return memory.after[name];
}

for (const [name, values] of Object.entries(valuesOf) as [Name, readonly (number | boolean)[]][]) {
  test(`${name}: the first cell with a value is found, whatever the others have`, (t) => {
    const memory = new RowMemory(schema);
    const cells = cellsOf(memory, name);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...values), { minLength: cells.length, maxLength: cells.length }),
        fc.constantFrom(0, -1),
        fc.constantFrom(...values),
        (contents, around, wanted) => {
          memory.memory.fill(around);
          contents.forEach((value, i) => {
            cells.set(i, value);
          });
          return (
            cells.indexOf(wanted) === contents.indexOf(wanted) &&
            cells.includes(wanted) === contents.includes(wanted)
          );
        },
      ),
      { numRuns: 2000 },
    );
    t.pass();
  });
}

test('a value that no cell can have is nowhere', (t) => {
  const { small, programRefs, objects } = new RowMemory(schema).after;

  for (const value of [-1, 5, 8, 0.5, Number.NaN]) t.is(small.indexOf(value), -1);
  for (const value of [-2, 3, 4]) t.false(programRefs.includes(value));
  for (const value of [3, objectNumber(1, 2), objectNumber(2, 0), objectNumber(9, 0), -2, 0.5]) {
    t.false(objects.includes(value));
    t.is(objects.indexOf(value), -1);
  }
});

test('all cells of an empty row are NONE or 0', (t) => {
  const { small, objects } = new RowMemory(schema).after;

  t.is(objects.indexOf(NONE), 0);
  t.is(small.indexOf(0), 0);
  t.is(small.indexOf(1), -1);
});
