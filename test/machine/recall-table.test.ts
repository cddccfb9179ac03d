import test from 'ava';
import { RecallTable } from '../../model/machine/recall-table.js';
import type { Draft } from '../../model/machine/outcomes.js';

const NONE = new Int32Array(40);

/** Asks a table of rows of one word what comes of all calls in a row: pairs of a call and a successor. */
function asked(table: RecallTable, calls: number, row: number, isAll = true): number[][] {
  const rows = Int32Array.of(row);
  const [out, numbers] = [new Int32Array(calls), new Uint16Array(calls)];
  table.mark(rows, 0, 0, isAll);
  const n = table.write(rows, 0, out, 0, 0, calls, NONE, numbers);
  table.rowDone();
  return Array.from({ length: n }, (_, i) => [numbers[i]! - 1, out[i]!]);
}

for (const apart of [1, 300]) {
  test(`successors come in the order of the calls, without those that repeat if they are not wanted: numbers ${apart} apart`, (t) => {
    const made: number[] = [];
    const calls = 3 * apart + 1;
    // The calls of the first group add bit 0, and bit 1; those of the second do nothing, and add bit 0.
    const make = (group: number, _: Int32Array, _offset: number, draft: Draft): void => {
      made.push(group);
      const change = (bits: number): number => table.outcomes.change([~bits, bits]);
      draft.changes[group * apart] = group === 0 ? change(1) : change(0);
      draft.changes[(group + 2) * apart] = group === 0 ? change(2) : change(1);
    };
    const mask = Int32Array.of(0b11);
    const table = new RecallTable(1, calls, make, () => undefined);
    table.setGroups([
      { serial: 1, numbers: [0, 2 * apart], mask },
      { serial: 2, numbers: [apart, 3 * apart], mask },
    ]);
    const successors = (row: number, isAll = true): number[][] =>
      asked(table, calls, row, isAll).map(([call, to]) => [call! / apart, to!]);

    t.deepEqual(successors(4), [
      [0, 5],
      [1, 4],
      [2, 6],
      [3, 5],
    ]);
    t.is(table.takeLeftOut(), 0);
    // Call 1 leads to the row itself. That calls of two groups lead to the same is not noticed.
    t.deepEqual(successors(12, false), [
      [0, 13],
      [2, 14],
      [3, 13],
    ]);
    t.is(table.takeLeftOut(), 1);
    // Rows 4 and 12 agree in the bits that are read.
    t.deepEqual(made, [0, 1]);
  });
}

test('where calls read more than was known, only what agrees in that as well is taken for the same', (t) => {
  const made: number[] = [];
  const mask = Int32Array.of(0b1);
  const make = (_: number, rows: Int32Array, offset: number, draft: Draft): void => {
    const row = rows[offset]!;
    made.push(row);
    // Bit 1 is looked at if bit 0 is set.
    if ((row & 1) === 1) mask[0]! |= 0b10;
    const bits = (row & 3) === 3 ? 8 : 4;
    draft.changes[0] = table.outcomes.change([~bits, bits]);
  };
  const table = new RecallTable(1, 1, make, () => undefined);
  table.setGroups([{ serial: 1, numbers: [0], mask }]);

  t.deepEqual(
    [0, 2, 1, 3, 1, 3, 0].map((row) => asked(table, 1, row)[0]![1]),
    [4, 6, 5, 11, 5, 11, 4],
  );
  t.deepEqual(made, [0, 1, 3]);
});

test('when it has become too much all is forgotten, but for the counts', (t) => {
  const counts = { told: 0, made: 0 };
  const make = (_: number, _rows: Int32Array, _offset: number, draft: Draft): void => {
    counts.made++;
    draft.changes[0] = table.outcomes.change([-1 << 31, 7]);
    draft.tallies.push(0, 1);
  };
  const mask = Int32Array.of(-1);
  const table = new RecallTable(1, 1, make, (_, count) => {
    counts.told += count;
  });
  table.setGroups([{ serial: 1, numbers: [0], mask }]);
  const [row, out, numbers] = [new Int32Array(1), new Int32Array(1), new Uint16Array(1)];
  const wrong: number[] = [];
  // All rows come twice, the second time backwards. Slots for more than 314,573 of them, two words each, are 2^20; with those for fewer it is 16 MB.
  const rows = 320_000;
  for (let i = 0; i < 2 * rows; i++) {
    row[0] = Math.min(i, 2 * rows - 1 - i);
    table.mark(row, 0, 0, true);
    table.write(row, 0, out, 0, 0, 1, NONE, numbers);
    table.rowDone();
    if (out[0] !== 7) wrong.push(i);
  }
  table.tellAll();

  t.deepEqual(wrong, []);
  t.is(counts.told, 2 * rows);
  // Those that came before it was full are made again.
  t.is(counts.made, rows + 314_574);
});
