import test from 'ava';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { layOut, type Place, type RowLayout, type StructPlace } from '../../model/state/layout.js';
import {
  array,
  bool,
  holds,
  nat,
  refers,
  struct,
  table,
  type Fields,
  type Scalar,
} from '../../model/state/index.js';
import { randomSchemas, sizeOf } from './schemas.js';

/** Some bits of a row that belong to one scalar. */
interface Span {
  readonly word: number;
  readonly bit: number;
  readonly bits: number;
  readonly type: Scalar;
}

function spansOf(place: Place): Span[] {
  switch (place.kind) {
    case 'scalar':
      return [place];
    case 'cells':
      return Array.from({ length: place.length }, (_, i) => ({
        word: place.word + Math.floor(i / place.perWord),
        bit: place.bit + (i % place.perWord) * place.bits,
        bits: place.bits,
        type: place.of,
      }));
    case 'list':
      return place.elements.flatMap(spansOf);
    case 'struct':
      return place.fields.flatMap(([, field]) => spansOf(field));
  }
}

/** Where each field of the state is: `word:bit+width`, for several scalars one after the other. */
function positions(layout: RowLayout): Record<string, string> {
  return Object.fromEntries(
    layout.root.fields.map(([name, place]) => [
      name,
      spansOf(place)
        .map(({ word, bit, bits }) => `${word}:${bit}+${bits}`)
        .join(' '),
    ]),
  );
}

function layOutFields(fields: Fields): RowLayout {
  return layOut(struct(fields));
}

test('a number is as wide as its largest value needs', (t) => {
  const layout = layOutFields({ two: nat(2), three: nat(3), four: nat(4), five: nat(5), most: nat(65536) });

  // 0…1 is 1 bit, 0…2 and 0…3 are 2, 0…4 is 3, 0…65535 is 16.
  t.deepEqual(positions(layout), {
    two: '0:0+1',
    three: '0:1+2',
    four: '0:3+2',
    five: '0:5+3',
    most: '0:8+16',
  });
  t.is(layout.words, 1);
});

test('a reference is as wide as the places it can name, and NONE, need', (t) => {
  const layout = layOutFields({
    threes: table(3, {}),
    fours: table(4, {}),
    toThree: refers('threes'),
    toFour: holds('fours'),
    toSeven: holds('threes', 'fours'),
  });

  // 7 rows with a bit for `live` each; then 1 + 3 = 4 values, 1 + 4 = 5, and 1 + 3 + 4 = 8.
  t.deepEqual(positions(layout), {
    threes: '0:0+1 0:1+1 0:2+1',
    fours: '0:3+1 0:4+1 0:5+1 0:6+1',
    toThree: '0:7+2',
    toFour: '0:9+3',
    toSeven: '0:12+3',
  });
});

test('what has one value, or no places, takes no room', (t) => {
  const layout = layOutFields({
    only: nat(1),
    nobody: table(0, { much: nat(65536) }),
    toNobody: holds('nobody'),
    toNothing: refers(),
    noCells: array(0, nat(65536)),
    onlys: array(40, nat(1)),
    flag: bool,
  });

  t.deepEqual(positions(layout), {
    only: '0:0+0',
    nobody: '',
    toNobody: '0:0+0',
    toNothing: '0:0+0',
    noCells: '',
    onlys: Array.from({ length: 40 }, () => '0:0+0').join(' '),
    flag: '0:0+1',
  });
});

test('a state without anything to remember still has a word', (t) => {
  t.is(layOutFields({}).words, 1);
  t.is(layOutFields({ only: nat(1) }).words, 1);
});

test('a field that does not fit into what is left of a word starts at the next', (t) => {
  // 12 + 12 leaves 8 bits; the third is the first of a word of its own, and the flag follows it there.
  const layout = layOutFields({ a: nat(4096), b: nat(4096), c: nat(4096), flag: bool });

  t.deepEqual(positions(layout), { a: '0:0+12', b: '0:12+12', c: '1:0+12', flag: '1:12+1' });
  t.is(layout.words, 2);
});

test('a word is used to its last bit', (t) => {
  const layout = layOutFields({ a: nat(65536), b: nat(65536), flag: bool });

  t.deepEqual(positions(layout), { a: '0:0+16', b: '0:16+16', flag: '1:0+1' });
  t.is(layOutFields({ a: nat(65536), b: nat(65536) }).words, 1);
});

test('a struct of up to 32 bits is not torn apart', (t) => {
  // 16 bits are left, the pair needs 20.
  const layout = layOutFields({ a: nat(65536), pair: struct({ x: nat(4096), y: nat(256) }), z: nat(4096) });

  t.deepEqual(positions(layout), { a: '0:0+16', pair: '1:0+12 1:12+8', z: '1:20+12' });
});

test('a struct of more than 32 bits starts at a word of its own', (t) => {
  const layout = layOutFields({
    a: bool,
    big: struct({ x: nat(65536), y: nat(65536), z: bool }),
    flag: bool,
  });

  t.deepEqual(positions(layout), { a: '0:0+1', big: '1:0+16 1:16+16 2:0+1', flag: '2:1+1' });
});

test('an array of scalars of up to 32 bits is not torn apart', (t) => {
  // 3 × 10 bits after 3: 33.
  const layout = layOutFields({ a: nat(5), list: array(3, nat(1024)), flag: bool });

  t.deepEqual(positions(layout), { a: '0:0+3', list: '1:0+10 1:10+10 1:20+10', flag: '1:30+1' });
});

test('a longer array of scalars has as many to a word as fit, and what follows uses the rest of its last word', (t) => {
  // 3 × 10 bits to a word, 2 bits unused.
  const layout = layOutFields({ a: bool, list: array(5, nat(1024)), rest: nat(4096), more: bool });

  t.deepEqual(positions(layout), {
    a: '0:0+1',
    list: '1:0+10 1:10+10 1:20+10 2:0+10 2:10+10',
    rest: '2:20+12',
    more: '3:0+1',
  });
});

test('each row of a table stands in one word if it can', (t) => {
  // A row is 1 + 12 bits: two to a word, 6 bits unused.
  const layout = layOutFields({ rows: table(3, { value: nat(4096) }) });

  t.deepEqual(positions(layout), { rows: '0:0+1 0:1+12 0:13+1 0:14+12 1:0+1 1:1+12' });
});

test('tables are numbered in the order in which they are declared', (t) => {
  const { tables } = layOutFields({ b: table(2, {}), between: bool, a: table(1, {}) });

  t.deepEqual(tables, [
    { name: 'b', number: 0, length: 2 },
    { name: 'a', number: 1, length: 1 },
  ]);
});

test('a reference to a table that is not there is an error that names those that are', (t) => {
  const error = t.throws(
    () => layOutFields({ links: table(1, {}), maps: table(1, {}), link: refers('link') }),
    {
      instanceOf: RangeError,
    },
  );

  t.is(error.message, "a reference names the table 'link', but the state's tables are: links, maps");
});

test('sizes that cannot be packed are refused when they are declared', (t) => {
  for (const size of [0, -1, 1.5, 65537, Number.NaN]) {
    t.throws(() => nat(size), { instanceOf: RangeError, message: /^nat\(/ });
  }
  for (const length of [-1, 0.5, 257]) {
    t.throws(() => array(length, bool), { instanceOf: RangeError, message: /^array\(/ });
    t.throws(() => table(length, {}), { instanceOf: RangeError, message: /^table\(/ });
  }
  t.notThrows(() => [nat(65536), array(256, bool), table(256, {})]);
});

test('whatever the schema, each scalar has as many bits as its values need, all in one word, and shares none', (t) => {
  const property = fc.property(randomSchemas, ({ schema, tables }) => {
    const layout = layOut(schema);
    const taken = new Set<number>();
    for (const { word, bit, bits, type } of spansOf(layout.root)) {
      assert.equal(bits, Math.ceil(Math.log2(sizeOf(type, tables))));
      assert.ok(bit + bits <= 32);
      for (let i = bit; i < bit + bits; i++) {
        assert.ok(word < layout.words && !taken.has(word * 32 + i));
        taken.add(word * 32 + i);
      }
    }
  });

  t.notThrows(() => fc.assert(property, { seed: 1, numRuns: 100 }));
});

test('a struct knows where it starts', (t) => {
  const { root } = layOutFields({ a: nat(65536), pair: struct({ x: nat(4096), y: nat(256) }) });
  const pair = root.fields[1]![1] as StructPlace;

  t.deepEqual([pair.word, pair.bit, pair.path], [1, 0, 'pair']);
});
