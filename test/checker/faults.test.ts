import test from 'ava';
import { guard, operation, possible, type Machine } from '../../model/machine/index.js';
import { nat, RangeFault, struct } from '../../model/state/index.js';
import { machineOf, netlinkXdp } from '../../model/proposals/index.js';
import { searchExhaustively } from '../../checker/exhaustive.js';
import { ImpureModelFault, ModelFault, PropertyFault } from '../../checker/faults.js';
import { judgeTrace } from '../../checker/judge.js';
import { KEPT, type Property } from '../../checker/property.js';
import { RandomSearch } from '../../checker/random.js';
import { runTrace, type Trace } from '../../checker/trace.js';
import {
  counter,
  machineOver,
  settledProperty,
  stateProperty,
  stepProperty,
  witness,
} from '../models/tiny.js';
import { textOf, traceOf } from './traces.js';

interface Counter {
  count: number;
}

type Search = <S>(machine: Machine<S>, properties: readonly Property<S>[]) => unknown;

/** Both searches, each to its end. */
const searches: Readonly<Record<string, Search>> = {
  exhaustive: (machine, properties) => searchExhaustively(machine, properties),
  random(machine, properties) {
    const search = new RandomSearch(machine, properties, { runs: 1000, seed: 1 });
    while (search.advance(1000));
  },
};

/** A counter to 9 whose effect, or guard, does something else when it is at 3. */
function counterWith(rule: { effect?: (s: Counter) => void; guard?: (s: Counter) => boolean }) {
  return machineOver(struct({ count: nat(10) }), {
    name: 'counter',
    settled: () => true,
    operations: [
      operation({
        verb: 'up',
        summary: '',
        params: {},
        possible: [possible('below-9', (s) => s.count < 9)],
        guards: [guard('rule', 'EINVAL', (s) => s.count !== 3 || (rule.guard?.(s) ?? true))],
        effect(s) {
          if (s.count === 3) rule.effect?.(s);
          s.count++;
        },
      }),
    ],
  });
}

const boom = (): never => {
  throw new Error('boom');
};

/** The count after the calls of a trace. */
function countAfter(trace: Trace): number {
  const machine = counter(9);
  runTrace(machine, trace, () => undefined);
  return machine.state.count;
}

for (const [name, search] of Object.entries(searches)) {
  test(`an effect that throws is a fault of the model, found by ${name} search with the calls that lead to it`, (t) => {
    const fault = t.throws(() => search(counterWith({ effect: boom }), [stateProperty(() => KEPT)]), {
      instanceOf: ModelFault,
    });

    t.is(fault.message, "the operation 'up' of 'counter' failed: boom");
    t.like(fault, { machine: 'counter', operation: 'up', cause: new Error('boom') });
    t.deepEqual(fault.trace, traceOf(counter(9), ['up'], ['up'], ['up'], ['up']));
  });

  test(`a guard that throws is a fault of the model, found by ${name} search with the calls that lead to it`, (t) => {
    const fault = t.throws(() => search(counterWith({ guard: boom }), []), { instanceOf: ModelFault });

    t.is(fault.operation, 'up');
    t.is(countAfter(fault.trace), 4);
  });

  test(`a store out of range is a fault of the model, found by ${name} search with the calls that lead to it`, (t) => {
    const machine = machineOver(struct({ count: nat(4) }), {
      name: 'overflow',
      operations: [operation({ verb: 'up', summary: '', params: {}, effect: (s) => void (s.count += 1) })],
    });
    const fault = t.throws(() => search(machine, []), { instanceOf: ModelFault });

    t.is(fault.message, "the operation 'up' of 'overflow' failed: count cannot be 4: out of range");
    t.true(fault.cause instanceof RangeFault);
    t.is(fault.trace.length, 4);
  });

  test(`a guard that is switched off and needed is a fault of the model, found by ${name} search`, (t) => {
    const machine = machineOf(netlinkXdp, {}, { without: ['fd-is-free'] });
    const fault = t.throws(() => search(machine, []), { instanceOf: ModelFault });

    // All three descriptors of a process are open, and the last call wants a fourth.
    t.is((fault.cause as Error).message, 'index of processes.fds cannot be -1: out of range');
    runTrace(machine, fault.trace.slice(0, -1), () => undefined);
    t.true(
      machine.state.processes.some(({ fds }) => [0, 1, 2].every((descriptor) => fds.get(descriptor) >= 0)),
    );
    t.true(['load', 'dup', 'send', 'get'].includes(fault.operation));
    t.is(machine.operations[fault.trace.at(-1)!.operation]!.name, fault.operation);
    t.throws(() => runTrace(machine, fault.trace, () => undefined), { instanceOf: ModelFault });
  });

  const throwing: Readonly<Record<string, readonly [property: Property<Counter>, after: number]>> = {
    'a property of states': [stateProperty((s) => (s.count === 3 ? boom() : KEPT), { name: 'throws' }), 3],
    'a property of steps': [
      stepProperty(({ before }) => (before.count === 3 ? boom() : KEPT), { name: 'throws' }),
      4,
    ],
    'a property of settled states': [settledProperty((s) => (s.count === 3 ? boom() : KEPT), 'throws'), 3],
    'a witness': [witness((s) => s.count === 3 && boom(), { name: 'throws' }), 3],
  };
  for (const [what, [property, after]] of Object.entries(throwing)) {
    test(`${what} that throws is a fault of the property, found by ${name} search with the calls that lead to it`, (t) => {
      const kept = stateProperty<Counter>(() => KEPT);
      const fault = t.throws(() => search(counterWith({}), [kept, property]), { instanceOf: PropertyFault });

      t.is(fault.message, "the property 'throws' failed: boom");
      t.like(fault, { property: 'throws', cause: new Error('boom') });
      t.is(countAfter(fault.trace), after);
      t.is(fault.trace.length, after);
    });
  }

  test(`a property that throws in the first state is a fault, found by ${name} search after no call`, (t) => {
    const property = stateProperty<Counter>(boom, { name: 'throws' });
    const fault = t.throws(() => search(counterWith({}), [property]), { instanceOf: PropertyFault });

    t.deepEqual(fault.trace, []);
  });

  test(`what is thrown need not be an error for ${name} search to say it`, (t) => {
    const machine = counterWith({
      effect() {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- that is what is tested
        throw 'a word';
      },
    });

    t.throws(() => search(machine, []), {
      instanceOf: ModelFault,
      message: "the operation 'up' of 'counter' failed: a word",
    });
  });

  test(`a rule that keeps data outside the state is noticed by ${name} search`, (t) => {
    let calls = 0;
    const machine = machineOver(struct({ count: nat(10), parity: nat(2) }), {
      name: 'hidden',
      operations: [
        operation({ verb: 'wait', summary: '', params: {} }),
        operation({
          verb: 'up',
          summary: '',
          params: {},
          possible: [possible('below-9', (s) => s.count < 9)],
          effect(s) {
            s.count++;
            s.parity = ++calls % 2;
          },
        }),
      ],
    });
    const fault = t.throws(() => search(machine, [stateProperty(() => KEPT)]), {
      instanceOf: ImpureModelFault,
    });

    t.is(fault.machine, 'hidden');
    t.regex(fault.message, /^'hidden' is not a function of its state: the operation '\w+' gave two results/);
  });
}

test('exhaustive search names the operation that is impure, and the calls that lead to where it is', (t) => {
  let calls = 0;
  const machine = machineOver(struct({ count: nat(10), parity: nat(2) }), {
    operations: [
      operation({ verb: 'wait', summary: '', params: {} }),
      operation({ verb: 'note', summary: '', params: {}, effect: (s) => void (s.parity = ++calls % 2) }),
    ],
  });
  const fault = t.throws(() => searchExhaustively(machine, []), { instanceOf: ImpureModelFault });

  t.is(fault.operation, 'note');
  t.deepEqual(fault.trace, []);
});

test('a property is not blamed for what it would say of a call that cannot be made', (t) => {
  // At 2, up cannot be called; the property was only ever asked about the reset.
  const machine = machineOver(struct({ count: nat(3) }), {
    operations: [
      operation({
        verb: 'up',
        summary: '',
        params: {},
        possible: [possible('below-2', (s) => s.count < 2)],
        effect: (s) => void (s.count += 1),
      }),
      operation({ verb: 'reset', summary: '', params: {}, effect: (s) => void (s.count = 0) }),
    ],
  });
  const property = stepProperty<Counter>(({ before }) => (before.count === 2 ? boom() : KEPT));
  const fault = t.throws(() => searchExhaustively(machine, [property]), { instanceOf: PropertyFault });

  t.deepEqual(textOf(machine, fault.trace), ['up() -> ok', 'up() -> ok', 'reset() -> ok']);
});

test('a trace that is judged or run names the fault and the calls up to it', (t) => {
  const four = traceOf(counter(9), ['up'], ['up'], ['up'], ['up']);
  const six = traceOf(counter(9), ['up'], ['up'], ['up'], ['up'], ['up'], ['up']);
  const property = stateProperty<Counter>((s) => (s.count === 4 ? boom() : KEPT));

  const ofModel = t.throws(
    () =>
      judgeTrace(
        counterWith({ effect: boom }),
        stateProperty(() => KEPT),
        six,
      ),
    {
      instanceOf: ModelFault,
    },
  );
  t.deepEqual(ofModel.trace, four);
  const ofProperty = t.throws(() => judgeTrace(counterWith({}), property, six), {
    instanceOf: PropertyFault,
  });
  t.deepEqual(ofProperty.trace, four);
});

test('a property is not asked about what comes after its breach', (t) => {
  const property = stateProperty<Counter>((s) => {
    if (s.count === 2) return { clause: 'it is 2', objects: {} };
    return s.count > 2 ? boom() : KEPT;
  });
  const four = traceOf(counter(9), ['up'], ['up'], ['up'], ['up']);

  t.is(judgeTrace(counterWith({}), property, four).brokenAt, 1);
  t.notThrows(() => searchExhaustively(counterWith({}), [property]));
});
