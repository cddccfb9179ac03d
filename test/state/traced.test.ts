import test from 'ava';
import { array, bool, holds, nat, NONE, RowMemory, struct, table } from '../../model/state/index.js';

/** Bits: three cells of two bits each at 0, `lit` at 6, two things of `live` and three bits of `size` from 7, a reference behind. */
const schema = struct({
  cells: array(3, nat(4)),
  lit: bool,
  things: table(2, { size: nat(8) }),
  kept: array(1, holds('things')),
});

function traced() {
  const memory = new RowMemory(schema, true);
  const { after: s, before } = memory;
  return { memory, s, before, read: () => [...memory.read], written: () => [...memory.written] };
}

test('a traced memory says which bits were read', (t) => {
  const { s, read, written } = traced();
  t.false(s.lit);
  t.is(s.cells.get(1), 0);

  t.deepEqual(read(), [(1 << 6) | (3 << 2), 0]);
  t.deepEqual(written(), [0, 0]);
});

test('a traced memory says which bits were written, and does not count them as read later', (t) => {
  const { s, read, written } = traced();
  s.things[1]!.size = 5;
  t.is(s.things[1]!.size, 5);

  // The second thing begins at bit 11.
  t.deepEqual(written(), [7 << 12, 0]);
  t.deepEqual(read(), [0, 0]);
});

test('what is read in the row before is noted there', (t) => {
  const { before, read } = traced();
  t.false(before.lit);

  t.deepEqual(read(), [0, 1 << 6]);
});

test('clearing a row of a table writes all of it', (t) => {
  const { s, read, written } = traced();
  s.things[0]!.clear();

  t.deepEqual(written(), [15 << 7, 0]);
  t.deepEqual(read(), [0, 0]);
});

test('a search through cells, and the question who holds an object, read all that they look at', (t) => {
  const cells = traced();
  t.is(cells.s.cells.indexOf(3), NONE);
  t.deepEqual(cells.read(), [63, 0]);

  const held = traced();
  const isHeld = held.memory.holderTest(() => true);
  t.false(isHeld(held.s, 1));
  // One reference of three values: two bits at 15.
  t.deepEqual(held.read(), [3 << 15, 0]);
});

test('a memory that is not traced keeps no notes', (t) => {
  const memory = new RowMemory(schema);
  t.false(memory.after.lit);

  t.is(memory.read.length, 0);
  t.is(memory.written.length, 0);
});
