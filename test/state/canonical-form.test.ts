import test from 'ava';
import fc from 'fast-check';
import {
  array,
  bool,
  compileCanonicalForm,
  compileOrbitMark,
  holds,
  nat,
  refers,
  RowMemory,
  struct,
  swapsOf,
  symmetryOf,
  table,
  toPlain,
  type Plain,
  type Struct,
  type ValueOf,
} from '../../model/state/index.js';

/** A row with what `fill` writes into it, and everything about its symmetry. */
function rowOf<S extends Struct>(schema: S, fill: (state: ValueOf<S>) => void) {
  const memory = new RowMemory(schema);
  const symmetry = symmetryOf(schema, memory.layout);
  if (!symmetry) throw new Error('nothing is interchangeable');
  const canonicalise = compileCanonicalForm(symmetry);
  fill(memory.after);
  const row = memory.memory.slice(0, memory.words);
  const plain = (of: Int32Array): Plain => {
    memory.memory.set(of);
    return toPlain(memory, memory.after);
  };
  const form = (of: Int32Array): Int32Array | undefined => {
    const written = new Int32Array(memory.words);
    return canonicalise(of, 0, written, 0) ? written : undefined;
  };
  return { row, plain, form, swaps: swapsOf(symmetry), mark: compileOrbitMark(symmetry) };
}

/** Everything that comes of a row by swaps. */
function orbitOf(row: Int32Array, swaps: ReturnType<typeof swapsOf>): Set<string> {
  const found = new Set([row.join()]);
  const open = [row];
  for (let at; (at = open.pop());) {
    for (const swap of swaps) {
      const swapped = at.slice();
      swap(swapped);
      if (found.has(swapped.join())) continue;
      found.add(swapped.join());
      open.push(swapped);
    }
  }
  return found;
}

const files = struct({
  files: table(3, { size: nat(3) }, { interchangeable: 'allocated' }),
  tasks: table(2, { fds: array(2, holds('files'), { interchangeable: true }) }, { interchangeable: 'named' }),
});

test('rows that differ by the numbers of things have one form', (t) => {
  const one = rowOf(files, (s) => {
    s.files[0]!.live = s.files[2]!.live = true;
    s.files[2]!.size = 1;
    s.tasks[0]!.fds.set(1, 2);
    s.tasks[1]!.fds.set(0, 0);
  });
  const other = rowOf(files, (s) => {
    s.files[0]!.live = s.files[1]!.live = true;
    s.files[0]!.size = 1;
    s.tasks[0]!.fds.set(1, 1);
    s.tasks[1]!.fds.set(1, 0);
  });

  t.deepEqual(one.form(one.row), other.form(other.row));
  t.is(one.mark(one.row, 0), other.mark(other.row, 0));
});

test('rows that differ in who has what have two forms', (t) => {
  const apart = rowOf(files, (s) => {
    s.files[0]!.live = s.files[1]!.live = true;
    s.tasks[0]!.fds.set(0, 0);
    s.tasks[1]!.fds.set(0, 1);
  });
  const together = rowOf(files, (s) => {
    s.files[0]!.live = s.files[1]!.live = true;
    s.tasks[0]!.fds.set(0, 0);
    s.tasks[0]!.fds.set(1, 1);
  });

  t.notDeepEqual(apart.form(apart.row), together.form(together.row));
});

test('where colours alone do not tell things apart, breaking the tie does', (t) => {
  const filled = (fds: readonly (readonly number[])[]) =>
    rowOf(files, (s) => {
      s.files[0]!.live = s.files[1]!.live = true;
      fds.forEach((list, i) => list.forEach((file, fd) => s.tasks[i]!.fds.set(fd, file)));
    });
  // Each task has two descriptors and each file is open twice in both.
  const shared = filled([
    [0, 1],
    [0, 1],
  ]);
  const own = filled([
    [0, 0],
    [1, 1],
  ]);

  t.notDeepEqual(shared.form(shared.row), own.form(own.row));
  const crossed = filled([
    [1, 1],
    [0, 0],
  ]);
  t.deepEqual(own.form(own.row), crossed.form(crossed.row));
});

test('free places and empty descriptors come last', (t) => {
  const { row, form, plain } = rowOf(files, (s) => {
    s.files[2]!.live = true;
    s.files[2]!.size = 2;
    s.tasks[1]!.live = true;
    s.tasks[1]!.fds.set(1, 2);
  });

  const { files: places, tasks } = plain(form(row)!) as { files: Plain[]; tasks: { fds: Plain }[] };
  t.deepEqual(places, [
    { live: true, size: 2 },
    { live: false, size: 0 },
    { live: false, size: 0 },
  ]);
  t.true(tasks.some(({ fds }) => JSON.stringify(fds) === '[0,-1]'));
});

test('a row has no form while a free place is named or has something in it', (t) => {
  const named = rowOf(files, (s) => s.tasks[0]!.fds.set(0, 1));
  const filled = rowOf(files, (s) => void (s.files[1]!.size = 1));
  const free = rowOf(files, () => undefined);

  t.is(named.form(named.row), undefined);
  t.is(filled.form(filled.row), undefined);
  t.is(named.mark(named.row, 0), 0);
  t.not(free.form(free.row), undefined);
});

/** Everything that can be interchangeable, in rows of several words. */
const everything = struct({
  flag: bool,
  boxes: table(
    3,
    {
      weight: nat(70_000 >> 1),
      inside: refers('boxes'),
      colour: nat(3, { of: 'colours' }),
      seenBy: array(2, nat(5), { each: 'people' }),
      labels: array(3, nat(4), { interchangeable: true }),
    },
    { interchangeable: 'allocated' },
  ),
  shelves: table(2, { box: refers('boxes') }),
  people: table(
    2,
    { likes: nat(3, { of: 'colours' }), at: refers('shelves', 'boxes') },
    { interchangeable: 'named' },
  ),
  prices: array(3, nat(9), { each: 'colours' }),
  marks: array(2, refers('people', 'boxes'), { interchangeable: true }),
  newest: refers('boxes'),
});

test('a form is the row with things swapped, and all swapped rows have one mark', (t) => {
  const numbers = fc.array(fc.nat({ max: 1000 }), { minLength: 60, maxLength: 60 });
  fc.assert(
    fc.property(numbers, ([...numbers]) => {
      const draw = (below: number): number => numbers.pop()! % below;
      const { row, form, swaps, mark } = rowOf(everything, (s) => {
        const live = 1 + draw(3);
        s.flag = draw(2) === 1;
        s.boxes.slice(0, live).forEach((box) => {
          box.live = true;
          box.weight = draw(2);
          box.inside = draw(live + 1) - 1;
          box.colour = draw(3);
          for (let i = 0; i < 2; i++) box.seenBy.set(i, draw(2));
          for (let i = 0; i < 3; i++) box.labels.set(i, draw(2));
        });
        for (const shelf of s.shelves) shelf.box = draw(live + 1) - 1;
        for (const person of s.people) {
          person.likes = draw(3);
          // An object number: shelves are the second table.
          if (draw(2) === 1) person.at = 256 + draw(2);
        }
        for (let i = 0; i < 3; i++) s.prices.set(i, draw(2));
        if (draw(2) === 1) s.marks.set(draw(2), 512 + draw(2));
        s.newest = draw(live + 1) - 1;
      });
      const found = form(row);
      const orbit = orbitOf(row, swaps);

      t.true(orbit.has(found!.join()));
      for (const other of orbit) {
        const swapped = Int32Array.from(other.split(',').map(Number));
        t.is(mark(swapped, 0), mark(row, 0));
        t.true(orbit.has(form(swapped)!.join()));
      }
    }),
    { numRuns: 20, seed: 1 },
  );
});

test('what cannot be swapped is said where it is declared', (t) => {
  const within = (fields: Parameters<typeof struct>[0]) => () => {
    const schema = struct(fields);
    return symmetryOf(schema, new RowMemory(schema).layout);
  };

  t.throws(within({ list: array(2, struct({ on: bool }), { interchangeable: true }) }), {
    message: /list: only arrays of numbers, booleans and references/,
  });
  t.throws(within({ inner: struct({ places: table(2, {}, { interchangeable: 'named' }) }) }), {
    message: /inner\.places: only a table at the top level/,
  });
  t.throws(within({ one: array(2, bool, { each: 'hooks' }), other: array(3, bool, { each: 'hooks' }) }), {
    message: "there are 2 of 'hooks', not 3",
  });
});

test('a schema that says nothing of swaps has no symmetry', (t) => {
  const schema = struct({ list: array(2, bool), places: table(2, {}) });

  t.is(symmetryOf(schema, new RowMemory(schema).layout), undefined);
});
