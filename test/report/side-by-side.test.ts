import test from 'ava';
import { createLook, createPaint } from '../../report/look.js';
import { showSideBySide, type SideBySide } from '../../report/side-by-side.js';

const two: SideBySide = {
  label: { title: 'step', cells: ['A loads prog', 'A attaches prog', 'a packet'] },
  columns: [
    { title: 'netlink-xdp', cells: ['ok', 'ok', 'prog'] },
    { title: 'link-fd', cells: ['ok', 'EBUSY\ndevice-is-free', 'nothing'] },
  ],
  firstDivergence: 1,
};

test('columns stand beside each other, and the first row in which they differ is marked', (t) => {
  t.deepEqual(showSideBySide(two, createLook()), [
    '   step             netlink-xdp  link-fd',
    '   A loads prog     ok           ok',
    '▶  A attaches prog  ok           EBUSY',
    '                                 device-is-free',
    '   a packet         prog         nothing',
  ]);
});

test('where nothing differs there is no mark, and no room for one', (t) => {
  t.deepEqual(
    showSideBySide({ ...two, firstDivergence: undefined }, createLook())[1],
    'A loads prog     ok           ok',
  );
});

test('without Unicode the mark is plain ASCII', (t) => {
  t.is(showSideBySide(two, createLook({ unicode: false }))[2], '>  A attaches prog  ok           EBUSY');
});

test('columns that are too many for the width stand in blocks one below the other, as even as they can be', (t) => {
  const five: SideBySide = {
    label: { title: 'step', cells: ['first', 'second'] },
    columns: ['a', 'b', 'c', 'd', 'e'].map((name) => ({
      title: `${name}-design`,
      cells: ['yes', `${name} says no`],
    })),
  };
  // The label takes 6, a column 10 and 2 between: 30 hold two columns, not three.
  t.deepEqual(showSideBySide(five, createLook({ width: 30 })), [
    'step    a-design   b-design',
    'first   yes        yes',
    'second  a says no  b says no',
    '',
    'step    c-design   d-design',
    'first   yes        yes',
    'second  c says no  d says no',
    '',
    'step    e-design',
    'first   yes',
    'second  e says no',
  ]);
});

test('long cells are broken between words, and long titles after a hyphen', (t) => {
  const long: SideBySide = {
    label: { title: '', cells: ['replace'] },
    columns: [
      { title: 'a-design-with-quite-a-long-name', cells: ['cannot be said: there is no update in place'] },
    ],
  };
  t.deepEqual(showSideBySide(long, createLook()), [
    '         a-design-with-',
    '         quite-a-long-name',
    'replace  cannot be said: there is',
    '         no update in place',
  ]);
});

test('a word that is longer than a column is wide is not cut', (t) => {
  const address = 'https://lore.kernel.org/bpf/20191115230229.qd6plwnvrmcm4pfo/';
  const lines = showSideBySide(
    { label: { title: '', cells: ['source'] }, columns: [{ title: 'x', cells: [address] }] },
    createLook({ width: 40 }),
  );
  t.true(lines.some((line) => line.endsWith(address)));
});

test('colours take no room, and the marked row is yellow', (t) => {
  const paint = createPaint(true);
  const painted: SideBySide = {
    ...two,
    columns: [
      two.columns[0]!,
      { title: 'link-fd', cells: ['ok', `EBUSY\n${paint.dim('device-is-free')}`, 'nothing'] },
    ],
  };
  const lines = showSideBySide(painted, createLook({ paint }));
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  const plain = lines.map((line) => line.replaceAll(/\u001B\[\d+m/g, '').trimEnd());
  t.deepEqual(plain, showSideBySide(two, createLook()));
  t.true(lines[2]!.startsWith('\u001B[33m▶\u001B[39m'));
  t.true(lines[3]!.includes('\u001B[2m'), 'what a cell brings along stays');
});

test('a row may be without cells', (t) => {
  const lines = showSideBySide(
    { label: { title: '', cells: ['one', 'two'] }, columns: [{ title: 'ends early', cells: ['ok'] }] },
    createLook(),
  );
  t.deepEqual(lines, ['     ends early', 'one  ok', 'two']);
});

test('columns are narrower where that makes fewer blocks', (t) => {
  const cells = ['no descriptor of the link'];
  const three = {
    label: { title: '', cells: ['step'] },
    columns: ['a', 'b', 'c'].map((title) => ({ title, cells })),
  };
  // 25 characters a cell: two fit 55 columns, three do not, nor in 16; in 13 they do.
  t.deepEqual(showSideBySide(three, createLook({ width: 55 })), [
    '      a              b              c',
    'step  no descriptor  no descriptor  no descriptor',
    '      of the link    of the link    of the link',
  ]);
});

test('an indented line stays so', (t) => {
  const lines = showSideBySide(
    { label: { title: '', cells: ['1 a call\n  and its rest'] }, columns: [{ title: 'x', cells: ['ok'] }] },
    createLook(),
  );
  t.deepEqual(lines, ['                x', '1 a call        ok', '  and its rest']);
});
