import test from 'ava';
import { domain, operation, possible, refuse, type Machine } from '../../model/machine/index.js';
import { nat, struct } from '../../model/state/index.js';
import { ImpureModelFault } from '../../checker/faults.js';
import { judgeTrace } from '../../checker/judge.js';
import { broken, KEPT, SILENT, type Property } from '../../checker/property.js';
import { RandomSearch, type RandomLimits } from '../../checker/random.js';
import type { Shard } from '../../checker/shard.js';
import type { SearchResult } from '../../checker/verdict.js';
import {
  brokenMutex,
  counter,
  files,
  lock,
  machineOver,
  mutualExclusion,
  never,
  stateProperty,
  stepProperty,
  toggler,
  witness,
  type FilesState,
  type MutexState,
  type StateOf,
} from '../models/tiny.js';

type Toggler = StateOf<ReturnType<typeof toggler>>;
type Counter = StateOf<ReturnType<typeof counter>>;
type Lock = StateOf<ReturnType<typeof lock>>;

function searchRandomly<S>(
  machine: Machine<S>,
  properties: readonly Property<S>[],
  limits: Partial<RandomLimits> = {},
): SearchResult {
  const search = new RandomSearch(machine, properties, { runs: 500, seed: 1, ...limits });
  while (search.advance(100));
  return search.result();
}

test('random search finds the broken mutex, with a sequence that breaks it at its end', (t) => {
  const { results, closed } = searchRandomly(brokenMutex(), [mutualExclusion]);
  const { verdict } = results[0]!;

  t.false(closed);
  t.true(verdict.kind === 'violated');
  if (verdict.kind !== 'violated') return;
  const { trace, clause } = verdict.counterexample;
  t.is(clause, 'both are inside');
  t.is(judgeTrace(brokenMutex(), mutualExclusion, trace).brokenAt, trace.length - 1);
});

test('a breach ends the watching of its property, and of no other', (t) => {
  const lengths: number[] = [];
  const deep = stateProperty<MutexState>(
    () => {
      lengths.push(1);
      return KEPT;
    },
    { name: 'kept' },
  );
  const { results, statistics } = searchRandomly(brokenMutex(), [mutualExclusion, deep]);

  t.is(results[1]!.verdict.kind, 'holds-up-to');
  t.is(lengths.length, statistics.runs + statistics.transitions + statistics.refusals);
  t.true(results[0]!.spoke < results[1]!.spoke);
});

test('what is kept holds for as many sequences as were drawn, and no more is said', (t) => {
  const { results, closed, stoppedBy } = searchRandomly(lock(), [mutualExclusion], { runs: 250 });

  t.deepEqual(results[0]!.verdict, { kind: 'holds-up-to', bound: '250 random sequences' });
  t.deepEqual([closed, stoppedBy], [false, 'runs']);
});

test('what was never met is undecided, be it a claim or a witness', (t) => {
  const silent = stateProperty<Lock>(() => SILENT);
  const nowhere = witness<Lock>(() => false);
  const { results } = searchRandomly(lock(), [silent, nowhere], { runs: 300 });

  const undecided = { kind: 'undecided', why: 'not met in 300 random sequences' };
  t.deepEqual(results, [
    { property: 'state-property', verdict: undecided, spoke: 0 },
    { property: 'witness', verdict: undecided, spoke: 0 },
  ] as typeof results);
});

test('a witness is reached at the end of its example', (t) => {
  const bothRemoved = witness<FilesState>((s) => s.files[0]!.removed && s.files[1]!.removed);
  const { verdict } = searchRandomly(files(), [bothRemoved]).results[0]!;

  t.true(verdict.kind === 'witnessed');
  if (verdict.kind !== 'witnessed') return;
  t.is(judgeTrace(files(), bothRemoved, verdict.example).firstSpoke, verdict.example.length - 1);
});

test('a claim that is broken in the first state is broken by no call', (t) => {
  const { verdict } = searchRandomly(counter(3), [never<Counter>('at 0', ({ count }) => count === 0)])
    .results[0]!;

  t.deepEqual(verdict, { kind: 'violated', counterexample: { trace: [], clause: 'at 0', objects: {} } });
});

test('every state and every call of every sequence is looked at', (t) => {
  const properties = [stateProperty<Toggler>(() => KEPT), stepProperty<Toggler>(() => KEPT)];
  const { results, statistics } = searchRandomly(toggler(4), properties, {
    runs: 100,
    minLength: 10,
    maxLength: 10,
  });

  // 100 first states, and 10 calls with a state behind each in every sequence.
  t.deepEqual(
    results.map(({ spoke }) => spoke),
    [1100, 1000],
  );
  t.like(statistics, { method: 'random', runs: 100, transitions: 1000, refusals: 0, depth: 10, states: 0 });
  t.deepEqual(statistics.operations, [
    { operation: 'flip', done: 1000, refused: {}, refusedLate: {}, keptBack: {} },
  ]);
});

test('refused calls are counted by the guard that refused them', (t) => {
  const { statistics } = searchRandomly(lock(), [], { wrongCalls: 100 });
  const refused = statistics.operations.map(({ refused }) => refused);

  t.true(statistics.refusals > 0);
  t.deepEqual(refused, [{}, { 'lock-is-free': statistics.refusals }, {}]);
  t.is(
    statistics.transitions,
    statistics.operations.reduce((sum, { done }) => sum + done, 0),
  );
});

test('refusals by guards are counted, not asked about, for a property of refusals that had begun', (t) => {
  let asked = 0;
  const begun = stepProperty<Lock>(
    () => {
      asked++;
      return KEPT;
    },
    { refusals: 'begun' },
  );
  const ofEnter = stepProperty<Lock>(() => KEPT, { refusals: 'begun', verbs: ['enter'] });
  const ofWant = stepProperty<Lock>(() => KEPT, { refusals: 'begun', verbs: ['want'] });
  const { results, statistics } = searchRandomly(lock(), [begun, ofEnter, ofWant], { wrongCalls: 50 });
  const [want, enter] = statistics.operations;

  t.is(asked, statistics.transitions);
  t.deepEqual(
    results.map(({ spoke }) => spoke),
    [statistics.transitions + statistics.refusals, enter!.done + statistics.refusals, want!.done],
  );
});

test('a refusal by the effect is seen once, as a refusal', (t) => {
  const machine = machineOver(struct({ count: nat(3) }), {
    operations: [
      operation({
        verb: 'up',
        summary: '',
        params: {},
        effect(s) {
          if (s.count === 2) return refuse('EAGAIN');
          s.count++;
          return undefined;
        },
      }),
    ],
  });
  const property = stepProperty<Counter>(() => KEPT, { refusals: 'begun' });
  const limits = { runs: 50, minLength: 10, maxLength: 10, wrongCalls: 100 };
  const { results, statistics } = searchRandomly(machine, [property], limits);

  // Two calls up, and eight that are refused, in each of 50 sequences.
  t.is(results[0]!.spoke, 500);
  t.like(statistics, { transitions: 100, refusals: 400 });
});

test('hardly a sequence is drawn twice', (t) => {
  const bit = domain(
    'bit',
    Array.from({ length: 16 }, (_, i) => `bit${i}`),
  );
  const machine = machineOver(struct({ time: nat(64) }), {
    operations: [
      operation({ verb: 'note', summary: '', params: { bit }, effect: (s) => void (s.time += 1) }),
    ],
  });
  const drawn: string[] = [];
  const noted = stepProperty<{ time: number }>(({ before, args }) => {
    if (before.time === 0) drawn.push('');
    drawn.push(`${drawn.pop()!}${args[0]!.toString(16)}`);
    return KEPT;
  });
  searchRandomly(machine, [noted], { runs: 3000, minLength: 10 });

  // At least 16^10 sequences are possible, so chance draws none of them twice.
  t.is(drawn.length, 3000);
  t.true(new Set(drawn).size > 2990);
});

test('the same seed gives the same results, another one other sequences', (t) => {
  const search = (seed: number): SearchResult =>
    searchRandomly(files(), [never<FilesState>('removed', (s) => s.files[1]!.removed && s.ticks === 1)], {
      seed,
    });

  t.deepEqual(search(7), search(7));
  t.notDeepEqual(search(7).results, search(8).results);
  t.notThrows(() => [search(0x7fffffff), search(-0x80000000)]);
});

test('a search can be looked at between portions, and stopped', (t) => {
  const search = new RandomSearch(brokenMutex(), [mutualExclusion], { runs: 1000, seed: 1 });
  t.like(search.progress(), { runs: 0, waiting: 1000, violated: [] });

  t.true(search.advance(400));
  t.like(search.progress(), { runs: 400, waiting: 600, violated: ['mutual-exclusion'] });
  t.is(search.result().stoppedBy, 'interrupted');

  search.stop('time');
  t.false(search.advance(400));
  t.like(search.result(), { closed: false, stoppedBy: 'time' });
  t.is(search.result().statistics.runs, 400);
});

test('a search that has drawn all it should cannot be stopped', (t) => {
  const search = new RandomSearch(lock(), [], { runs: 10, seed: 1 });

  t.false(search.advance(100));
  search.stop('time');
  t.is(search.result().stoppedBy, 'runs');
});

test('a rule that only sometimes holds is broken by the one sequence that breaks it', (t) => {
  // A combination of four digits, tried one after the other: 1 in 81 for each four calls.
  const digit = domain('digit', ['0', '1', '2']);
  const machine = machineOver(struct({ right: nat(5) }), {
    operations: [
      operation({
        verb: 'dial',
        summary: '',
        params: { digit },
        possible: [possible('closed', (s) => s.right < 4)],
        effect(s, choice) {
          s.right = choice === [2, 0, 1, 1][s.right] ? s.right + 1 : 0;
        },
      }),
    ],
  });
  const closed = stateProperty<{ right: number }>(({ right }) => (right === 4 ? broken('open') : KEPT));
  const { verdict } = searchRandomly(machine, [closed]).results[0]!;

  t.true(verdict.kind === 'violated');
  if (verdict.kind !== 'violated') return;
  t.deepEqual(
    verdict.counterexample.trace.slice(-4).map(({ args }) => args[0]),
    [2, 0, 1, 1],
  );
});

test('slices of time change nothing', (t) => {
  for (const targeted of [false, true]) {
    const search = (portion: number): SearchResult => {
      const random = new RandomSearch(files(), [never<FilesState>('a tick', (s) => s.ticks === 1)], {
        ...{ runs: 700, seed: 3, targeted },
      });
      while (random.advance(portion));
      return random.result();
    };

    t.deepEqual(search(1), search(700));
    t.deepEqual(search(7), search(256));
  }
});

test('parts of a search draw what the whole search draws, each sequence in one of them', (t) => {
  const drawn = (shard?: Shard): string[] => {
    const sequences: string[] = [];
    const note = stepProperty<Toggler>(({ before, args }) => {
      if (Array.from({ length: 16 }, (_, i) => before.bits.get(i)).every((isOn) => !isOn)) sequences.push('');
      sequences.push(`${sequences.pop()!}${args[0]!.toString(16)}`);
      return KEPT;
    });
    const limits = { runs: shard ? 30 : 90, minLength: 5, maxLength: 5, swarm: false };
    searchRandomly(toggler(16), [note], { ...limits, ...(shard ? { shard } : {}) });
    return sequences;
  };
  const parts = [1, 2, 3].map((index) => drawn({ index, of: 3 }));

  t.deepEqual(parts.flat().sort(), drawn().sort());
  t.notDeepEqual(parts[0], parts[1]);
});

/** A number that goes up by the right call, and falls back to 0 by any other one. */
function ladder() {
  const step = domain('step', ['right', 'wrong', 'worse']);
  return machineOver(struct({ height: nat(16) }), {
    name: 'ladder',
    operations: [
      operation({
        verb: 'climb',
        summary: '',
        params: { step },
        possible: [possible('below-the-top', (s) => s.height < 15)],
        effect: (s, choice) => void (s.height = choice === 0 ? s.height + 1 : 0),
      }),
    ],
  });
}

test('a targeted search gets where chance alone hardly leads, by going on from what was new', (t) => {
  const top = never<StateOf<ReturnType<typeof ladder>>>('at the top', (s) => s.height === 12);
  const limits = { runs: 3000, maxLength: 20, swarm: false };
  // 12 right ones of 3 in a row: a chance of 1 in 531,441 for each place at which they can begin.
  const plain = searchRandomly(ladder(), [top], limits).results[0]!.verdict;
  const targeted = searchRandomly(ladder(), [top], { ...limits, targeted: true }).results[0]!.verdict;

  t.is(plain.kind, 'holds-up-to');
  t.true(targeted.kind === 'violated');
  if (targeted.kind !== 'violated') return;
  const { trace } = targeted.counterexample;
  t.is(judgeTrace(ladder(), top, trace).brokenAt, trace.length - 1);
  t.true(trace.length <= 20);
});

test('no sequence of a targeted search, with what it goes on from, is longer than the longest', (t) => {
  const { statistics } = searchRandomly(toggler(12), [], { runs: 2000, maxLength: 8, targeted: true });

  t.is(statistics.depth, 8);
  t.is(statistics.runs, 2000);
});

test('a targeted search keeps refusals that were seldom met, also if none are to be made on purpose', (t) => {
  const limits = { wrongCalls: 0, runs: 100 };
  const refusals = (targeted: boolean): number =>
    searchRandomly(lock(), [], { ...limits, targeted }).statistics.refusals;

  t.is(refusals(false), 0);
  t.true(refusals(true) > 0);
});

test('a targeted search notices a rule that keeps data outside the state', (t) => {
  let made = 0;
  const machine = machineOver(struct({ count: nat(2) }), {
    name: 'impure',
    operations: [
      operation({
        verb: 'flip',
        summary: '',
        params: {},
        effect: (s) => void (s.count = ++made % 3 === 0 ? s.count : 1 - s.count),
      }),
    ],
  });

  t.throws(() => searchRandomly(machine, [], { targeted: true, runs: 2000 }), {
    instanceOf: ImpureModelFault,
  });
});
