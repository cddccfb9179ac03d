import test from 'ava';
import fc from 'fast-check';
import { broken, KEPT, type Property } from '../../checker/property.js';
import { obeys, PropertyViolation, Sequence, sequences } from '../../checker/sequences.js';
import {
  brokenMutex,
  counter,
  files,
  grid,
  lock,
  mutualExclusion,
  never,
  stepProperty,
  type FilesState,
  type MutexState,
  type StateOf,
} from '../models/tiny.js';
import { brokenTraces, textOf, traceOf } from './traces.js';

type Counter = StateOf<ReturnType<typeof counter>>;
type Grid = StateOf<ReturnType<typeof grid>>;

const [A, B] = [0, 1];

const mutex = brokenMutex();
const excludes = fc.property(sequences(mutex), obeys(mutex, mutualExclusion));

const writesToRemoved: Property<FilesState> = stepProperty(
  ({ before, args, actor }) => {
    const file = before.fds[actor]!.file.get(args[1]!);
    return before.files[file]!.removed ? broken('wrote to a removed file') : KEPT;
  },
  { name: 'removed-files-are-gone', verbs: ['write'] },
);

test('fc.assert passes where the property holds', (t) => {
  const machine = lock();

  t.notThrows(() => fc.assert(fc.property(sequences(machine), obeys(machine, mutualExclusion))));
});

test('as many sequences are tried as are asked for', (t) => {
  const machine = lock();
  let tried = 0;
  const counted = fc.property(sequences(machine), () => {
    tried++;
  });
  fc.assert(counted, { numRuns: 321 });

  t.is(tried, 321);
});

test('fc.assert fails where the property is broken, and its message shows the calls', (t) => {
  const error = t.throws(() => fc.assert(excludes, { seed: 4 }));

  t.regex(error.message, /seed: 4, path: "[\d:]+"/);
  t.regex(error.message, /\n[AB]\.look\(\) -> ok\n/);
  t.regex(error.message, /\n[AB]\.enter\(\) -> ok\n/);
  const { cause } = error;
  t.true(cause instanceof PropertyViolation);
  t.regex((cause as PropertyViolation).message, /^mutual-exclusion: both are inside \(after call \d+\)$/);
});

test('what fails is shrunk to a trace from which no call can be left out', (t) => {
  for (let seed = 0; seed < 20; seed++) {
    const { counterexample } = fc.check(excludes, { seed });
    const [sequence] = counterexample!;
    const { calls } = sequence;
    const holds = (candidate: Sequence<MutexState>): boolean => {
      try {
        obeys(mutex, mutualExclusion)(candidate);
        return true;
      } catch {
        return false;
      }
    };

    t.false(holds(sequence));
    calls.forEach((_, left) => {
      const shorter = calls.filter((_call, i) => i !== left);
      t.true(
        holds(new Sequence(mutex, shorter)),
        `seed ${seed}, without call ${left + 1} of ${calls.length}`,
      );
    });
  }
});

test('a seed gives the same sequences, and the same failure', (t) => {
  const arbitrary = sequences(files(), { maxLength: 12 });
  const drawn = (seed: number): string[] => fc.sample(arbitrary, { numRuns: 20, seed }).map(String);

  t.deepEqual(drawn(3), drawn(3));
  t.notDeepEqual(drawn(3), drawn(4));
  const [one, other] = [fc.check(excludes, { seed: 11 }), fc.check(excludes, { seed: 11 })];
  t.is(one.counterexamplePath, other.counterexamplePath);
  t.deepEqual(one.counterexample?.[0].calls, other.counterexample?.[0].calls);
});

test('a path replays what was shrunk, at once', (t) => {
  const first = fc.check(excludes, { seed: 5 });
  const replayed = fc.check(excludes, { seed: 5, path: first.counterexamplePath! });

  t.true(first.numShrinks > 0);
  t.is(replayed.numRuns, 1);
  t.is(replayed.numShrinks, 0);
  t.deepEqual(replayed.counterexample?.[0].calls, first.counterexample?.[0].calls);
});

test('a long trace given as an example is tried first, and shrinks to as few calls as it takes', (t) => {
  const machine = files();
  const obeyed = fc.property(sequences(machine), obeys(machine, writesToRemoved));
  for (const trace of brokenTraces(machine, writesToRemoved, 10)) {
    const details = fc.check(obeyed, { examples: [[new Sequence(machine, trace)]], numRuns: 1 });

    t.true(details.failed);
    t.is(details.numRuns, 1);
    t.true(details.numShrinks > 0);
    t.deepEqual(textOf(machine, details.counterexample![0]!.calls), [
      'file = A.open() -> fd3',
      'A.remove(file) -> ok',
      'A.write(file) -> ok',
    ]);
  }
});

test('an example that needs all of seven calls keeps seven', (t) => {
  const machine = counter(30);
  const property = fc.property(
    sequences(machine),
    obeys(
      machine,
      never<Counter>('it is 7', ({ count }) => count === 7),
    ),
  );
  const long = traceOf(machine, ...new Array<['up']>(25).fill(['up']));
  const { counterexample } = fc.check(property, { examples: [[new Sequence(machine, long)]] });

  t.is(counterexample![0]!.calls.length, 7);
});

test('an example of a walk shrinks to the straight way', (t) => {
  const machine = grid(6, 5);
  const there = never<Grid>('there', ({ x, y }) => x === 3 && y === 2);
  const property = fc.property(sequences(machine), obeys(machine, there));
  const detour = traceOf(
    machine,
    ...(['right', 'right', 'right', 'right', 'down', 'down', 'down', 'left', 'up'] as const).map(
      (step) => [step] as [string],
    ),
  );
  const { counterexample } = fc.check(property, { examples: [[new Sequence(machine, detour)]] });
  const verbs = counterexample![0]!.calls.map(({ operation }) => machine.operations[operation]!.verb);

  t.deepEqual(verbs.sort(), ['down', 'down', 'right', 'right', 'right']);
});

test('a sequence reads as its calls with their outcomes', (t) => {
  const machine = files();
  const trace = traceOf(
    machine,
    ['open', A],
    ['send', A, { result: 0 }, B],
    ['close', A, { result: 0 }],
    ['close', A, { result: 0 }],
    ['write', B, { result: 1 }],
  );

  t.is(
    String(new Sequence(machine, trace)),
    [
      'file = A.open() -> fd3',
      'file_B = A.send(file, B) -> fd3',
      'A.close(file) -> ok',
      'A.close(file) -> EBADF',
      'B.write(file_B) -> ok',
    ].join('\n'),
  );
});

test('what a predicate throws says which property, which clause, and after which call', (t) => {
  const machine = counter(5);
  const check = obeys(
    machine,
    never<Counter>('it is 2', ({ count }) => count === 2),
  );
  const violation = t.throws(() => check(new Sequence(machine, traceOf(machine, ['up'], ['up'], ['up']))), {
    instanceOf: PropertyViolation,
  });

  t.like(violation, {
    property: 'never',
    clause: 'it is 2',
    call: 2,
    message: 'never: it is 2 (after call 2)',
  });
  t.notThrows(() => check(new Sequence(machine, traceOf(machine, ['up']))));
});

test('a claim that is broken in the first state fails after call 0', (t) => {
  const machine = counter(5);
  const check = obeys(
    machine,
    never<Counter>('it is 0', ({ count }) => count === 0),
  );

  t.throws(() => check(new Sequence(machine, [])), { message: 'never: it is 0 (after call 0)' });
});

test('the options of the generator are the options of the arbitrary', (t) => {
  const machine = files();
  const drawn = fc.sample(
    sequences(machine, { minLength: 4, maxLength: 6, weights: { send: 0 }, swarm: false }),
    200,
  );
  const lengths = new Set(drawn.map(({ calls }) => calls.length));
  const verbs = new Set(
    drawn.flatMap(({ calls }) => calls.map(({ operation }) => machine.operations[operation]!.verb)),
  );

  t.deepEqual([...lengths].sort(), [4, 5, 6]);
  t.deepEqual([...verbs].sort(), ['close', 'open', 'remove', 'tick', 'write']);
});

test('only sequences can be shrunk', (t) => {
  const arbitrary = sequences(mutex);

  t.true(arbitrary.canShrinkWithoutContext(new Sequence(mutex, [])));
  t.false(arbitrary.canShrinkWithoutContext([]));
});
