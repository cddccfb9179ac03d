import test from 'ava';
import assert from 'node:assert/strict';
import {
  domain,
  guard,
  Machine,
  operation,
  possible,
  refuse,
  type CallCounts,
  type Expansion,
} from '../../model/machine/index.js';
import { bool, nat, struct } from '../../model/state/index.js';
import { chainCallProposal, linkFd, machineOf } from '../../model/proposals/index.js';
import { createStateStore } from '../../checker/state-store.js';
import { attachMini } from '../models/attach-mini.js';

/** The first states of a machine, breadth first, as rows one after the other. */
function firstStates<S>(machine: Machine<S>, most: number): Int32Array {
  const { expand, maxSuccessors } = machine.expansion([]);
  const store = createStateStore(machine.words, maxSuccessors + 1);
  const successors = new Int32Array((maxSuccessors + 1) * machine.words);
  store.offer(machine.initialRow, 1, -1);
  store.resolve();
  for (let i = 0; i < Math.min(store.count(), most); i++) {
    store.offer(successors, expand(store.rows(), i * machine.words, successors), i);
    store.resolve();
  }
  return store.rows().slice(0, Math.min(store.count(), most) * machine.words);
}

/** Expands all rows with both, and demands the same successors in the same order, and the same counts. */
function assertSame<S>(
  machine: Machine<S>,
  rows: Int32Array,
  plain: Expansion,
  remembering: Expansion,
): void {
  const { words } = machine;
  const one = new Int32Array((plain.maxSuccessors + 1) * words);
  const other = new Int32Array(one.length);
  for (let offset = 0; offset < rows.length; offset += words) {
    const n = plain.expand(rows, offset, one);
    assert.equal(remembering.expand(rows, offset, other), n);
    for (let i = 0; i < n * words; i++)
      if (one[i] !== other[i]) assert.fail(`state ${offset / words} differs`);
  }
  assert.deepEqual(plainCounts(remembering.counts), plainCounts(plain.counts));
}

function plainCounts({ done, refused, late, impossible }: CallCounts) {
  const lists = (counts: readonly Float64Array[]): number[][] => counts.map((count) => [...count]);
  return { done: [...done], refused: lists(refused), late: lists(late), impossible: lists(impossible) };
}

const machines: Readonly<Record<string, () => Machine<never>>> = {
  'attach-mini, one word a row': () =>
    new Machine(attachMini({ processes: 3, hooks: 2, programs: 4, links: 2 })) as unknown as Machine<never>,
  'attach-mini, two words a row': () =>
    new Machine(attachMini({ processes: 3, hooks: 2, programs: 1, links: 3 })) as unknown as Machine<never>,
  'attach-mini, with more calls than have a bit in each outcome': () =>
    new Machine(attachMini({ processes: 3, hooks: 2, programs: 12, links: 3 })) as unknown as Machine<never>,
  'the rootlet model': () =>
    machineOf(linkFd, {
      processes: 2,
      fds: 3,
      programs: 2,
      attachments: 2,
      pins: 1,
    }) as unknown as Machine<never>,
  'chain calls': () => machineOf(chainCallProposal) as unknown as Machine<never>,
};

for (const [what, make] of Object.entries(machines)) {
  for (const counting of ['as-needed', 'every-refusal'] as const) {
    test(`what is remembered is what the rules do: ${what}, counts ${counting}`, (t) => {
      const machine = make();
      const rows = firstStates(machine, 10_000);
      const plain = machine.expansion([], counting);
      const remembering = machine.rememberingExpansion([], counting);

      t.notThrows(() => {
        assertSame(machine, rows, plain, remembering);
      });
    });
  }
}

for (const [what, make] of Object.entries(machines)) {
  test(`of the successors of a state only such are left out as are known by then: ${what}`, (t) => {
    const machine = make();
    const { words } = machine;
    const plain = machine.expansion([]);
    const remembering = machine.rememberingExpansion([]);
    const store = createStateStore(words, plain.maxSuccessors + 1);
    const [all, some] = [0, 1].map(() => new Int32Array((plain.maxSuccessors + 1) * words));
    store.offer(machine.initialRow, 1, -1);
    store.resolve();
    const left = { out: 0, unknown: 0, miscounted: 0, made: 0 };
    for (let state = 0; state < Math.min(store.count(), 20_000); state++) {
      const n = plain.expand(store.rows(), state * words, all!);
      const written = remembering.expandReachedBy(store.calls()[state]!, store.rows(), state * words, some!);
      left.made += n;
      left.out += remembering.leftOut();
      if (written + remembering.leftOut() !== n) left.miscounted++;
      store.offer(some!, written, state, n, remembering.calls);
      store.resolve();
      for (let i = 0; i < n; i++) if (!store.has(all!, i * words)) left.unknown++;
    }

    t.is(left.unknown, 0);
    t.is(left.miscounted, 0);
    // Calls of two processes commute now and then in each of these models.
    t.true(left.out > 0.02 * left.made);
    t.true(left.out < left.made);
  });
}

/** A counter up to 3,999 with a lamp beside it, which is refused while the counter is odd, late above 2,000. */
function countingMachine(asked: () => void) {
  const schema = struct({ count: nat(4000), isLit: bool });
  const at = domain('at', ['only']);
  return new Machine<{ count: number; isLit: boolean }>({
    name: 'counting',
    schema,
    initial: () => undefined,
    operations: [
      operation({
        verb: 'count',
        summary: 'one more',
        params: {},
        possible: [possible('not-at-the-end', (s) => s.count < 3999)],
        effect: (s) => {
          s.count++;
        },
      }),
      operation({
        verb: 'light',
        summary: 'lights the lamp',
        params: { at },
        guards: [guard('is-dark', 'EBUSY', (s) => !s.isLit)],
        effect: (s) => {
          asked();
          s.isLit = true;
        },
      }),
      operation({
        verb: 'late',
        summary: 'is refused late when lit',
        params: { at },
        effect: (s) => (s.isLit ? refuse('EINVAL') : undefined),
      }),
    ],
  });
}

test('a rule that has been asked about all it reads is not asked again', (t) => {
  const made = { calls: 0 };
  const machine = countingMachine(() => made.calls++);
  const rows = firstStates(machine, 8000);
  made.calls = 0;
  const { expand } = machine.rememberingExpansion([]);
  const successors = new Int32Array(8 * machine.words);
  for (let offset = 0; offset < rows.length; offset += machine.words) expand(rows, offset, successors);

  // Half of the 8,000 states are dark. The rule is asked in those of the first thousand or so, then once.
  t.true(made.calls > 0);
  t.true(made.calls < 1200);
});

/** Two lamps and a bell. The second lamp cannot be lit while the first is, and the bell cares for neither. */
function lampsMachine() {
  type State = { first: boolean; second: boolean; isRung: boolean };
  return new Machine<State>({
    name: 'lamps',
    schema: struct({ first: bool, second: bool, isRung: bool }),
    initial: () => undefined,
    operations: [
      operation<State>({
        verb: 'light-first',
        summary: 'lights the first lamp',
        params: {},
        possible: [possible('is-dark', (s) => !s.first)],
        effect: (s) => {
          s.first = true;
        },
      }),
      operation<State>({
        verb: 'ring',
        summary: 'rings',
        params: {},
        possible: [possible('is-silent', (s) => !s.isRung)],
        effect: (s) => {
          s.isRung = true;
        },
      }),
      operation<State>({
        verb: 'light-second',
        summary: 'lights the second lamp while the first is dark',
        params: {},
        possible: [possible('is-dark', (s) => !s.second && !s.first)],
        effect: (s) => {
          s.second = true;
        },
      }),
    ],
  });
}

test('what commutes with the call by which a state was reached is left out, and only what stands in front of it', (t) => {
  const machine = lampsMachine();
  const { expand, expandReachedBy, calls, leftOut } = machine.rememberingExpansion([]);
  const dark = machine.initialRow;
  const successors = new Int32Array(4 * machine.words);
  // Until it remembers, it leaves nothing out.
  for (let i = 0; i < 2000; i++) expand(dark, 0, successors);
  t.deepEqual([...calls.subarray(0, 3)], [1, 2, 3]);
  const rung = successors.slice(machine.words, 2 * machine.words);
  const secondLit = successors.slice(2 * machine.words, 3 * machine.words);
  expand(rung, 0, successors);
  expand(secondLit, 0, successors);

  // Rung, by the second call: the first call, which commutes with it, leads to what it has led to from the first state and on.
  t.is(expandReachedBy(2, rung, 0, successors), 1);
  t.is(leftOut(), 1);
  t.deepEqual([...calls.subarray(0, 1)], [3]);
  // The second lamp lit, by the third call: ringing is left out; lighting the first lamp is not, since the third call looks at it.
  t.is(expandReachedBy(3, secondLit, 0, successors), 1);
  t.is(leftOut(), 1);
  t.deepEqual([...calls.subarray(0, 1)], [1]);
  // Reached by nobody knows what: nothing is left out.
  t.is(expandReachedBy(0, rung, 0, successors), 2);
  t.is(leftOut(), 0);
});

test('an operation with an observer is made in each state', (t) => {
  const seen: number[] = [];
  const machine = countingMachine(() => undefined);
  const rows = firstStates(machine, 8000);
  const observer = { refusals: false, see: (code: number) => void seen.push(code) };
  const { expand } = machine.rememberingExpansion([undefined, observer, undefined]);
  const successors = new Int32Array(8 * machine.words);
  for (let offset = 0; offset < rows.length; offset += machine.words) expand(rows, offset, successors);

  t.is(seen.length, 4000);
});
