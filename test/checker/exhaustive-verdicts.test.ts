import test from 'ava';
import { domain, guard, operation, possible, refuse, type Machine } from '../../model/machine/index.js';
import { nat, struct } from '../../model/state/index.js';
import { searchExhaustively, type ExhaustiveLimits } from '../../checker/exhaustive.js';
import { callText, play } from '../../checker/playback.js';
import { broken, KEPT, SILENT, type Property, type Step } from '../../checker/property.js';
import type { PropertyResult } from '../../checker/verdict.js';
import {
  brokenMutex,
  counter,
  CRITICAL,
  files,
  grid,
  lock,
  machineOver,
  mutualExclusion,
  never,
  settledProperty,
  stateProperty,
  stepProperty,
  toggler,
  witness,
  type FilesState,
  type MutexState,
  type StateOf,
} from '../models/tiny.js';

type Lock = StateOf<ReturnType<typeof lock>>;
type Counter = StateOf<ReturnType<typeof counter>>;
type Grid = StateOf<ReturnType<typeof grid>>;

function resultOf<S>(
  machine: Machine<S>,
  property: Property<S>,
  limits: ExhaustiveLimits = {},
): PropertyResult {
  return searchExhaustively(machine, [property], limits).results[0]!;
}

/** The calls that break a property or reach a witness, as text. */
function callsTo<S>(machine: Machine<S>, property: Property<S>): string[] {
  const { verdict } = resultOf(machine, property);
  const trace =
    verdict.kind === 'violated'
      ? verdict.counterexample.trace
      : verdict.kind === 'witnessed'
        ? verdict.example
        : undefined;
  return trace ? play(machine, trace).steps.map(callText) : [verdict.kind];
}

test('a property of states that is kept in all of them holds', (t) => {
  t.deepEqual(resultOf(lock(), mutualExclusion), {
    property: 'mutual-exclusion',
    verdict: { kind: 'holds' },
    spoke: 8,
  });
});

test('the first breach found of a property of states is a shortest one', (t) => {
  const { verdict, spoke } = resultOf(brokenMutex(), mutualExclusion);

  t.deepEqual(verdict, {
    kind: 'violated',
    counterexample: {
      // Operations: look, enter, leave.
      trace: [
        { operation: 0, args: [0] },
        { operation: 0, args: [1] },
        { operation: 1, args: [0] },
        { operation: 1, args: [1] },
      ],
      clause: 'both are inside',
      objects: {},
    },
  });
  t.is(spoke, 9, 'the state in which both are inside is the last of 9 that is found');
  t.deepEqual(callsTo(brokenMutex(), mutualExclusion), ['A.look()', 'B.look()', 'A.enter()', 'B.enter()']);
});

test('switching a guard off shows what it was needed for', (t) => {
  t.deepEqual(callsTo(lock({ without: ['lock-is-free'] }), mutualExclusion), [
    'A.want()',
    'B.want()',
    'A.enter()',
    'B.enter()',
  ]);
});

test('a counterexample goes straight to the far corner', (t) => {
  const atCorner = never<Grid>('at the corner', ({ x, y }) => x === 6 && y === 3);
  const { verdict } = resultOf(grid(7, 4), atCorner);

  t.true(verdict.kind === 'violated');
  if (verdict.kind !== 'violated') return;
  const verbs = play(grid(7, 4), verdict.counterexample.trace).steps.map(({ verb }) => verb);
  t.deepEqual(verbs.sort(), [...new Array<string>(3).fill('down'), ...new Array<string>(6).fill('right')]);
});

test('a property that is broken in the first state is broken by no call', (t) => {
  const { verdict, spoke } = resultOf(
    counter(5),
    never<Counter>('starts at 0', ({ count }) => count === 0),
  );

  t.deepEqual(verdict, {
    kind: 'violated',
    counterexample: { trace: [], clause: 'starts at 0', objects: {} },
  });
  t.is(spoke, 1, 'it is not asked again');
});

test('a breach names the objects it is about', (t) => {
  const property = stateProperty<Counter>(({ count }) =>
    count === 2 ? broken('it is 2', { number: count, other: -1 }) : KEPT,
  );
  const { verdict } = resultOf(counter(5), property);

  t.like(verdict, { counterexample: { clause: 'it is 2', objects: { number: 2, other: -1 } } });
});

test('a property that never says anything is vacuous in a closed space, and undecided before', (t) => {
  const silent = stateProperty<Counter>(() => SILENT);

  t.deepEqual(resultOf(counter(5), silent), {
    property: 'state-property',
    verdict: { kind: 'vacuous' },
    spoke: 0,
  });
  t.deepEqual(resultOf(counter(5), silent, { depth: 4 }).verdict, {
    kind: 'undecided',
    why: 'not met within all sequences of up to 4 calls',
  });
});

test('a property speaks as often as its situation arises', (t) => {
  const ofEven = stateProperty<Counter>(({ count }) => (count % 2 === 0 ? KEPT : SILENT));

  // 0, 2, 4; within three calls 0, 2.
  t.deepEqual(resultOf(counter(5), ofEven), {
    property: 'state-property',
    verdict: { kind: 'holds' },
    spoke: 3,
  });
  t.deepEqual(resultOf(counter(5), ofEven, { depth: 3 }), {
    property: 'state-property',
    verdict: { kind: 'holds-up-to', bound: 'all sequences of up to 3 calls' },
    spoke: 2,
  });
});

test('a breach is a breach however far was looked', (t) => {
  const { verdict } = resultOf(
    counter(5),
    never<Counter>('it is 3', ({ count }) => count === 3),
    { depth: 3 },
  );

  t.is(verdict.kind, 'violated');
});

test('a witness is reached by a shortest sequence, and counted in every state it is in', (t) => {
  const onTheEdge = witness<Grid>(({ x }) => x === 6);
  const { verdict, spoke } = resultOf(grid(7, 4), onTheEdge);

  t.true(verdict.kind === 'witnessed' && verdict.example.length === 6);
  t.is(spoke, 4);
});

test('a witness that is nowhere is missing in a closed space, and undecided before', (t) => {
  const bothInside = witness<Lock>((s) => s.at.get(0) === CRITICAL && s.at.get(1) === CRITICAL);

  t.deepEqual(resultOf(lock(), bothInside), {
    property: 'witness',
    verdict: { kind: 'witness-missing' },
    spoke: 0,
  });
  t.deepEqual(resultOf(lock(), bothInside, { depth: 2 }).verdict, {
    kind: 'undecided',
    why: 'not met within all sequences of up to 2 calls',
  });
});

test('a property of settled states is asked in these alone', (t) => {
  const machine = machineOver(struct({ count: nat(6) }), {
    settled: (s) => s.count >= 4,
    operations: [
      operation({
        verb: 'up',
        summary: '',
        params: {},
        possible: [possible('below-5', (s) => s.count < 5)],
        effect(s) {
          s.count++;
        },
      }),
    ],
  });
  const asked: number[] = [];
  const held = settledProperty<Counter>(({ count }) => {
    asked.push(count);
    return KEPT;
  });
  const violated = settledProperty<Counter>(({ count }) => (count > 2 ? broken('above 2') : KEPT));

  t.deepEqual(resultOf(machine, held), {
    property: 'settled-property',
    verdict: { kind: 'holds' },
    spoke: 2,
  });
  t.deepEqual(asked, [4, 5]);
  t.like(resultOf(machine, violated).verdict, { kind: 'violated', counterexample: { clause: 'above 2' } });
  t.is(callsTo(machine, violated).length, 4);
});

test('where nothing ever settles, a property of settled states is vacuous', (t) => {
  t.is(
    resultOf(
      counter(5),
      settledProperty<Counter>(() => broken('never asked')),
    ).verdict.kind,
    'vacuous',
  );
});

test('a property of steps sees before, call, outcome and after of each', (t) => {
  const seen: string[] = [];
  const machine = machineOver(struct({ value: nat(4) }), {
    operations: [
      operation({
        verb: 'add',
        name: 'add-some',
        summary: '',
        params: { actor: domain('process', ['A', 'B']), amount: domain('amount', ['0', '1', '2']) },
        possible: [possible('is-A-or-2', (_s, actor: number, amount: number) => actor === 0 || amount === 2)],
        guards: [guard('fits', 'ERANGE', (s, _actor, amount) => s.value + amount < 4)],
        effect(s, _actor, amount) {
          s.value += amount;
          return 10 + amount;
        },
      }),
      operation({ verb: 'reset', summary: '', params: {}, effect: (s) => void (s.value = 0) }),
    ],
  });
  const property = stepProperty<Counter | { value: number }>(
    (step) => {
      const { before, after, operation, actor, args, code } = step as Step<{ value: number }>;
      if (before.value === 2) {
        const given = args.slice(0, Object.keys(operation.params).length);
        seen.push(
          `${operation.name} ${actor} (${given.join()}) ${code} -> ${after.value} ${step.unchanged()}`,
        );
      }
      return KEPT;
    },
    { refusals: 'all' },
  );
  resultOf(machine, property as Property<{ value: number }>);

  t.deepEqual(seen, [
    'add-some 0 (0,0) 10 -> 2 true',
    'add-some 0 (0,1) 11 -> 3 false',
    'add-some 0 (0,2) -1 -> 2 true',
    'add-some 1 (1,2) -1 -> 2 true',
    'reset -1 () 0 -> 0 false',
  ]);
});

test('the call that breaks a property of steps is the last of the counterexample', (t) => {
  const property = stepProperty<Lock>(({ after, operation }) =>
    operation.verb === 'leave' && after.at.get(0) !== 0 ? broken('left while the other was there') : KEPT,
  );

  // B must be inside and A at least waiting: A can start to wait at any time, B needs two calls before it leaves.
  t.deepEqual(callsTo(lock(), property), ['A.want()', 'B.want()', 'B.enter()', 'B.leave()']);
});

test('a step can break a property without changing anything', (t) => {
  const machine = machineOver(struct({ count: nat(3) }), {
    operations: [
      operation({
        verb: 'up',
        summary: '',
        params: {},
        effect: (s) => void (s.count = Math.min(2, s.count + 1)),
      }),
    ],
  });
  const property = stepProperty<Counter>((step) => (step.unchanged() ? broken('nothing happened') : KEPT));

  t.deepEqual(callsTo(machine, property), ['up()', 'up()', 'up()']);
});

test('only calls of the verbs asked for are judged', (t) => {
  const count = (verbs: string[]): number =>
    resultOf(
      lock(),
      stepProperty<Lock>(() => KEPT, { verbs }),
    ).spoke;

  t.is(count(['want']), 6);
  t.is(count(['enter']), 4);
  t.is(count(['want', 'leave']), 10);
  t.is(
    resultOf(
      lock(),
      stepProperty<Lock>(() => KEPT),
    ).spoke,
    14,
  );
  t.is(
    resultOf(
      lock(),
      stepProperty<Lock>(() => KEPT, { verbs: ['open'] }),
    ).verdict.kind,
    'vacuous',
  );
});

test('operations that share a verb are judged together', (t) => {
  const up = { verb: 'up', summary: '', params: {} };
  const machine = machineOver(struct({ on: nat(2) }), {
    operations: [
      operation({ ...up, name: 'up-one', effect: (s) => void (s.on = 1) }),
      operation({ ...up, name: 'up-two', effect: (s) => void (s.on = 1) }),
    ],
  });

  t.is(
    resultOf(
      machine,
      stepProperty(() => KEPT, { verbs: ['up'] }),
    ).spoke,
    4,
  );
});

test('only calls that changed one of the fields asked for are judged', (t) => {
  const spoke = (changes: string[]): number =>
    resultOf(
      grid(3, 2),
      stepProperty<Grid>(() => KEPT, { changes }),
    ).spoke;

  // 2 pairs side by side in each of 2 rows, 3 pairs one above the other, each in both directions.
  t.is(spoke(['x']), 8);
  t.is(spoke(['y']), 6);
  t.is(spoke(['x', 'y']), 14);
  t.is(
    resultOf(
      lock(),
      stepProperty<Lock>(() => KEPT, { changes: [] }),
    ).verdict.kind,
    'vacuous',
  );
});

test('a property can ask for verbs and changes at once', (t) => {
  const property = stepProperty<Grid>(() => KEPT, { verbs: ['left', 'up'], changes: ['x'] });

  t.is(resultOf(grid(3, 2), property).spoke, 4);
});

/** How often a property of a lock's steps speaks, and how often it is asked. */
function heard(more: Parameters<typeof stepProperty<Lock>>[1]): { spoke: number; asked: number } {
  let asked = 0;
  const property = stepProperty<Lock>(() => {
    asked++;
    return KEPT;
  }, more);
  return { spoke: resultOf(lock(), property).spoke, asked };
}

test('refused calls are judged only for a property that asks for them', (t) => {
  // 14 calls that succeed, 2 that are refused by a guard; 4 and 2 of them are `enter`.
  t.deepEqual(heard({}), { spoke: 14, asked: 14 });
  t.deepEqual(heard({ refusals: 'all' }), { spoke: 16, asked: 16 });
  t.deepEqual(heard({ refusals: 'all', verbs: ['enter'] }), { spoke: 6, asked: 6 });
  t.deepEqual(heard({ refusals: 'all', verbs: ['want'] }), { spoke: 6, asked: 6 });
});

test('refusals by guards are counted, not asked about, for a property of refusals that had begun', (t) => {
  t.deepEqual(heard({ refusals: 'begun' }), { spoke: 16, asked: 14 });
  t.deepEqual(heard({ refusals: 'begun', verbs: ['enter'] }), { spoke: 6, asked: 4 });
});

test('what it did not ask about does not count for a property of refusals that had begun', (t) => {
  t.deepEqual(heard({ refusals: 'begun', verbs: ['want'] }), { spoke: 6, asked: 6 });
  // A refusal by a guard has changed nothing.
  t.deepEqual(heard({ refusals: 'begun', changes: ['at'] }), { spoke: 14, asked: 14 });
  t.is(
    resultOf(
      lock(),
      stepProperty<Lock>(() => KEPT, { refusals: 'begun', verbs: ['open'] }),
    ).verdict.kind,
    'vacuous',
  );
});

test('of refusals, only those with an errno asked for are judged', (t) => {
  t.deepEqual(heard({ refusals: 'all', errnos: ['EBUSY'] }), { spoke: 16, asked: 16 });
  t.deepEqual(heard({ refusals: 'all', errnos: ['EPERM', 'EAGAIN'] }), { spoke: 14, asked: 14 });
  t.deepEqual(heard({ refusals: 'begun', errnos: ['EBUSY'] }), { spoke: 16, asked: 14 });
  t.deepEqual(heard({ refusals: 'begun', errnos: ['EPERM'] }), { spoke: 14, asked: 14 });
});

/** A counter to 3 whose last step is refused after it was made, or after it was undone. */
function hesitant(undoes: boolean) {
  return machineOver(struct({ count: nat(4) }), {
    operations: [
      operation({
        verb: 'up',
        summary: '',
        params: {},
        possible: [possible('below-3', (s) => s.count < 3)],
        effect(s) {
          s.count++;
          if (s.count < 3) return undefined;
          if (undoes) s.count--;
          return refuse('EAGAIN');
        },
      }),
    ],
  });
}

test('a refusal by the effect is seen as a refusal', (t) => {
  const failedChanges = stepProperty<Counter>(
    (step) => (step.code >= 0 ? SILENT : step.unchanged() ? KEPT : broken('it changed something')),
    { refusals: 'begun' },
  );

  t.deepEqual(resultOf(hesitant(true), failedChanges), {
    property: 'step-property',
    verdict: { kind: 'holds' },
    spoke: 1,
  });
  t.deepEqual(callsTo(hesitant(false), failedChanges), ['up()', 'up()', 'up()']);
});

test('a refusal by the effect is not judged by a property of calls that succeed', (t) => {
  t.is(
    resultOf(
      hesitant(true),
      stepProperty<Counter>(() => KEPT),
    ).spoke,
    2,
  );
});

test('calls that only look are neither followed nor judged', (t) => {
  const machine = machineOver(struct({ on: nat(2) }), {
    operations: [operation({ verb: 'look', summary: '', params: {}, observe: () => [1] })],
  });
  const { results, statistics } = searchExhaustively(machine, [stepProperty(() => broken('looked'))]);

  t.is(results[0]!.verdict.kind, 'vacuous');
  t.deepEqual([statistics.states, statistics.transitions], [1, 0]);
});

test('properties are decided in one pass, each with its own shortest sequence', (t) => {
  const { results, statistics } = searchExhaustively(grid(5, 5), [
    never<Grid>('right', ({ x }) => x === 4),
    stateProperty<Grid>(() => KEPT, { name: 'kept' }),
    witness<Grid>(({ x, y }) => x === 2 && y === 1),
    stepProperty<Grid>(({ after, operation }) =>
      operation.verb === 'left' && after.y === 1 ? broken('back') : KEPT,
    ),
    stateProperty<Grid>(() => SILENT, { name: 'silent' }),
  ]);
  const lengths = results.map(({ property, verdict }) => [
    property,
    verdict.kind,
    verdict.kind === 'violated'
      ? verdict.counterexample.trace.length
      : verdict.kind === 'witnessed'
        ? verdict.example.length
        : undefined,
  ]);

  t.deepEqual(lengths, [
    ['never', 'violated', 4],
    ['kept', 'holds', undefined],
    ['witness', 'witnessed', 3],
    ['step-property', 'violated', 3],
    ['silent', 'vacuous', undefined],
  ]);
  t.is(statistics.states, 25);
});

test('a counterexample names the results of its calls, not the numbers they happened to be', (t) => {
  const property = stepProperty<FilesState>(
    ({ before, args, actor }) => {
      const file = before.fds[actor]!.file.get(args[1]!);
      return before.files[file]!.removed ? broken('wrote to a removed file') : KEPT;
    },
    { verbs: ['write'] },
  );
  const { verdict } = resultOf(files(), property, { depth: 4 });

  t.like(verdict, { kind: 'violated' });
  if (verdict.kind !== 'violated') return;
  // Operations: open, send, close, remove, write.
  t.deepEqual(verdict.counterexample.trace, [
    { operation: 0, args: [0] },
    { operation: 3, args: [0, { result: 0 }] },
    { operation: 4, args: [0, { result: 0 }] },
  ]);
  t.deepEqual(callsTo(files(), property), ['file = A.open()', 'A.remove(file)', 'A.write(file)']);
});

test('a property that says what it reads is asked once for all states that agree in it', (t) => {
  let asked = 0;
  const ofX = (reads?: string[]): Property<Grid> =>
    stateProperty(
      ({ x }) => {
        asked++;
        return x === 4 ? SILENT : KEPT;
      },
      reads ? { reads } : {},
    );
  const everywhere = resultOf(grid(5, 6), ofX());
  t.is(asked, 30);

  asked = 0;
  const ofOneField = resultOf(grid(5, 6), ofX(['x']));
  t.true(asked >= 5 && asked < 30);
  t.deepEqual(ofOneField, everywhere);
  t.is(everywhere.spoke, 24);
});

test('a breach is found where it is by a property that says what it reads', (t) => {
  const right = { ...never<Grid>('right', ({ x }) => x === 4), reads: ['x'] } as Property<Grid>;
  const somewhere = witness<Grid>(({ x }) => x === 3, { reads: ['x'] });
  const { results } = searchExhaustively(grid(5, 6), [right, somewhere]);

  t.like(results[0]!.verdict, { kind: 'violated', counterexample: { clause: 'right' } });
  t.is(callsTo(grid(5, 6), right).length, 4);
  t.is(callsTo(grid(5, 6), somewhere).length, 3);
  t.is(results[1]!.spoke, 6, 'the witness is in a column of 6');
});

test('verdicts do not depend on what else is watched', (t) => {
  const all: Property<MutexState>[] = [
    mutualExclusion,
    stepProperty(() => KEPT, { refusals: 'all' }),
    stepProperty(() => KEPT, { refusals: 'begun', verbs: ['look'], name: 'begun' }),
    stepProperty(() => KEPT, { changes: ['at'], name: 'changes' }),
  ];
  const together = searchExhaustively(brokenMutex(), all).results;

  t.deepEqual(
    together,
    all.map((property) => resultOf(brokenMutex(), property)),
  );
});

test('a space of one bit has its verdicts too', (t) => {
  const { results } = searchExhaustively(toggler(1), [stepProperty(() => KEPT), stateProperty(() => KEPT)]);

  t.deepEqual(
    results.map(({ spoke }) => spoke),
    [2, 2],
  );
});
