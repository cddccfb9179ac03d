import test from 'ava';
import {
  domain,
  interchangeable,
  issued,
  operation,
  optional,
  type Machine,
} from '../../model/machine/index.js';
import { nat, NONE, struct } from '../../model/state/index.js';
import { machineOf, proposals } from '../../model/proposals/index.js';
import { SequenceGenerator } from '../../checker/generator.js';
import {
  mapValues,
  shorterTraces,
  simplerTraces,
  smallerTraces,
  usedValues,
  without,
} from '../../checker/shrink.js';
import { isResult, type Trace } from '../../checker/trace.js';
import { files, machineOver } from '../models/tiny.js';
import { isSmaller, traceOf } from './traces.js';

const [A, B] = [0, 1];

/** tick, open, send what was opened, remove it there, close it here. */
const chain = traceOf(
  files(),
  ['tick', A],
  ['open', A],
  ['send', A, { result: 1 }, B],
  ['remove', B, { result: 2 }],
  ['close', A, { result: 1 }],
);

test('a call that is left out takes with it those that need its result, and theirs', (t) => {
  t.deepEqual(
    without(chain, (index) => index === 1),
    traceOf(files(), ['tick', A]),
  );
  t.deepEqual(
    without(chain, (index) => index === 2),
    traceOf(files(), ['tick', A], ['open', A], ['close', A, { result: 1 }]),
  );
});

test('results are renumbered when calls in front of them are left out', (t) => {
  t.deepEqual(
    without(chain, (index) => index === 0 || index === 4),
    traceOf(files(), ['open', A], ['send', A, { result: 0 }, B], ['remove', B, { result: 1 }]),
  );
});

test('nothing left out leaves the trace as it is, and everything left out nothing', (t) => {
  t.deepEqual(
    without(chain, () => false),
    chain,
  );
  t.deepEqual(
    without(chain, () => true),
    [],
  );
});

/** Calls of numbered operations without arguments, and back. */
const numbered = (digits: string): Trace =>
  Array.from(digits, (digit) => ({ operation: Number(digit), args: [] }));
const digitsOf = (trace: Trace): string => trace.map(({ operation }) => operation).join('');

test('halves are left out first, then smaller parts, then single calls, from the end', (t) => {
  t.deepEqual(
    [...shorterTraces(numbered('12345'))].map(digitsOf),
    // Three calls: 345, then what is left of the trace, 12. Two: 45, 23, 1. One.
    ['12', '345', '123', '145', '2345', '1234', '1235', '1245', '1345', '2345'],
  );
  t.deepEqual([...shorterTraces(numbered('1'))].map(digitsOf), ['']);
  t.deepEqual([...shorterTraces([])], []);
});

const place = domain('place', ['left', 'middle', 'right']);
const process = interchangeable('process', ['A', 'B', 'C']);
const handle = issued('handle', ['h0', 'h1', 'h2'], 'everyone');

const shelf = machineOver(struct({ on: nat(2) }), {
  operations: [
    operation({ verb: 'put', summary: '', params: { actor: process, place } }),
    operation({ verb: 'take', summary: '', params: { actor: process, from: optional(place) } }),
    operation({ verb: 'make', summary: '', params: {}, effect: () => 0, returns: { domain: handle } }),
    operation({ verb: 'use', summary: '', params: { actor: process, handle, with: handle } }),
  ],
});

const C = 2;

function simpler(...calls: Parameters<typeof traceOf>[1][]): Trace[] {
  return [...simplerTraces(shelf, traceOf(shelf, ...calls))];
}

test('an argument becomes simpler by becoming an earlier value, one argument at a time', (t) => {
  t.deepEqual(simpler(['put', A, 2], ['take', A, 1]), [
    traceOf(shelf, ['put', A, 0], ['take', A, 1]),
    traceOf(shelf, ['put', A, 1], ['take', A, 1]),
    traceOf(shelf, ['put', A, 2], ['take', A, 0]),
  ]);
});

test('the first value and NONE are as simple as can be', (t) => {
  t.deepEqual(simpler(['put', A, 0], ['take', A, NONE]), []);
});

test('numbers that are handed out stay what they are where no call is known to have handed them out', (t) => {
  t.deepEqual(simpler(['make'], ['use', A, { result: 0 }, 2]), []);
});

test('a result becomes simpler by becoming that of an earlier call, if it is of the same kind', (t) => {
  t.deepEqual(simpler(['make'], ['put', A, 0], ['make'], ['use', A, { result: 2 }, { result: 0 }]), [
    traceOf(shelf, ['make'], ['put', A, 0], ['make'], ['use', A, { result: 0 }, { result: 0 }]),
  ]);
});

test('two actors become one, the earlier, before single calls are given to another', (t) => {
  t.deepEqual(simpler(['put', C, 0], ['take', A, 0], ['put', C, 0]), [
    traceOf(shelf, ['put', A, 0], ['take', A, 0], ['put', A, 0]),
    traceOf(shelf, ['put', A, 0], ['take', A, 0], ['put', C, 0]),
    traceOf(shelf, ['put', B, 0], ['take', A, 0], ['put', C, 0]),
    traceOf(shelf, ['put', C, 0], ['take', A, 0], ['put', A, 0]),
    traceOf(shelf, ['put', C, 0], ['take', A, 0], ['put', B, 0]),
  ]);
});

test('the values of interchangeable domains are found in the order in which they appear', (t) => {
  const trace = traceOf(shelf, ['put', C, 2], ['take', A, 1], ['make'], ['use', C, { result: 2 }, 1]);

  t.deepEqual([...usedValues(shelf, trace)], [['process', [C, A]]]);
});

test('values are replaced where they stand as values, not in results', (t) => {
  const trace = traceOf(shelf, ['make'], ['use', B, { result: 0 }, 1]);
  const mapped = mapValues(shelf, trace, (name, value) => (name === 'process' ? value + 1 : value * 2));

  t.deepEqual(mapped, traceOf(shelf, ['make'], ['use', C, { result: 0 }, 2]));
});

const machines: Readonly<Record<string, Machine>> = Object.fromEntries([
  ['files', files() as unknown as Machine],
  ...proposals.map((proposal) => [proposal.name, machineOf(proposal) as unknown as Machine] as const),
]);

for (const [name, machine] of Object.entries(machines)) {
  test(`every smaller trace of ${name} is smaller, and needs no result of a later call`, (t) => {
    const generator = new SequenceGenerator(machine, { maxLength: 15, wrongCalls: 20 });
    let candidates = 0;
    let wrong = 0;
    for (let seed = 0; seed < 60; seed++) {
      const trace = generator.draw(seed);
      for (const smaller of smallerTraces(machine, trace)) {
        candidates++;
        const isComplete = smaller.every(({ args }, i) =>
          args.every((arg) => !isResult(arg) || arg.result < i),
        );
        if (!isComplete || !isSmaller(smaller, trace)) wrong++;
      }
    }

    t.true(candidates > 1000);
    t.is(wrong, 0);
  });
}
