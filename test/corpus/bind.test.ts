import test from 'ava';
import { readFileSync } from 'node:fs';
import { tcFilterProposal } from '../../model/proposals/tc-filter.js';
import { btfCopy } from '../../model/proposals/btf-copy.js';
import { expectedFd } from '../../model/proposals/expected-fd.js';
import { machineOf } from '../../model/proposals/proposal.js';
import { bindCase } from '../../corpus/index.js';
import { complaint, machineFor, OVERRIDE, read, ROOTLET_CASE, withLine } from './setting.js';

function bound(text: string) {
  const found = read(text);
  return bindCase(found, machineFor(found));
}

function operationsOf(text: string): string[] {
  const found = read(text);
  const machine = machineFor(found);
  return bindCase(found, machine).trace.map(({ operation }) => machine.operations[operation]!.name);
}

test('names become references to the calls that gave them, and other words values', (t) => {
  const { trace, names, expected } = bound(OVERRIDE);

  t.deepEqual(
    trace.map(({ args }) => args),
    [[0, 0], [0, { result: 0 }, 0], [1, 0], [1, { result: 2 }, 0], [0]],
  );
  t.deepEqual(
    [...names],
    [
      [0, 'prog1'],
      [2, 'prog2'],
    ],
  );
  t.deepEqual(expected, ['fd3', 'ok', 'fd3', 'ok', 'prog2']);
});

test('of the forms of a verb, the one is meant that the arguments fit', (t) => {
  t.deepEqual(operationsOf(ROOTLET_CASE), ['load', 'load-extension', 'attach-extension', 'attach', 'packet']);
});

test('an operation can be called by its own name', (t) => {
  const text = withLine(ROOTLET_CASE, 8, 'link = A.attach-extension(fw1) -> fd5');

  t.deepEqual(operationsOf(text), ['load', 'load-extension', 'attach-extension', 'attach', 'packet']);
});

test('a name given again means the later number', (t) => {
  const text = `${OVERRIDE}A.close(prog1)\nprog1 = A.load(prog)\nA.close(prog1)\n`;

  t.deepEqual(
    bound(text)
      .trace.slice(5)
      .map(({ args }) => args),
    [
      [0, { result: 0 }],
      [0, 0],
      [0, { result: 6 }],
    ],
  );
});

test('a descriptor that was sent belongs to the one who received it', (t) => {
  const text = `${OVERRIDE}copy = A.send(prog1, B) -> fd4\nB.close(copy) -> ok\n`;

  t.deepEqual(bound(text).trace.at(-1)!.args, [1, { result: 5 }]);
});

test('a number can be written as it is, for a call that is meant to be wrong', (t) => {
  t.deepEqual(bound(`${OVERRIDE}A.close(fd7) -> EBADF\n`).trace.at(-1)!.args, [0, 4]);
});

test('a missing value is written none', (t) => {
  const text = `${OVERRIDE}A.replace(none, prog1, eth0)\n`;
  const { trace } = bindCase(read(text), machineOf(expectedFd));

  t.deepEqual(trace.at(-1)!.args, [0, -1, { result: 0 }, 0]);
});

test('a handle is a number of everybody', (t) => {
  const text = `case: t
proposal: tc-filter
property: q
expect: kept

A.create_qdisc(eth0)
f = A.load(filter)
h = A.attach(f, eth0)
B.detach(h)
`;

  t.deepEqual(bindCase(read(text), machineOf(tcFilterProposal)).trace.at(-1)!.args, [1, { result: 2 }]);
});

test('an outcome of a larger machine is no mistake', (t) => {
  t.is(bound(withLine(OVERRIDE, 6, 'prog1 = A.load(prog) -> fd99')).expected[0], 'fd99');
});

const complaints: readonly (readonly [what: string, line: number, content: string, expected: string])[] = [
  [
    'an unknown verb',
    7,
    'A.atach(prog1, eth0)',
    "7:3: 'netlink-xdp' has no operation 'atach'; did you mean 'attach'?",
  ],
  ['an unknown actor', 7, 'a.attach(prog1, eth0)', "7:1: there is no process 'a'; did you mean 'A'?"],
  [
    'a call without its actor',
    7,
    'attach(prog1, eth0)',
    "7:1: somebody must call 'attach'; write who does, as in 'A.attach(…)'",
  ],
  ['an actor of a call that has none', 10, 'A.packet(eth0)', "10:1: nobody calls 'packet'; leave out 'A.'"],
  [
    'a wrong number of arguments',
    7,
    'A.attach(prog1)',
    "7:3: 'attach' does not take one argument; write A.attach(program, device)",
  ],
  [
    'an unknown value',
    7,
    'A.attach(prog1, eht0)',
    "7:17: 'eht0' cannot be the device of 'attach', which is a device; did you mean 'eth0'?",
  ],
  [
    'an unknown name',
    7,
    'A.attach(prg1, eth0)',
    "7:10: 'prg1' cannot be the program of 'attach', which is a descriptor; did you mean 'prog1'?",
  ],
  [
    'a name that is given later',
    7,
    'B.attach(prog2, eth0)',
    "7:10: 'prog2' cannot be the program of 'attach', which is a descriptor; " +
      'it is the result of line 8, and can only be used below that',
  ],
  [
    "another process's descriptor",
    9,
    'B.attach(prog1, eth0)',
    "9:10: 'prog1' is a descriptor of A; send it to B first",
  ],
  [
    'a name for nothing',
    7,
    'link = A.attach(prog1, eth0)',
    "7:1: 'attach' hands out nothing that could be called 'link'; leave out 'link ='",
  ],
  [
    'a name that is a number',
    8,
    'fd3 = B.load(prog)',
    "8:1: 'fd3' is a value, and cannot be a name; choose another name for the result",
  ],
  [
    'an unknown errno',
    7,
    'A.attach(prog1, eth0)  -> EBUSSY',
    "7:27: a call cannot come to 'EBUSSY'; did you mean 'EBUSY'?",
  ],
  [
    'an outcome in lower case',
    7,
    'A.attach(prog1, eth0)  -> ebusy',
    "7:27: a call cannot come to 'ebusy'; did you mean 'EBUSY'?",
  ],
];

for (const [what, line, content, expected] of complaints) {
  test(`${what} is complained about where it stands, with what would be right`, (t) => {
    t.is(
      complaint(() => bound(withLine(OVERRIDE, line, content))),
      `a.case:${expected}`,
    );
  });
}

test('all forms are shown of a verb that has several', (t) => {
  const text = withLine(ROOTLET_CASE, 7, 'fw1 = A.load(rootlet, fw1)');

  t.is(
    complaint(() => bound(text)),
    "a.case:7:9: 'load' does not take 2 arguments; write A.load(program) or A.load(target, subprogram, program)",
  );
});

test('a verb that was switched off is not called unknown', (t) => {
  const text = withLine(OVERRIDE, 5, 'without: attach');

  t.is(
    complaint(() => bound(text)),
    "a.case:7:3: 'netlink-xdp' has no operation 'attach'; it is switched off; remove it from 'without'",
  );
});

test('a call that can be read in two ways is complained about', (t) => {
  const text = `case: t
proposal: btf-copy
property: q
expect: kept

eth0 = A.load(rootlet)
A.attach(eth0, eth0)
`;

  t.is(
    complaint(() => bindCase(read(text), machineOf(btfCopy))),
    "a.case:7:3: 'attach' can be read as A.attach(program, device) and as A.attach(program, target); " +
      'give another name to the result that is called like a value',
  );
});

test('an actor beyond the bounds of the case is complained about with those there are', (t) => {
  const text = withLine(withLine(OVERRIDE, 5, 'bounds: processes=2'), 7, 'C.attach(prog1, eth0)');

  t.is(
    complaint(() => bound(text)),
    "a.case:7:1: there is no process 'C'; known here: A, B",
  );
});

test('the example of the documentation fits the proposal it is about', (t) => {
  const [, example] = readFileSync('docs/corpus.md', 'utf8').split(/^```\n/m);
  const { trace, names } = bound(example!);

  t.is(trace.length, 5);
  t.deepEqual([...names.values()], ['prog1', 'prog2']);
});
