import test from 'ava';
import { domain, issued, operation, optional } from '../../model/machine/index.js';
import { nat, NONE, struct } from '../../model/state/index.js';
import { argumentLists, callBetween } from '../../checker/calls.js';
import { searchExhaustively } from '../../checker/exhaustive.js';
import { isResult, Recorder, runTrace, SKIPPED } from '../../checker/trace.js';
import { files, machineOver, never } from '../models/tiny.js';
import { traceOf } from './traces.js';

const [A, B] = [0, 1];
const two = domain('two', ['x', 'y']);
const nothing = domain('nothing', []);

const odd = machineOver(struct({ value: nat(8) }), {
  operations: [
    operation({ verb: 'plain', summary: '', params: {}, effect: (s) => void (s.value = 1) }),
    operation({
      verb: 'never',
      summary: '',
      params: { a: two, b: nothing },
      effect: (s) => void (s.value = 2),
    }),
    operation({
      verb: 'pair',
      summary: '',
      params: { a: optional(two), b: two },
      effect: (s, _a, b) => void (s.value = 4 + b),
    }),
    operation({
      verb: 'none',
      summary: '',
      params: { b: optional(nothing) },
      effect: (s) => void (s.value = 3),
    }),
    operation({ verb: 'look', summary: '', params: { a: two }, observe: () => [] }),
  ],
});

const [PLAIN, NEVER, PAIR, NONE_ONLY] = [0, 1, 2, 3];

test('the argument lists of an operation are all combinations, the last argument changing fastest', (t) => {
  const lists = (operationNumber: number): number[][] =>
    Array.from(argumentLists(odd, operationNumber), (args) => [...args]);

  t.deepEqual(lists(PLAIN), [[]]);
  t.deepEqual(lists(PAIR), [
    [NONE, 0],
    [NONE, 1],
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
  t.deepEqual(lists(NEVER), [], 'there is no value for b');
  t.deepEqual(lists(NONE_ONLY), [[NONE]]);
});

test('the call that leads from one state to another is the first that does', (t) => {
  const row = (value: number): Int32Array => {
    odd.reset();
    odd.state.value = value;
    return odd.memory.memory.slice(0, odd.words);
  };

  t.deepEqual(callBetween(odd, row(0), row(5)), { operation: PAIR, args: [NONE, 1], code: 0 });
  t.deepEqual(callBetween(odd, row(0), row(3)), { operation: NONE_ONLY, args: [NONE], code: 0 });
  t.is(callBetween(odd, row(0), row(2)), undefined, 'a call without a value for b cannot be made');
});

test('a counterexample is found in a machine with an operation that has no values for a parameter', (t) => {
  const { verdict } = searchExhaustively(odd, [never<{ value: number }>('3', ({ value }) => value === 3)])
    .results[0]!;

  t.like(verdict, { kind: 'violated', counterexample: { trace: [{ operation: NONE_ONLY, args: [NONE] }] } });
});

/** Makes calls with plain numbers, and gives them as a trace. */
function recorded(...calls: (readonly [verb: string, ...args: number[]])[]) {
  const machine = files();
  const recorder = new Recorder(machine);
  machine.reset();
  for (const [verb, ...args] of calls) {
    const index = machine.operationIndex(verb);
    recorder.add(index, args, machine.call(index, args));
  }
  return recorder.trace;
}

test('a number that a call handed out becomes the result of that call', (t) => {
  t.deepEqual(
    recorded(['open', A], ['open', A], ['remove', A, 1], ['remove', A, 0]),
    traceOf(files(), ['open', A], ['open', A], ['remove', A, { result: 1 }], ['remove', A, { result: 0 }]),
  );
});

test('each actor has its own numbers, and what is sent becomes the receiver’s', (t) => {
  t.deepEqual(
    recorded(['open', A], ['write', B, 0], ['send', A, 0, B], ['write', B, 0], ['write', A, 0]),
    traceOf(
      files(),
      ['open', A],
      ['write', B, 0], // nothing was handed out to B yet
      ['send', A, { result: 0 }, B],
      ['write', B, { result: 2 }],
      ['write', A, { result: 0 }],
    ),
  );
});

test('a number that is handed out again is the result of the later call', (t) => {
  t.deepEqual(
    recorded(['open', A], ['close', A, 0], ['close', A, 0], ['open', A], ['write', A, 0]),
    traceOf(
      files(),
      ['open', A],
      ['close', A, { result: 0 }],
      ['close', A, { result: 0 }],
      ['open', A],
      ['write', A, { result: 3 }],
    ),
  );
});

test('numbers that are everyone’s are the same for all', (t) => {
  const handle = issued('handle', ['h1', 'h2'], 'everyone');
  const process = domain('process', ['A', 'B']);
  const machine = machineOver(struct({ made: nat(3) }), {
    operations: [
      operation({
        verb: 'make',
        summary: '',
        params: { actor: process },
        effect: (s) => s.made++,
        returns: { domain: handle },
      }),
      operation({ verb: 'use', summary: '', params: { actor: process, handle, other: optional(handle) } }),
    ],
  });
  const recorder = new Recorder(machine);
  recorder.add(0, [A], 0);
  recorder.add(0, [B], 1);
  recorder.add(1, [A, 1, NONE], 0);

  t.deepEqual(recorder.trace, traceOf(machine, ['make', A], ['make', B], ['use', A, { result: 1 }, NONE]));
});

test('a refused call hands nothing out', (t) => {
  // B has nothing open to send.
  t.deepEqual(
    recorded(['send', B, 0, A], ['write', A, 0]),
    traceOf(files(), ['send', B, 0, A], ['write', A, 0]),
  );
});

test('a recorder that begins again leaves the trace it gave before as it was', (t) => {
  const recorder = new Recorder(files());
  recorder.add(0, [A], 0);
  const { trace } = recorder;
  recorder.reset();
  recorder.add(4, [A, 0], 0);

  t.deepEqual(trace, traceOf(files(), ['open', A]));
  t.deepEqual(recorder.trace, traceOf(files(), ['write', A, 0]));
});

test('a trace puts in what its calls really return, and skips calls that need what was not returned', (t) => {
  const machine = files();
  const seen: string[] = [];
  const trace = traceOf(
    machine,
    ['open', B],
    ['open', A],
    ['send', A, { result: 1 }, B],
    ['remove', B, { result: 2 }],
    ['close', A, 2],
    ['send', A, 2, B],
    ['write', B, { result: 5 }],
    ['close', A, { result: 1 }],
  );
  runTrace(machine, trace, (index, code, args) => {
    const given = trace[index]!.args.map((argument, i) =>
      code === SKIPPED && isResult(argument) ? '?' : args[i],
    );
    seen.push(`${given.join()} -> ${code === SKIPPED ? 'skipped' : code}`);
  });

  t.deepEqual(seen, [
    '1 -> 0',
    '0 -> 0',
    '0,0,1 -> 1', // B has one descriptor already
    '1,1 -> 0',
    '0,2 -> -1',
    '0,2,1 -> -1',
    '1,? -> skipped',
    '0,0 -> 0',
  ]);
});

test('in front of each call of a trace the machine remembers the state', (t) => {
  const machine = files();
  const changes: boolean[] = [];
  runTrace(machine, traceOf(machine, ['open', A], ['close', B, 0], ['tick', A]), () => {
    changes.push(!machine.unchanged());
  });

  t.deepEqual(changes, [true, false, true]);
});
