import test from 'ava';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import {
  domain,
  guard,
  guardOf,
  IMPOSSIBLE,
  operation,
  optional,
  possible,
  roomFor,
  type Domain,
  type Machine,
  type Operation,
  type StepObserver,
} from '../../model/machine/index.js';
import { nat, struct, type ValueOf } from '../../model/state/index.js';
import { argumentLists } from '../../checker/calls.js';
import { SequenceGenerator } from '../../checker/generator.js';
import { machineOf, proposals } from '../../model/proposals/index.js';
import { machineOver } from '../models/tiny.js';

/** One call of a state, as an observer sees it: operation, arguments (0 for those it does not have), outcome. */
type Seen = readonly number[];

interface Expanded {
  readonly rows: Int32Array;
  readonly done: number[];
  readonly refused: number[][];
  readonly impossible: number[];
  /** What observers saw: of all calls that were made or, if refusals are not watched, of those that succeeded. */
  readonly seen: Seen[];
  /** Whether the machine's two views were the row again afterwards. */
  readonly restored: boolean;
}

/** All successors of the current state as an expansion gives them. */
function expanded<S>(machine: Machine<S>, refusals: boolean | undefined): Expanded {
  const { words } = machine;
  const seen: Seen[] = [];
  const observers = machine.operations.map((_, index): StepObserver | undefined =>
    refusals === undefined
      ? undefined
      : { refusals, see: (code, ...args) => void seen.push([index, ...args, code]) },
  );
  const expansion = machine.expansion(observers);
  const row = machine.memory.memory.slice(0, words);
  const out = new Int32Array(expansion.maxSuccessors * words);
  const n = expansion.expand(row, 0, out);
  const { done, refused, impossible } = expansion.counts;
  const sum = (counts: Float64Array): number => counts.reduce((total, count) => total + count, 0);
  return {
    rows: out.slice(0, n * words),
    done: [...done],
    refused: refused.map((counts) => [...counts]),
    impossible: impossible.map(sum),
    seen,
    restored: machine.unchanged() && row.every((word, i) => word === machine.memory.memory[i]),
  };
}

/**
 * The same, by making every call one after the other. Where refusals are not watched, a bound that asks about nothing but the
 * state keeps all calls back at once, and those among them that would have been refused are not told apart.
 */
function calledOneByOne<S>(machine: Machine<S>, refusals: boolean | undefined): Expanded {
  const row = machine.memory.memory.slice(0, machine.words);
  const rows: number[] = [];
  const seen: Seen[] = [];
  const counts = machine.operations.map((op) => ({
    done: 0,
    refused: op.guards.map(() => 0),
    impossible: 0,
  }));
  machine.operations.forEach((op, index) => {
    if (op.observe) return;
    machine.load(row, 0);
    const isFull = op.possible.some(
      ({ isBound, test }) => isBound && test.length < 2 && !test(machine.state),
    );
    for (const args of argumentLists(machine, index)) {
      machine.load(row, 0);
      const code = isFull && refusals !== true ? IMPOSSIBLE : machine.call(index, args);
      const count = counts[index]!;
      if (code === IMPOSSIBLE) count.impossible++;
      else if (guardOf(op, code)) count.refused[-1 - code]!++;
      else if (code >= 0) count.done++;
      // What an effect has begun stays, also where it refuses.
      const isMade = code !== IMPOSSIBLE && (code >= 0 || !guardOf(op, code));
      if (isMade) rows.push(...machine.memory.memory.subarray(0, machine.words));
      if (code === IMPOSSIBLE || (!isMade && refusals !== true) || refusals === undefined) continue;
      const padded = Array.from({ length: 5 }, (_, i) => args[i] ?? 0);
      seen.push([index, ...padded, code]);
    }
  });
  return {
    rows: Int32Array.from(rows),
    done: counts.map(({ done }) => done),
    refused: counts.map(({ refused }) => refused),
    impossible: counts.map(({ impossible }) => impossible),
    seen,
    restored: true,
  };
}

/** Compares both, without observers, with observers of success only, and with observers of everything. */
function assertSame<S>(machine: Machine<S>): void {
  const row = machine.memory.memory.slice(0, machine.words);
  for (const refusals of [undefined, false, true]) {
    machine.load(row, 0);
    const oneByOne = calledOneByOne(machine, refusals);
    machine.load(row, 0);
    assert.deepEqual(expanded(machine, refusals), oneByOne);
  }
}

interface OperationPlan {
  readonly salt: number;
  /** Values of each parameter, and whether it is optional. */
  readonly params: readonly { readonly size: number; readonly isOptional: boolean }[];
  /** How many arguments each takes; more than there are parameters means all. */
  readonly possible: readonly { readonly arity: number; readonly isBound: boolean }[];
  readonly guards: readonly number[];
}

const operationPlans = fc.record({
  salt: fc.nat(1000),
  params: fc.array(fc.record({ size: fc.integer({ min: 0, max: 3 }), isOptional: fc.boolean() }), {
    maxLength: 5,
  }),
  possible: fc.array(fc.record({ arity: fc.nat(5), isBound: fc.boolean() }), { maxLength: 3 }),
  guards: fc.array(fc.nat(5), { maxLength: 3 }),
});

const schema = struct({ x: nat(1000), y: nat(65536), z: nat(7) });
type State = ValueOf<typeof schema>;

/** A number from 0 to 9 that depends on everything given. */
function digit({ x, y, z }: State, ...salt: number[]): number {
  let h = 17;
  for (const number of [x, y, z, ...salt]) h = Math.imul(h ^ number, 0x5bd1e995) ^ (h >>> 13);
  return (h >>> 8) % 10;
}

/** A test that takes so many arguments, which is what the machine asks it for, and is true three times out of four. */
function chance(salt: number, argumentCount: number): (s: State, ...args: number[]) => boolean {
  const decide = (s: State, ...args: number[]): boolean => {
    assert.equal(args.length, argumentCount);
    return digit(s, salt, ...args) < 7;
  };
  const byCount = [
    (s: State) => decide(s),
    (s: State, a: number) => decide(s, a),
    (s: State, a: number, b: number) => decide(s, a, b),
    (s: State, a: number, b: number, c: number) => decide(s, a, b, c),
    (s: State, a: number, b: number, c: number, d: number) => decide(s, a, b, c, d),
    (s: State, a: number, b: number, c: number, d: number, e: number) => decide(s, a, b, c, d, e),
  ];
  return byCount[argumentCount]!;
}

function planned(plan: OperationPlan, index: number): Operation<State> {
  const domains = plan.params.map(({ size, isOptional }, i): Domain => {
    const values = domain(`d${i}`, ['u', 'v', 'w'].slice(0, size));
    return isOptional ? optional(values) : values;
  });
  const count = domains.length;
  const salt = plan.salt + index;
  return operation<State>({
    verb: `op${index}`,
    summary: '',
    params: Object.fromEntries(domains.map((values, i) => [`p${i}`, values])),
    possible: plan.possible.map(({ arity, isBound }, i) => {
      const isTrue = chance(salt + 7 * i, Math.min(arity, count));
      return isBound ? roomFor(`p${i}`, isTrue) : possible(`p${i}`, isTrue);
    }),
    guards: plan.guards.map((arity, i) =>
      guard(`g${i}`, 'EINVAL', chance(salt + 13 * i + 1, Math.min(arity, count))),
    ),
    effect(s, ...args) {
      const choice = digit(s, salt, ...args);
      if (choice < 3) s.x = (s.x * 3 + choice) % 1000;
      else if (choice < 6) s.y = (s.y + 257 * choice) % 65536;
      else if (choice < 9) s.z = (s.z + 1) % 7;
      return choice;
    },
  });
}

test('the successors of a random machine are those of its calls one by one, in order, with the same counts', (t) => {
  const states = fc.record({ x: fc.nat(999), y: fc.nat(65535), z: fc.nat(6) });
  const property = fc.property(fc.array(operationPlans, { maxLength: 3 }), states, (plans, { x, y, z }) => {
    const machine = machineOver(schema, { operations: plans.map(planned) });
    Object.assign(machine.state, { x, y, z });
    assertSame(machine);
  });

  t.notThrows(() => fc.assert(property, { seed: 7, numRuns: 150 }));
});

for (const proposal of proposals) {
  test(`the successors of states of ${proposal.name} are those of its calls one by one, in order, with the same counts`, (t) => {
    const machine = machineOf(proposal, { fds: 2 });
    const generator = new SequenceGenerator(machine, { minLength: 1, maxLength: 12 });
    const property = fc.property(fc.integer(), (seed) => {
      generator.run(seed, () => undefined);
      assertSame(machine);
    });

    t.notThrows(() => fc.assert(property, { seed: 8, numRuns: 8 }));
  });
}

test('an expansion has room for the successors of every call of every operation', (t) => {
  const three = domain('three', ['a', 'b', 'c']);
  const one = domain('one', ['a']);
  const machine = machineOver(struct({ on: nat(2) }), {
    operations: [
      operation({ verb: 'nine', summary: '', params: { a: three, b: three } }),
      operation({ verb: 'four', summary: '', params: { a: optional(three), b: one } }),
      operation({ verb: 'one', summary: '', params: {} }),
      operation({ verb: 'none', summary: '', params: { a: three, b: domain('none', []) } }),
      operation({ verb: 'look', summary: '', params: { a: three }, observe: () => [] }),
    ],
  });

  t.is(machine.expansion([]).maxSuccessors, 9 + 4 + 1);
});

test('a refusal that is known before the last argument counts for all calls it refuses', (t) => {
  const three = domain('three', ['a', 'b', 'c']);
  const machine = machineOver(struct({ on: nat(2) }), {
    operations: [
      operation({
        verb: 'set',
        summary: '',
        params: { a: three, b: three, c: three },
        possible: [possible('a-is-not-0', (_s, a: number) => a !== 0)],
        guards: [
          guard('b-is-0', 'EBADF', (_s, _a: number, b: number) => b === 0),
          guard('never', 'EINVAL', (s) => s.on === 1),
        ],
      }),
    ],
  });
  const expansion = machine.expansion([]);
  const { counts } = expansion;
  expansion.expand(machine.initialRow, 0, new Int32Array(27));

  // Of 27 calls 9 have a = 0; of the 18 others 12 have b ≠ 0, and 6 are left for the second guard.
  t.deepEqual([...counts.impossible[0]!], [9]);
  t.deepEqual([...counts.refused[0]!], [12, 6]);
  t.deepEqual([...counts.done], [0]);
});

test('of two refusals that apply, an expansion too counts and shows the guard that is checked first', (t) => {
  const two = domain('two', ['a', 'b']);
  const machine = machineOver(struct({ on: nat(2) }), {
    operations: [
      operation({
        verb: 'set',
        summary: '',
        params: { a: two, b: two },
        guards: [
          // The first takes all arguments, the second none: it could be asked at once, but must wait.
          guard('differ', 'EINVAL', (_s, a: number, b: number) => a !== b),
          guard('never', 'EPERM', (s) => s.on === 1),
        ],
      }),
    ],
  });
  for (const refusals of [false, true]) {
    const codes: number[] = [];
    const expansion = machine.expansion([{ refusals, see: (code) => void codes.push(code) }]);
    expansion.expand(machine.initialRow, 0, new Int32Array(4));

    t.deepEqual([...expansion.counts.refused[0]!], [2, 2]);
    t.deepEqual(codes, refusals ? [-1, -2, -2, -1] : []);
  }
});

test('an observer sees before and after of each step in the views of the machine', (t) => {
  const machine = machineOver(struct({ count: nat(100) }), {
    operations: [
      operation({
        verb: 'add',
        summary: '',
        params: { howMany: domain('number', ['0', '1', '2']) },
        guards: [guard('not-1', 'EINVAL', (_s, howMany: number) => howMany !== 1)],
        effect(s, howMany) {
          s.count += 10 + howMany;
        },
      }),
    ],
  });
  const seen: string[] = [];
  const expansion = machine.expansion([
    {
      refusals: true,
      see(code, howMany) {
        seen.push(`${howMany}: ${machine.before.count} ${machine.state.count} ${code}`);
      },
    },
  ]);
  machine.reset();
  machine.state.count = 5;
  const row = machine.memory.memory.slice(0, 1);
  expansion.expand(row, 0, new Int32Array(3));

  t.deepEqual(seen, ['0: 5 15 0', '1: 5 5 -1', '2: 5 17 0']);
});

test('a bound of the model keeps back what would be done, not what would be refused', (t) => {
  const two = domain('two', ['a', 'b']);
  const machine = machineOver(struct({ count: nat(2), on: nat(2) }), {
    operations: [
      operation({
        verb: 'add',
        summary: '',
        params: { a: two },
        possible: [possible('is-on', (s) => s.on === 1), roomFor('things', (s) => s.count === 0)],
        guards: [guard('a-is-0', 'EINVAL', (_s, a: number) => a === 0)],
      }),
    ],
  });
  const outcomes = (count: number, on: number): number[] => {
    Object.assign(machine.state, { count, on });
    return [machine.call(0, [0]), machine.call(0, [1])];
  };

  t.deepEqual(outcomes(0, 1), [0, -1]);
  t.deepEqual(outcomes(1, 1), [IMPOSSIBLE, -1]);
  t.deepEqual(outcomes(1, 0), [IMPOSSIBLE, IMPOSSIBLE]);
});

test('rows of several words, at any offset, are expanded and written one after the other', (t) => {
  // 16 + 16 bits, then 16: two words.
  const machine = machineOver(struct({ a: nat(65536), b: nat(65536), c: nat(65536) }), {
    operations: [
      operation({
        verb: 'bump',
        summary: '',
        params: { which: domain('field', ['a', 'b', 'c']) },
        effect(s, which) {
          if (which === 0) s.a++;
          else if (which === 1) s.b++;
          else s.c++;
        },
      }),
    ],
  });
  const rows = Int32Array.of(0, 0, 7 | (8 << 16), 9, 0, 0);
  const out = new Int32Array(6);

  t.is(machine.expansion([]).expand(rows, 2, out), 3);
  t.deepEqual([...out], [8 | (8 << 16), 9, 7 | (9 << 16), 9, 7 | (8 << 16), 10]);
});
