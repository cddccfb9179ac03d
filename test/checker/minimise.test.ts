import test from 'ava';
import { domain, operation } from '../../model/machine/index.js';
import { nat, struct } from '../../model/state/index.js';
import { minimise, minimiseAll } from '../../checker/minimise.js';
import { broken, KEPT, type Property } from '../../checker/property.js';
import { runTrace, SKIPPED } from '../../checker/trace.js';
import {
  brokenMutex,
  counter,
  files,
  grid,
  machineOver,
  mutualExclusion,
  never,
  stepProperty,
  witness,
  type FilesState,
  type StateOf,
} from '../models/tiny.js';
import { brokenTraces, textOf, traceOf } from './traces.js';

type Counter = StateOf<ReturnType<typeof counter>>;
type Grid = StateOf<ReturnType<typeof grid>>;

const [A, B] = [0, 1];

/** The different minimal forms of many long random traces. */
function formsOf<S>(
  machine: Parameters<typeof textOf<S>>[0],
  property: Property<S>,
  options?: Parameters<typeof minimise>[3],
): string[] {
  const forms = brokenTraces(machine, property, 40).map((trace) =>
    textOf(machine, minimise(machine, property, trace, options)).join('; '),
  );
  return [...new Set(forms)];
}

const writesToRemoved: Property<FilesState> = stepProperty(
  ({ before, args, actor }) => {
    const file = before.fds[actor]!.file.get(args[1]!);
    return before.files[file]!.removed ? broken('wrote to a removed file') : KEPT;
  },
  { verbs: ['write'] },
);

test('a mutex is broken by four calls, whatever was found', (t) => {
  t.deepEqual(formsOf(brokenMutex(), mutualExclusion), [
    'A.look() -> ok; B.look() -> ok; A.enter() -> ok; B.enter() -> ok',
  ]);
});

test('a removed file is written to by three calls, whatever was found', (t) => {
  t.deepEqual(formsOf(files(), writesToRemoved), [
    'file = A.open() -> fd3; A.remove(file) -> ok; A.write(file) -> ok',
  ]);
});

test('a walk becomes the straight one that comes first', (t) => {
  // To the right before down: among states equally far away, those farther to the right are found first.
  t.deepEqual(
    formsOf(
      grid(6, 5),
      never<Grid>('there', ({ x, y }) => x === 3 && y === 2),
    ),
    ['right() -> ok; right() -> ok; right() -> ok; down() -> ok; down() -> ok'],
  );
});

test('several traces become together what each becomes alone, and one that shows nothing stays', (t) => {
  const machine = grid(6, 5);
  const at = (x: number, y: number) => never<Grid>(`at ${x}, ${y}`, (s) => s.x === x && s.y === y);
  const [far, near] = [at(3, 2), at(1, 1)];
  const nothing = traceOf(machine, ['down'], ['down']);

  const minimal = minimiseAll(machine, [
    { property: far, trace: brokenTraces(machine, far, 1)[0]! },
    { property: near, trace: nothing },
    { property: near, trace: brokenTraces(machine, near, 1)[0]! },
  ]);

  t.deepEqual(minimal, [
    traceOf(machine, ['right'], ['right'], ['right'], ['down'], ['down']),
    nothing,
    traceOf(machine, ['right'], ['down']),
  ]);
});

test('what needs seven calls keeps seven', (t) => {
  const machine = counter(9);
  const [form, ...others] = formsOf(
    machine,
    never<Counter>('it is 7', ({ count }) => count === 7),
  );

  t.is(form, new Array(7).fill('up() -> ok').join('; '));
  t.deepEqual(others, []);
});

test('how a witness is reached is minimised as well', (t) => {
  const bothRemoved: Property<FilesState> = witness((s) => s.files[0]!.removed && s.files[1]!.removed);
  const [form, ...others] = formsOf(files(), bothRemoved);

  // Two files, each opened and removed.
  t.is(form?.split('; ').length, 4);
  t.deepEqual(others, []);
});

test('what is broken in the first state needs no call', (t) => {
  const machine = counter(3);
  const property = never<Counter>('starts at 0', ({ count }) => count === 0);

  t.deepEqual(minimise(machine, property, traceOf(machine, ['up'], ['up'])), []);
});

test('without a search, calls are left out and arguments made simpler until neither can be', (t) => {
  const machine = files();
  const trace = traceOf(
    machine,
    ['tick', B],
    ['open', B],
    ['open', A],
    ['send', B, { result: 1 }, A],
    ['write', A, { result: 2 }],
    ['remove', A, { result: 3 }],
    ['close', A, { result: 2 }],
    ['write', B, { result: 1 }],
    ['tick', A],
  );

  // What was opened does for what was sent, and B for A; then neither the sending nor the second file is needed.
  t.deepEqual(textOf(machine, minimise(machine, writesToRemoved, trace, { searchStates: 0 })), [
    'file = A.open() -> fd3',
    'A.remove(file) -> ok',
    'A.write(file) -> ok',
  ]);
});

test('calls behind the breach are cut off', (t) => {
  const machine = counter(9);
  const property = never<Counter>('it is 2', ({ count }) => count === 2);
  const trace = traceOf(machine, ['up'], ['up'], ['up'], ['up']);

  t.deepEqual(minimise(machine, property, trace, { searchStates: 0 }), traceOf(machine, ['up'], ['up']));
});

test('calls that cannot be made are left out', (t) => {
  const machine = files();
  const codes: number[] = [];
  // The second descriptor is never handed out, because the first call needs a receiver with room, and has nothing to send.
  const trace = traceOf(
    machine,
    ['send', A, 2, B],
    ['remove', B, { result: 0 }],
    ['open', A],
    ['remove', A, { result: 2 }],
    ['write', A, { result: 2 }],
  );
  runTrace(machine, trace, (_index, code) => void codes.push(code));

  t.is(codes[1], SKIPPED);
  t.deepEqual(textOf(machine, minimise(machine, writesToRemoved, trace, { searchStates: 0 })), [
    'file = A.open() -> fd3',
    'A.remove(file) -> ok',
    'A.write(file) -> ok',
  ]);
});

test('actors are named by first appearance', (t) => {
  const machine = brokenMutex();
  const mirrored = traceOf(machine, ['look', B], ['look', A], ['enter', B], ['enter', A]);

  t.deepEqual(textOf(machine, minimise(machine, mutualExclusion, mirrored, { searchStates: 0 })), [
    'A.look() -> ok',
    'B.look() -> ok',
    'A.enter() -> ok',
    'B.enter() -> ok',
  ]);
});

test('a call that anybody can make goes to the actor that is there already', (t) => {
  const machine = files();
  // Whoever makes time pass in between: the property only speaks of writes after an odd number of ticks.
  const afterATick: Property<FilesState> = stepProperty(
    ({ before }) => (before.ticks === 1 ? broken('wrote after a tick') : KEPT),
    { verbs: ['write'] },
  );
  for (const [first, second] of [
    [A, A],
    [A, B],
    [B, A],
    [B, B],
  ] as const) {
    const trace = traceOf(machine, ['open', first], ['tick', second], ['write', first, { result: 0 }]);

    t.deepEqual(textOf(machine, minimise(machine, afterATick, trace, { searchStates: 0 })), [
      'file = A.open() -> fd3',
      'A.tick() -> ok',
      'A.write(file) -> ok',
    ]);
  }
});

test('with the names exchanged, a trace has the same minimal form', (t) => {
  const machine = files();
  const bothHaveIt: Property<FilesState> = witness(
    (s) => s.fds[A]!.file.get(0) === 0 && s.fds[B]!.file.get(0) === 0 && s.ticks === 1,
  );
  for (const [one, other] of [
    [A, B],
    [B, A],
  ] as const) {
    for (const whoever of [A, B]) {
      const trace = traceOf(machine, ['open', one], ['send', one, { result: 0 }, other], ['tick', whoever]);

      t.deepEqual(textOf(machine, minimise(machine, bothHaveIt, trace, { searchStates: 0 })), [
        'file = A.open() -> fd3',
        'file_B = A.send(file, B) -> fd3',
        'A.tick() -> ok',
      ]);
    }
  }
});

test('an argument is the first value that still shows it', (t) => {
  const machine = machineOver(struct({ value: nat(9) }), {
    operations: [
      operation({
        verb: 'set',
        summary: '',
        params: { value: domain('value', ['0', '1', '2', '3', '4', '5', '6', '7', '8']) },
        effect: (s, value) => void (s.value = value),
      }),
    ],
  });
  const property = never<{ value: number }>('5 or more', ({ value }) => value >= 5);
  const trace = traceOf(machine, ['set', 3], ['set', 8]);

  t.deepEqual(minimise(machine, property, trace, { searchStates: 0 }), traceOf(machine, ['set', 5]));
});

test('a number that was handed out to another is what was handed out to the one who uses it', (t) => {
  const machine = files();
  const [open, remove, write] = ['open', 'remove', 'write'].map((name) => machine.operationIndex(name));
  // Both have it as fd3.
  const trace = [
    { operation: open!, args: [A] },
    { operation: open!, args: [B] },
    { operation: remove!, args: [A, { result: 0 }] },
    { operation: write!, args: [A, { result: 1 }] },
  ];
  t.deepEqual(textOf(machine, minimise(machine, writesToRemoved, trace, { searchStates: 0 })), [
    'file = A.open() -> fd3',
    'A.remove(file) -> ok',
    'A.write(file) -> ok',
  ]);
});

test('a trace that breaks nothing comes back as it is', (t) => {
  const machine = counter(9);
  const trace = traceOf(machine, ['up'], ['up']);

  t.is(
    minimise(
      machine,
      never<Counter>('it is 7', ({ count }) => count === 7),
      trace,
    ),
    trace,
  );
  t.is(
    minimise(
      machine,
      witness<Counter>(({ count }) => count === 7),
      trace,
    ),
    trace,
  );
});

test('a minimal form is its own minimal form', (t) => {
  for (const trace of brokenTraces(files(), writesToRemoved, 10)) {
    const once = minimise(files(), writesToRemoved, trace, { searchStates: 0 });

    t.deepEqual(minimise(files(), writesToRemoved, once, { searchStates: 0 }), once);
  }
});
