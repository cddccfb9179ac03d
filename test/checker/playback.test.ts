import test from 'ava';
import { domain, guard, operation, optional, possible, refuse } from '../../model/machine/index.js';
import { nat, NONE, struct } from '../../model/state/index.js';
import { callText, namedObjects, outcomeText, play, valueText } from '../../checker/playback.js';
import { files, machineOver } from '../models/tiny.js';
import { textOf, traceOf } from './traces.js';

const [A, B] = [0, 1];

/** A lamp that can be turned to three levels by one of two people, and looked at by nobody in particular. */
const lamp = machineOver(struct({ level: nat(3), broken: nat(2) }), {
  name: 'lamp',
  initial: (s) => void (s.level = 1),
  facts: (s) => [`the lamp is at ${s.level}`, ...(s.broken === 1 ? ['the lamp is broken'] : [])],
  sight: (_s, seen) => seen.map((level) => ['dark', 'dim', 'bright'][level]!),
  operations: [
    operation({
      verb: 'turn',
      name: 'turn-lamp',
      summary: '',
      params: {
        actor: domain('person', ['Ann', 'Bob']),
        level: optional(domain('level', ['off', 'low', 'high'])),
      },
      possible: [possible('actor-is-tall', (_s, actor: number) => actor === 0)],
      guards: [guard('is-whole', 'EPERM', (s) => s.broken === 0)],
      effect(s, _actor, level) {
        if (level === 2) s.broken = 1;
        if (level === NONE) return refuse('EINVAL');
        s.level = level;
        return undefined;
      },
    }),
    operation({ verb: 'see', summary: '', params: {}, observe: (s) => [s.level] }),
  ],
});

const LOW = 1;
const HIGH = 2;

test('a playback says all that is true at first and after each call', (t) => {
  const { initialFacts, steps } = play(
    lamp,
    traceOf(lamp, ['turn-lamp', A, 0], ['see'], ['turn-lamp', A, HIGH]),
  );

  t.deepEqual(initialFacts, ['the lamp is at 1']);
  t.deepEqual(
    steps.map(({ facts }) => facts),
    [['the lamp is at 0'], ['the lamp is at 0'], ['the lamp is at 2', 'the lamp is broken']],
  );
});

test('a call is played as who called what with which words, and what came of it', (t) => {
  const { steps, machine, initial } = play(
    lamp,
    traceOf(
      lamp,
      ['turn-lamp', A, 0],
      ['see'],
      ['turn-lamp', A, NONE],
      ['turn-lamp', B, LOW],
      ['turn-lamp', A, HIGH],
      ['turn-lamp', A, LOW],
    ),
  );

  t.is(machine, 'lamp');
  t.deepEqual(initial, { level: 1, broken: 0 });
  t.deepEqual(
    steps.map((step) => `${callText(step)} -> ${outcomeText(step.outcome)}`),
    [
      'Ann.turn(off) -> ok',
      'see() -> dark',
      'Ann.turn(none) -> EINVAL',
      'Bob.turn(low) -> impossible',
      'Ann.turn(high) -> ok',
      'Ann.turn(low) -> EPERM',
    ],
  );
  t.deepEqual(
    steps.map(({ outcome }) => outcome),
    [
      { kind: 'ok' },
      { kind: 'saw', words: ['dark'] },
      { kind: 'refused', errno: 'EINVAL', guard: undefined },
      { kind: 'impossible' },
      { kind: 'ok' },
      { kind: 'refused', errno: 'EPERM', guard: 'is-whole' },
    ],
  );
  t.like(steps[0], { actor: 'Ann', operation: 'turn-lamp', verb: 'turn', args: ['off'], result: undefined });
  t.like(steps[1], { actor: undefined, args: [] });
});

test('a step says what is true after it and was not before, and the other way round', (t) => {
  const { steps } = play(lamp, traceOf(lamp, ['turn-lamp', A, LOW], ['turn-lamp', A, HIGH], ['see']));

  t.deepEqual(
    steps.map(({ gained, lost, state }) => ({ gained, lost, state })),
    [
      { gained: [], lost: [], state: { level: 1, broken: 0 } },
      {
        gained: ['the lamp is at 2', 'the lamp is broken'],
        lost: ['the lamp is at 1'],
        state: { level: 2, broken: 1 },
      },
      { gained: [], lost: [], state: { level: 2, broken: 1 } },
    ],
  );
});

test('seeing nothing is said in a word', (t) => {
  t.is(outcomeText({ kind: 'saw', words: [] }), 'nothing');
  t.is(outcomeText({ kind: 'saw', words: ['one', 'two'] }), 'one two');
});

test('a value is written as its domain writes it', (t) => {
  const level = domain('level', ['off', 'low']);

  t.deepEqual(
    [0, 1, NONE, 7].map((value) => valueText(level, value)),
    ['off', 'low', 'none', 'level#7'],
  );
});

const twoFiles = traceOf(
  files(),
  ['open', A],
  ['open', B],
  ['send', A, { result: 0 }, B],
  ['send', B, { result: 1 }, A],
  ['send', A, { result: 0 }, B],
  ['write', B, { result: 2 }],
);

test('objects are numbered where there are several, and a further number for one says whose it is', (t) => {
  t.deepEqual(textOf(files(), twoFiles), [
    'file1 = A.open() -> fd3',
    'file2 = B.open() -> fd3',
    'file1_B = A.send(file1, B) -> fd4',
    'file2_A = B.send(file2, A) -> fd4',
    'file1_B_2 = A.send(file1, B) -> fd5',
    'B.write(file1_B) -> ok',
  ]);
});

test('names that are given are used, and not given again', (t) => {
  const given = new Map([
    [1, 'log'],
    [4, 'file1'],
  ]);

  t.deepEqual(play(files(), twoFiles, given).steps.map(callText), [
    'file1_2 = A.open()',
    'log = B.open()',
    'file1_2_B = A.send(file1_2, B)',
    'log_A = B.send(log, A)',
    'file1 = A.send(file1_2, B)',
    'B.write(file1_2_B)',
  ]);
});

test('the objects of a clause have the names that the calls gave them', (t) => {
  const playback = play(files(), twoFiles);

  t.deepEqual(playback.names, { 0: 'file1', 1: 'file2' });
  t.deepEqual(namedObjects(playback, { writer: 1, reader: 7, nobody: NONE }), {
    writer: 'file2',
    reader: 'object 7',
    nobody: 'nothing',
  });
});

test('a call that needs what was not handed out still says whose result it is', (t) => {
  const trace = traceOf(files(), ['send', A, 0, B], ['write', B, { result: 0 }]);

  t.deepEqual(textOf(files(), trace), ['A.send(fd3, B) -> EBADF', 'B.write(result1) -> impossible']);
});
