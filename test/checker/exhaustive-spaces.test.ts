import test from 'ava';
import { domain, Machine, operation, possible, roomFor } from '../../model/machine/index.js';
import { array, nat, struct } from '../../model/state/index.js';
import { ExhaustiveSearch, searchExhaustively, type ExhaustiveLimits } from '../../checker/exhaustive.js';
import type { Property } from '../../checker/property.js';
import { attachMini, attachMiniProperties } from '../models/attach-mini.js';
import {
  brokenMutex,
  counter,
  grid,
  lock,
  machineOver,
  never,
  stateProperty,
  stepProperty,
  toggler,
  witness,
} from '../models/tiny.js';

/** What a search of the whole space counts. */
function spaceOf<S>(machine: Machine<S>) {
  const { closed, stoppedBy, statistics } = searchExhaustively(machine, []);
  const { states, transitions, refusals, depth } = statistics;
  return { closed, stoppedBy, states, transitions, refusals, depth };
}

const CLOSED = { closed: true, stoppedBy: undefined, refusals: 0 };

test('a counter to n has n + 1 states, n transitions, and depth n', (t) => {
  t.deepEqual(spaceOf(counter(5)), { ...CLOSED, states: 6, transitions: 5, depth: 5 });
  t.deepEqual(spaceOf(counter(0)), { ...CLOSED, states: 1, transitions: 0, depth: 0 });
  t.deepEqual(spaceOf(counter(20_000)), { ...CLOSED, states: 20_001, transitions: 20_000, depth: 20_000 });
});

test('k bits that can be flipped have 2^k states, k × 2^k transitions, and depth k', (t) => {
  t.deepEqual(spaceOf(toggler(1)), { ...CLOSED, states: 2, transitions: 2, depth: 1 });
  t.deepEqual(spaceOf(toggler(10)), { ...CLOSED, states: 1024, transitions: 10_240, depth: 10 });
  t.deepEqual(spaceOf(toggler(16)), { ...CLOSED, states: 65_536, transitions: 1_048_576, depth: 16 });
});

test('a state of several words is told apart by each of them', (t) => {
  // 40 numbers of 4 bits, one of which at a time goes from 0 to 9: the empty row, and 40 × 9 others.
  const places = domain(
    'place',
    Array.from({ length: 40 }, (_, i) => `place${i}`),
  );
  const machine = machineOver(struct({ numbers: array(40, nat(10)), chosen: nat(41) }), {
    operations: [
      operation({
        verb: 'up',
        summary: '',
        params: { place: places },
        possible: [
          possible('is-the-chosen-one', (s, place: number) => s.chosen === 0 || s.chosen === place + 1),
          possible('is-below-9', (s, place: number) => s.numbers.get(place) < 9),
        ],
        effect(s, place) {
          s.chosen = place + 1;
          s.numbers.set(place, s.numbers.get(place) + 1);
        },
      }),
    ],
  });

  t.is(machine.words, 6); // 8 numbers to a word, and the chosen one
  t.deepEqual(spaceOf(machine), { ...CLOSED, states: 361, transitions: 360, depth: 9 });
});

test('two processes and a lock', (t) => {
  const result = searchExhaustively(lock(), []);

  t.deepEqual(spaceOf(lock()), { ...CLOSED, states: 8, transitions: 14, refusals: 2, depth: 3 });
  // Each process can want in ii, iw, ic (or mirrored), enter in wi, ww and is refused in wc, and leave in ci, cw.
  const nothingElse = { refusedLate: {}, keptBack: {} };
  t.deepEqual(result.statistics.operations, [
    { operation: 'want', done: 6, refused: {}, ...nothingElse },
    { operation: 'enter', done: 4, refused: { 'lock-is-free': 2 }, ...nothingElse },
    { operation: 'leave', done: 4, refused: {}, ...nothingElse },
  ]);
});

test('a lock without its guard lets both in', (t) => {
  // All 9 pairs, and each process can do something in each.
  const machine = lock({ without: ['lock-is-free'] });

  t.deepEqual(spaceOf(machine), { ...CLOSED, states: 9, transitions: 18, depth: 4 });
});

test('a mutex that looks first and enters later', (t) => {
  // Look: 2 of the 3 states in which one is idle, and refused in the third; enter and leave: 3 each. The same mirrored.
  t.deepEqual(spaceOf(brokenMutex()), { ...CLOSED, states: 9, transitions: 16, refusals: 2, depth: 4 });
});

test('a grid has two transitions for each pair of neighbours, and its far corner is the farthest state', (t) => {
  // 6 × 4 pairs side by side, 7 × 3 one above the other.
  t.deepEqual(spaceOf(grid(7, 4)), { ...CLOSED, states: 28, transitions: 2 * (24 + 21), depth: 6 + 3 });
});

test('attach-mini with one of each has the states and transitions counted by hand', (t) => {
  /*
   * No link: the process is alive (create, crash) or dead (restart): 2 states, 3 transitions.
   * A link, attached or not (a = 1 or 0; detach needs a = 1 and a descriptor), with n descriptors, pinned or not:
   *   n = 1, not pinned: close, dup, pin, crash, a        5 + 4
   *   n = 1, pinned: close, dup, unpin, get, crash, a     6 + 5
   *   n = 2, not pinned: close, pin, crash, a             4 + 3
   *   n = 2, pinned: close, unpin, crash, a               4 + 3
   *   n = 0, pinned, alive: unpin, get, crash             3 + 3
   *   n = 0, pinned, dead: unpin, restart                 2 + 2
   */
  const machine = new Machine(attachMini({ processes: 1, hooks: 1, programs: 1, links: 1 }));
  const { states, transitions } = spaceOf(machine);

  t.is(states, 2 + 6 * 2);
  t.is(transitions, 3 + 9 + 11 + 7 + 7 + 6 + 4);
});

test('attach-mini(3, 2, 4, 2) has the states and transitions that a C program, SPIN and TLC count', (t) => {
  const machine = new Machine(attachMini({ processes: 3, hooks: 2, programs: 4, links: 2 }));
  const { closed, statistics, results } = searchExhaustively(machine, attachMiniProperties);

  t.true(closed);
  t.is(statistics.states, 844_296);
  t.is(statistics.transitions, 20_504_952);
  t.deepEqual(
    results.map(({ verdict, spoke }) => [verdict.kind, spoke]),
    new Array(3).fill(['holds', 844_296]),
  );
});

/** A property that is kept in all states, one that is kept at all steps, and a witness that is not there. */
function kept<S>(): Property<S>[] {
  return [stateProperty(() => true), stepProperty(() => true), witness(() => false)];
}

/** How a search within limits ends, and how far it says that it looked. */
function stopOf<S>(machine: Machine<S>, limits: ExhaustiveLimits) {
  const { closed, stoppedBy, results, statistics } = searchExhaustively(machine, kept<S>(), limits);
  const bounds = results.map(({ verdict }) => {
    if (verdict.kind === 'holds-up-to') return verdict.bound;
    return verdict.kind === 'undecided' ? verdict.why : verdict.kind;
  });
  return { closed, stoppedBy, states: statistics.states, bounds };
}

test('a search that was stopped by depth has seen all sequences of so many calls', (t) => {
  t.deepEqual(stopOf(counter(5), { depth: 3 }), {
    closed: false,
    stoppedBy: 'depth',
    states: 4,
    bounds: [
      'all sequences of up to 3 calls',
      'all sequences of up to 3 calls',
      'not met within all sequences of up to 3 calls',
    ],
  });
});

test('a search that only looked at the first state has looked at nothing but that', (t) => {
  t.deepEqual(stopOf(counter(5), { depth: 0 }), {
    closed: false,
    stoppedBy: 'depth',
    states: 1,
    bounds: [
      'all sequences of up to 0 calls',
      'not met within all sequences of up to 0 calls',
      'not met within all sequences of up to 0 calls',
    ],
  });
});

test('a space is closed only when it is known that nothing lies behind its last level', (t) => {
  t.is(stopOf(counter(5), { depth: 5 }).stoppedBy, 'depth');
  t.deepEqual(stopOf(counter(5), { depth: 6 }), {
    closed: true,
    stoppedBy: undefined,
    states: 6,
    bounds: ['holds', 'holds', 'witness-missing'],
  });
});

test('a search that was stopped by states behind a level has looked at all of that level', (t) => {
  // 8 bits: 1, 8, 28, 56, … states in the levels. The 8 states of level 1 were looked at, and the 28 behind them found.
  t.deepEqual(stopOf(toggler(8), { maxStates: 10 }), {
    closed: false,
    stoppedBy: 'states',
    states: 1 + 8 + 28,
    bounds: [
      'all sequences of up to 1 calls (stopped by: states)',
      'all sequences of up to 2 calls (stopped by: states)',
      'not met within all sequences of up to 1 calls (stopped by: states)',
    ],
  });
});

test('a search that was stopped by states within a level says nothing of that level', (t) => {
  // Level 3 begins with 93 states found; the first of its 56 states that are looked at have some behind them.
  const { stoppedBy, bounds } = stopOf(toggler(8), { maxStates: 94 });

  t.is(stoppedBy, 'states');
  t.deepEqual(bounds, [
    'all sequences of up to 2 calls (stopped by: states)',
    'all sequences of up to 3 calls (stopped by: states)',
    'not met within all sequences of up to 2 calls (stopped by: states)',
  ]);
});

test('a search that was stopped by memory says so', (t) => {
  t.deepEqual(stopOf(toggler(8), { maxBytes: 1 }), {
    closed: false,
    stoppedBy: 'memory',
    states: 9,
    bounds: [
      'all sequences of up to 0 calls (stopped by: memory)',
      'all sequences of up to 1 calls (stopped by: memory)',
      'not met within all sequences of up to 0 calls (stopped by: memory)',
    ],
  });
});

for (const [what, options] of [
  ['rows', {}],
  ['fingerprints', { fingerprints: { seed: 1 } }],
] as const) {
  test(`a space is not closed if its last state found no room, though none waits: ${what}`, (t) => {
    // One state waits at a time. The tables begin with 170 to 260 KB, and 20,001 states need more than 300 KB.
    const { closed, stoppedBy, states } = stopOf(counter(20_000), { ...options, maxBytes: 300_000 });
    t.false(closed);
    t.is(stoppedBy, 'memory');
    t.true(states < 20_001);
  });
}

test('a limit that is met with the last state does not keep a space from being closed', (t) => {
  t.true(stopOf(counter(0), { maxStates: 1, maxBytes: 1 }).closed);
  t.true(stopOf(counter(5), { maxStates: 7 }).closed);
});

test('a search can be carried on in portions, looked at in between, and stopped', (t) => {
  const search = new ExhaustiveSearch(toggler(8), [never('bit 0 is set', (s) => s.bits.get(0))]);
  t.like(search.progress(), { states: 1, transitions: 0, depth: 0, waiting: 1, violated: [] });

  // The first state, then the 8 of level 1, the first of which has bit 0 set.
  t.true(search.advance(1));
  t.like(search.progress(), { states: 9, transitions: 8, waiting: 8, violated: [] });
  t.true(search.advance(1));
  t.like(search.progress(), { states: 37, transitions: 72, depth: 1, waiting: 28, violated: ['never'] });
  t.is(search.result().stoppedBy, 'interrupted');

  search.stop('time');
  t.false(search.advance(1));
  t.like(search.result(), { closed: false, stoppedBy: 'time' });
  t.is(search.progress().states, 37);
});

test('portions make no difference', (t) => {
  const inOne = searchExhaustively(grid(20, 30), kept());
  const search = new ExhaustiveSearch(grid(20, 30), kept());
  while (search.advance(7));

  t.deepEqual(search.result(), inOne);
  search.stop('time');
  t.true(search.result().closed, 'what has ended cannot be stopped');
});

test('the bounds of the model that kept a call from being tried are named', (t) => {
  const machine = machineOver(struct({ count: nat(4), on: nat(2) }), {
    operations: [
      operation({
        verb: 'add',
        summary: '',
        params: {},
        possible: [possible('is-off', (s) => s.on === 0), roomFor('things', (s) => s.count < 3)],
        effect(s) {
          s.count++;
        },
      }),
      operation({
        verb: 'remove',
        summary: '',
        params: {},
        possible: [possible('has-one', (s) => s.count > 0), roomFor('air', () => true)],
        effect(s) {
          s.count--;
        },
      }),
    ],
  });

  t.deepEqual(searchExhaustively(machine, []).statistics.boundsMet, ['things']);
  t.deepEqual(searchExhaustively(machine, [], { depth: 3 }).statistics.boundsMet, []);
});

test('a search says how much memory its tables take', (t) => {
  // At least a word for each row and one for its parent.
  t.true(searchExhaustively(toggler(16), []).statistics.bytes >= 65_536 * 8);
});
