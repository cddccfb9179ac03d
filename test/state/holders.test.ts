import test from 'ava';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import {
  array,
  bool,
  holds,
  holdsIn,
  nat,
  NONE,
  objectNumber,
  refers,
  RowMemory,
  struct,
  table,
  tableOf,
} from '../../model/state/index.js';
import { fill, leavesOf, objectReferredTo, randomChoices, randomSchemas } from './schemas.js';

const schema = struct({
  programs: table(2, { target: holds('programs'), hint: refers('programs') }),
  links: table(2, { program: holds('programs') }),
  pins: array(2, holds('programs', 'links')),
  count: nat(5),
  flag: bool,
});

const PROGRAM1 = objectNumber(0, 1);
const LINK1 = objectNumber(1, 1);

test('an object is held while a reference that holds names it', (t) => {
  const memory = new RowMemory(schema);
  const isHeld = memory.holderTest(() => true);
  t.false(isHeld(memory.after, PROGRAM1));

  memory.after.pins.set(1, PROGRAM1);
  t.true(isHeld(memory.after, PROGRAM1));
  t.false(isHeld(memory.after, objectNumber(0, 0)), 'the other program');
  t.false(isHeld(memory.after, LINK1), 'the link with the same index');

  memory.after.links[0]!.program = 1;
  memory.after.pins.set(1, LINK1);
  t.true(isHeld(memory.after, PROGRAM1), 'by the link');
  t.true(isHeld(memory.after, LINK1), 'by the pin');

  memory.after.links[0]!.clear();
  t.false(isHeld(memory.after, PROGRAM1));
});

test('a reference that does not hold keeps nothing', (t) => {
  const memory = new RowMemory(schema);
  memory.after.programs[0]!.hint = 1;

  t.false(memory.holderTest(() => true)(memory.after, PROGRAM1));
});

test('a reference that holds in some of its tables keeps nothing in the others', (t) => {
  const memory = new RowMemory(
    struct({
      programs: table(2, {}),
      maps: table(2, {}),
      places: array(2, holdsIn(['programs'], 'maps', 'programs')),
    }),
  );
  const isHeld = memory.holderTest(() => true);
  memory.after.places.set(0, PROGRAM1);
  memory.after.places.set(1, objectNumber(1, 1));

  t.true(isHeld(memory.after, PROGRAM1));
  t.false(isHeld(memory.after, objectNumber(1, 1)));
});

test('nothing is held that is no object', (t) => {
  const memory = new RowMemory(schema);
  const isHeld = memory.holderTest(() => true);
  for (const object of [NONE, objectNumber(2, 0), objectNumber(200, 0)]) {
    t.false(isHeld(memory.after, object));
  }
});

test('only the references that count are looked at', (t) => {
  const memory = new RowMemory(schema);
  const byLinks = memory.holderTest((path) => path === 'links.program');
  memory.after.pins.set(0, PROGRAM1);
  memory.after.programs[0]!.target = 1;
  t.false(byLinks(memory.after, PROGRAM1));

  memory.after.links[1]!.program = 1;
  t.true(byLinks(memory.after, PROGRAM1));
});

test('what can be switched off is each reference that holds, once, without indices', (t) => {
  t.deepEqual(new RowMemory(schema).holdPaths, ['programs.target', 'links.program', 'pins']);
});

test('a holder in one view holds nothing in the other', (t) => {
  const memory = new RowMemory(schema);
  const isHeld = memory.holderTest(() => true);
  memory.before.pins.set(0, PROGRAM1);

  t.true(isHeld(memory.before, PROGRAM1));
  t.false(isHeld(memory.after, PROGRAM1));
});

test('whatever the schema and the row, an object is held exactly if one of the references that count names it', (t) => {
  const property = fc.property(
    randomSchemas,
    randomChoices,
    fc.func(fc.boolean()),
    ({ schema, tables }, choices, counts) => {
      const memory = new RowMemory(schema);
      const isHeld = memory.holderTest(counts);
      const isHeldAtAll = memory.holderTest(() => true);
      const leaves = leavesOf(schema, memory.before);
      fill(leaves, choices, tables);
      const holders = leaves
        .map((leaf) => ({ ...leaf, object: objectReferredTo(leaf.type, leaf.get(), tables) }))
        .filter(({ type, object }) => {
          const name = Object.keys(tables)[tableOf(object)];
          return type.kind === 'reference' && name !== undefined && type.holds.includes(name);
        });

      Object.values(tables).forEach((length, number) => {
        for (let i = 0; i < length; i++) {
          const object = objectNumber(number, i);
          const holding = holders.filter((holder) => holder.object === object);
          assert.equal(isHeldAtAll(memory.before, object), holding.length > 0);
          assert.equal(
            isHeld(memory.before, object),
            holding.some(({ path }) => counts(path)),
          );
          assert.equal(isHeldAtAll(memory.after, object), false);
        }
      });
    },
  );

  t.notThrows(() => fc.assert(property, { seed: 5, numRuns: 150 }));
});

test('a change test sees a change of its fields, and of no others', (t) => {
  const memory = new RowMemory(schema);
  const { after, before } = memory;
  const linksOrFlag = memory.changeTest(['links', 'flag']);
  t.false(linksOrFlag());

  after.programs[1]!.hint = 0;
  after.pins.set(1, LINK1);
  after.count = 4;
  t.false(linksOrFlag());

  after.links[1]!.live = true;
  t.true(linksOrFlag());
  before.links[1]!.live = true;
  t.false(linksOrFlag());

  after.flag = true;
  t.true(linksOrFlag());
});

test('a change test of no field, or of one without room, sees nothing', (t) => {
  const memory = new RowMemory(struct({ only: nat(1), flag: bool }));
  memory.after.flag = true;

  t.false(memory.changeTest([])());
  t.false(memory.changeTest(['only'])());
});

test('a change test of a field that is not there is an error', (t) => {
  t.throws(() => new RowMemory(schema).changeTest(['count', 'program']), {
    instanceOf: RangeError,
    message: "the state has no field 'program'",
  });
});

test('whatever the schema, a change test compares what a view shows of its fields', (t) => {
  const property = fc.property(
    randomSchemas,
    randomChoices,
    fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 3 }),
    fc.subarray(['ones', 'twos', 'none', 'rest']),
    ({ schema, tables }, choices, changes, names) => {
      const memory = new RowMemory(schema);
      const before = leavesOf(schema, memory.before);
      const after = leavesOf(schema, memory.after);
      fill(before, choices, tables);
      fill(after, choices, tables);
      for (const [which, choice] of changes) {
        const changed = after.slice(which % after.length, (which % after.length) + 1);
        fill(changed, [choice], tables);
      }
      const differ = after.some(
        (leaf, i) => names.includes(leaf.path.split('.')[0]!) && leaf.get() !== before[i]!.get(),
      );

      assert.equal(memory.changeTest(names)(), differ);
    },
  );

  t.notThrows(() => fc.assert(property, { seed: 6, numRuns: 200 }));
});
