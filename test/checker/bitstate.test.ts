import test from 'ava';
import { BitstateSearch, type BitstateLimits } from '../../checker/bitstate.js';
import { searchExhaustively } from '../../checker/exhaustive.js';
import { ModelFault } from '../../checker/faults.js';
import { judgeTrace } from '../../checker/judge.js';
import { broken, KEPT, SILENT, type Property } from '../../checker/property.js';
import type { SearchResult } from '../../checker/verdict.js';
import { domain, guard, operation, type Machine } from '../../model/machine/index.js';
import { array, bool, nat, struct } from '../../model/state/index.js';
import {
  grid,
  machineOver,
  never,
  stateProperty,
  stepProperty,
  toggler,
  witness,
  type StateOf,
} from '../models/tiny.js';

type Toggler = StateOf<ReturnType<typeof toggler>>;

function search<S>(
  machine: Machine<S>,
  properties: readonly Property<S>[],
  limits: Partial<BitstateLimits> = {},
): SearchResult {
  const bitstate = new BitstateSearch(machine, properties, {
    maxBytes: 4_000_000,
    seed: 1,
    exactStates: 20,
    ...limits,
  });
  while (bitstate.advance(50));
  return bitstate.result();
}

const allOn = (bits: number) => (s: Toggler) =>
  Array.from({ length: bits }, (_, i) => s.bits.get(i)).every((isOn) => isOn);

test('with enough memory it meets all states by all calls, and yet does not say that anything holds', (t) => {
  const { closed, stoppedBy, results, statistics } = search(toggler(10), [
    stateProperty<Toggler>(() => KEPT),
    stepProperty<Toggler>(() => KEPT),
  ]);

  // 2^10 states, and ten calls from each.
  t.like(statistics, { method: 'bitstate', states: 1024, transitions: 10_240, refusals: 0 });
  t.deepEqual(
    results.map(({ spoke }) => spoke),
    [1024, 10_240],
  );
  t.deepEqual([closed, stoppedBy], [false, 'bits']);
  // The first state, and ten that lie one flip away: another level would be more than 20 states.
  t.is(statistics.coverage?.exactStates, 11);
  for (const { verdict } of results) {
    t.is(verdict.kind, 'holds-up-to');
    if (verdict.kind !== 'holds-up-to') continue;
    t.is(
      verdict.bound.replace(/\([\d,]+ bits a state/, '(N bits a state'),
      'all sequences of up to 0 calls; 1,013 states met depth first, known by their bits ' +
        '(N bits a state, next to none left out by chance; stopped by: bits)',
    );
  }
});

test('a space that fits into the exact part is closed', (t) => {
  const { closed, results, statistics } = search(toggler(4), [stateProperty<Toggler>(() => KEPT)], {
    exactStates: 100,
  });

  t.true(closed);
  t.is(results[0]!.verdict.kind, 'holds');
  t.like(statistics, { states: 16, coverage: undefined });
});

test('what is broken within the exact part is broken by a shortest sequence', (t) => {
  const machine = toggler(10);
  const twoOn = never<Toggler>('bit 0 is on', (s) => s.bits.get(0));
  const { verdict } = search(machine, [twoOn]).results[0]!;

  t.true(verdict.kind === 'violated' && verdict.counterexample.trace.length === 1);
});

test('what is broken far behind it is broken by calls that lead there, with what is roundabout left out', (t) => {
  const machine = toggler(10);
  const property = never<Toggler>('all bits are on', allOn(10));
  const { verdict } = search(machine, [property]).results[0]!;

  t.true(verdict.kind === 'violated');
  if (verdict.kind !== 'violated') return;
  const { trace, clause } = verdict.counterexample;
  t.is(clause, 'all bits are on');
  t.is(judgeTrace(machine, property, trace).brokenAt, trace.length - 1);
  // One call to the edge and nine behind it; it may have gone one way and back.
  t.true(trace.length >= 10 && trace.length <= 12, `${trace.length} calls`);
});

test('a step is broken by the call behind the states that lead to it', (t) => {
  const machine = toggler(8);
  const property = stepProperty<Toggler>(({ before, args }) =>
    args[0] === 0 && allOn(8)(before) ? broken('the first bit is flipped when all are on') : KEPT,
  );
  const { verdict } = search(machine, [property]).results[0]!;

  t.true(verdict.kind === 'violated');
  if (verdict.kind !== 'violated') return;
  t.is(
    judgeTrace(machine, property, verdict.counterexample.trace).brokenAt,
    verdict.counterexample.trace.length - 1,
  );
});

test('a witness far behind the exact part is reached, and what is nowhere is undecided', (t) => {
  const machine = toggler(9);
  const reached = witness<Toggler>(allOn(9));
  const nowhere = witness<Toggler>(() => false, { name: 'nowhere' });
  const silent = stateProperty<Toggler>(() => SILENT);
  const results = search(machine, [reached, nowhere, silent]).results;

  t.deepEqual(
    results.map(({ verdict }) => verdict.kind),
    ['witnessed', 'undecided', 'undecided'],
  );
});

test('with a depth, no longer sequence is looked at', (t) => {
  const machine = grid(40, 40);
  const beyond = never<StateOf<typeof machine>>('far away', ({ x, y }) => x + y > 12);
  const { results, statistics, stoppedBy } = search(machine, [beyond], { depth: 12 });

  t.is(results[0]!.verdict.kind, 'holds-up-to');
  t.is(stoppedBy, 'depth');
  t.true(statistics.depth <= 12);
  t.true(statistics.coverage!.cut > 0);
  t.is(search(machine, [beyond], { depth: 300 }).results[0]!.verdict.kind, 'violated');
});

test('where the bits are few, fewer states are met, and it says how many it expects to be left out', (t) => {
  const machine = toggler(14);
  const { statistics, results } = search(machine, [stateProperty<Toggler>(() => KEPT)], { maxBytes: 20_000 });
  const { coverage, states } = statistics;

  t.true(states < 16_384, `${states} states`);
  t.true(coverage!.expectedOmissions > 100);
  t.true(coverage!.hashFactor < 16);
  t.regex(JSON.stringify(results[0]!.verdict), /about [\d,]+ left out by chance/);
});

test('it keeps to its memory', (t) => {
  for (const maxBytes of [1_000_000, 3_000_000]) {
    const bitstate = new BitstateSearch(toggler(16), [], { maxBytes, seed: 1 });
    let most = 0;
    while (bitstate.advance(1000)) most = Math.max(most, bitstate.progress().bytes);

    t.true(most <= maxBytes, `${most} of ${maxBytes} bytes`);
  }
});

test('the same seed gives the same result, however it is portioned; other parts of it go other ways', (t) => {
  const run = (limits: Partial<BitstateLimits>, portion: number): SearchResult => {
    const bitstate = new BitstateSearch(toggler(13), [never<Toggler>('all bits are on', allOn(13))], {
      maxBytes: 10_000,
      seed: 7,
      exactStates: 20,
      ...limits,
    });
    while (bitstate.advance(portion));
    return bitstate.result();
  };

  t.deepEqual(run({}, 10), run({}, 1000));
  t.deepEqual(run({ shard: { index: 2, of: 3 } }, 10), run({ shard: { index: 2, of: 3 } }, 1000));
  const met = [1, 2, 3].map((index) => run({ shard: { index, of: 3 } }, 1000).statistics.states);
  t.is(new Set(met).size, 3, met.join());
});

test('several parts together meet what one of them leaves out', (t) => {
  // 4,096 states in 3,200 bytes of bits or so.
  const met = new Set<string>();
  const perPart: number[] = [];
  for (let index = 1; index <= 4; index++) {
    const before = met.size;
    let own = 0;
    const note = stateProperty<Toggler>((s) => {
      own++;
      met.add(Array.from({ length: 12 }, (_, i) => Number(s.bits.get(i))).join(''));
      return KEPT;
    });
    search(toggler(12), [note], { maxBytes: 4000, shard: { index, of: 4 } });
    t.true(own > 0 && met.size >= before);
    perPart.push(own);
  }

  t.true(met.size > Math.max(...perPart), `${met.size} in all, ${perPart.join()} each`);
  t.true(met.size <= 4096);
});

test('it can be stopped in both parts, and says by what', (t) => {
  for (const states of [30, 500]) {
    const bitstate = new BitstateSearch(toggler(10), [stateProperty<Toggler>(() => KEPT)], {
      maxBytes: 4_000_000,
      seed: 1,
      exactStates: 100,
    });
    while (bitstate.progress().states < states && bitstate.advance(1));
    t.true(bitstate.progress().waiting > 0);
    bitstate.stop('time');

    t.false(bitstate.advance(1));
    const { closed, stoppedBy, results } = bitstate.result();
    t.deepEqual([closed, stoppedBy], [false, 'time']);
    t.regex(JSON.stringify(results[0]!.verdict), /stopped by: time/);
  }
});

test('it stops at as many states as it was given', (t) => {
  const { stoppedBy, statistics } = search(toggler(12), [], { maxStates: 500 });

  t.is(stoppedBy, 'states');
  t.true(statistics.states >= 500 && statistics.states < 1100);
});

test('refusals are counted in both parts', (t) => {
  const bit = domain('bit', ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
  const machine = machineOver(struct({ on: array(8, bool), unused: nat(2) }), {
    operations: [
      operation({
        verb: 'set',
        summary: '',
        params: { bit },
        guards: [guard('is-off', 'EBUSY', (s, i: number) => !s.on.get(i))],
        effect: (s, i) => s.on.set(i, true),
      }),
    ],
  });
  const { counting, ...bounded } = { counting: 'every-refusal' as const };
  const { statistics } = search(machine, [], { ...bounded, counting });

  // From each of 2^8 states, each bit is set or refused: half of 8 × 2^8 each.
  t.like(statistics, { states: 256, transitions: 1024, refusals: 1024 });
  t.deepEqual(statistics.operations[0]!.refused, { 'is-off': 1024 });
});

test('an effect that throws far behind the exact part is a fault of the model, with the calls that lead to it', (t) => {
  const machine = machineOver(struct({ count: nat(200) }), {
    name: 'counter',
    operations: [
      operation({
        verb: 'up',
        summary: '',
        params: {},
        effect(s) {
          if (s.count === 150) throw new Error('boom');
          s.count++;
        },
      }),
      operation({ verb: 'zero', summary: '', params: {}, effect: (s) => void (s.count = 0) }),
    ],
  });
  const fault = t.throws(() => search(machine, []), { instanceOf: ModelFault });

  t.is(fault.message, "the operation 'up' of 'counter' failed: boom");
  t.is(fault.trace.length, 151);
});

test('what it finds in a space that can be closed is what the exhaustive search finds there', (t) => {
  const machine = toggler(11);
  const properties = [
    never<Toggler>('bits 0, 5 and 10 are on', (s) => s.bits.get(0) && s.bits.get(5) && s.bits.get(10)),
    stateProperty<Toggler>(() => KEPT),
  ];
  const exhaustive = searchExhaustively(machine, properties);
  const bitstate = search(machine, properties);

  t.is(bitstate.statistics.states, exhaustive.statistics.states);
  t.is(bitstate.statistics.transitions, exhaustive.statistics.transitions);
  t.deepEqual(
    bitstate.results.map(({ verdict }) => verdict.kind),
    ['violated', 'holds-up-to'],
  );
});
