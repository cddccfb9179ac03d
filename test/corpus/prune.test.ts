import test from 'ava';
import { fingerprint, pruneDuplicates } from '../../corpus/index.js';
import { OVERRIDE, read, ROOTLET_CASE } from './setting.js';

const RENAMED = `# a comment
case: another title
proposal: netlink-xdp
property: never-overridden
expect: violated
origin: elsewhere

first = A.load(prog)  -> fd3
A.attach(first, eth0) -> ok  # a remark

second = B.load(prog) -> fd3
B.attach(second, eth0) -> ok
packet(eth0) -> second
`;

test('names of results, comments, title and origin are no difference between two cases', (t) => {
  t.is(fingerprint(read(RENAMED)), fingerprint(read(OVERRIDE)));
});

test('anything else is', (t) => {
  const different = [
    OVERRIDE,
    OVERRIDE.replace('netlink-xdp', 'expected-fd'),
    OVERRIDE.replace('never-overridden', 'another'),
    OVERRIDE.replace('violated', 'kept'),
    OVERRIDE.replace('expect:', 'bounds: fds=3\nexpect:'),
    OVERRIDE.replace('expect:', 'without: fd-is-open\nexpect:'),
    OVERRIDE.replace('B.attach(prog2', 'B.attach(fd3'),
    OVERRIDE.replace('-> prog2', '-> prog1'),
    OVERRIDE.replace('-> prog2', ''),
    OVERRIDE.replace('packet(eth0)                    -> prog2\n', ''),
  ].map((text) => fingerprint(read(text)));

  t.is(new Set(different).size, different.length);
});

test('of cases that say the same, the first by path is kept', (t) => {
  const cases = [
    { file: 'p/x-2.case', case: read(RENAMED) },
    { file: 'p/other.case', case: read(ROOTLET_CASE) },
    { file: 'p/x.case', case: read(OVERRIDE) },
    { file: 'p/x-3.case', case: read(OVERRIDE) },
  ];

  t.deepEqual(pruneDuplicates(cases), [
    { file: 'p/x-2.case', keeps: 'p/x.case' },
    { file: 'p/x-3.case', keeps: 'p/x.case' },
  ]);
});
