import test from 'ava';
import { argumentLists, callsMade } from '../../checker/calls.js';
import { SequenceGenerator } from '../../checker/generator.js';
import { judgeTrace } from '../../checker/judge.js';
import { NextBreachSearch, type NextBreach } from '../../checker/next-breach.js';
import { broken, KEPT, type Property } from '../../checker/property.js';
import type { Trace } from '../../checker/trace.js';
import { IMPOSSIBLE, type Machine } from '../../model/machine/index.js';
import {
  brokenMutex,
  counter,
  CRITICAL,
  files,
  mutualExclusion,
  never,
  stepProperty,
  toggler,
  witness,
  type FilesState,
  type StateOf,
} from '../models/tiny.js';
import { traceOf } from './traces.js';

function next<S>(
  machine: Machine<S>,
  properties: readonly Property<S>[],
  trace: Trace,
  maxStates = Infinity,
): NextBreach {
  const search = new NextBreachSearch(machine, properties, trace, { maxStates });
  while (search.advance(1));
  return search.result();
}

test('the calls that are made need not be made again', (t) => {
  const machine = brokenMutex();
  // From the start it takes four calls; both have looked, so two are left: each enters.
  const looked = traceOf(machine, ['look', 0], ['look', 1]);
  const found = next(machine, [mutualExclusion], looked);
  t.like(found, { kind: 'found', property: 'mutual-exclusion', calls: { length: 2 } });
  t.like(next(machine, [mutualExclusion], []), { calls: { length: 4 } });
});

const writesRemoved: Property<FilesState> = never('a removed file was written', (s) =>
  [0, 1].some((i) => s.files[i]!.removed && s.files[i]!.written),
);

test('the calls found use the numbers that earlier calls handed out', (t) => {
  const machine = files();
  const trace = traceOf(machine, ['open', 0], ['remove', 0, { result: 0 }]);
  const found = next(machine, [writesRemoved], trace);
  t.deepEqual(found, {
    kind: 'found',
    property: 'never',
    calls: [{ operation: machine.operationIndex('write'), args: [0, { result: 0 }] }],
  });
});

test('a state that breaks a claim is nearer than a call that is found earlier', (t) => {
  // 40 bits: one call sets the last, two set any two. The second call is seen from the first state of the first level, the
  // state with the last bit only when the search has come to it.
  const machine = toggler(40);
  type Bits = StateOf<typeof machine>;
  const last = never<Bits>('the last bit is set', (s) => s.bits.get(39));
  const two = stepProperty<Bits>(({ after }) => {
    let set = 0;
    for (let i = 0; i < 40; i++) if (after.bits.get(i)) set++;
    return set > 1 ? broken('two bits are set') : KEPT;
  });
  const found = next(machine, [two, last], []);
  t.like(found, { kind: 'found', property: 'never', calls: { length: 1 } });
});

test('a witness that is there already takes no call', (t) => {
  const machine = brokenMutex();
  const inside = witness<StateOf<typeof machine>>((s) => s.at.get(0) === CRITICAL);
  const trace = traceOf(machine, ['look', 0], ['enter', 0]);
  t.like(next(machine, [inside], trace), { kind: 'found', calls: { length: 0 } });
});

test('where nothing can come any more, it is known that nothing does', (t) => {
  const machine = counter(3);
  const tooHigh = never<StateOf<typeof machine>>('below two', (s) => s.count === 1);
  t.deepEqual(next(machine, [tooHigh], traceOf(machine, ['up'], ['up'])), { kind: 'none' });
});

test('a search that was stopped says how far it has looked', (t) => {
  const machine = counter(100);
  const high = never<StateOf<typeof machine>>('too high', (s) => s.count === 99);
  const found = next(machine, [high], traceOf(machine, ['up']), 10);
  // Ten states in a row: the tenth was not looked at, nor what lies behind it.
  t.like(found, { kind: 'not-found', stoppedBy: 'states' });
  t.true(found.kind === 'not-found' && found.depth <= 9 && found.depth >= 7);
});

/** How many calls it takes from behind a trace, the slow way. */
function distance<S>(machine: Machine<S>, isBroken: (state: S) => boolean, trace: Trace): number {
  callsMade(machine, trace);
  const first = new Int32Array(machine.words);
  machine.save(first, 0);
  const known = new Set([first.join()]);
  for (let level = [first], calls = 1; level.length > 0; calls++) {
    const reached: Int32Array<ArrayBuffer>[] = [];
    for (const row of level) {
      for (let operation = 0; operation < machine.operations.length; operation++) {
        for (const args of argumentLists(machine, operation)) {
          machine.load(row, 0);
          if (machine.call(operation, args) === IMPOSSIBLE) continue;
          if (isBroken(machine.state)) return calls;
          const after = new Int32Array(machine.words);
          machine.save(after, 0);
          if (known.has(after.join())) continue;
          known.add(after.join());
          reached.push(after);
        }
      }
    }
    level = reached;
  }
  return Infinity;
}

test('no sequence from there is shorter', (t) => {
  const machine = files();
  const generator = new SequenceGenerator(machine, { minLength: 1, maxLength: 4, swarm: false });
  let compared = 0;
  for (let seed = 0; seed < 30; seed++) {
    const trace = generator.draw(seed);
    if (judgeTrace(machine, writesRemoved, trace).broken) continue;
    const found = next(machine, [writesRemoved], trace);
    if (found.kind !== 'found') {
      t.fail();
      continue;
    }
    const { brokenAt } = judgeTrace(machine, writesRemoved, [...trace, ...found.calls]);
    t.is(brokenAt, trace.length + found.calls.length - 1);
    const isBroken = (s: FilesState): boolean =>
      writesRemoved.kind === 'state' && writesRemoved.check(s) !== true;
    t.is(found.calls.length, distance(machine, isBroken, trace));
    compared++;
  }
  t.true(compared > 10);
});
