/** Mutants of tiny machines, whose answers are worked out by hand. */
import test from 'ava';
import { MutationTest, type MutationResult } from '../../checker/mutations.js';
import { broken, KEPT, type Property } from '../../checker/property.js';
import { guard, operation, possible, type Machine } from '../../model/machine/index.js';
import { array, holds, nat, struct, table, type ValueOf } from '../../model/state/index.js';
import { lock, machineOver, stateProperty, stepProperty, witness } from '../models/tiny.js';

const schema = struct({ count: nat(4), things: table(1, {}), shelf: array(1, holds('things')) });

type State = ValueOf<typeof schema> & { isHeld?: (state: unknown, object: number) => boolean };

/**
 * A counter of 0 to 3 that must stay below 3, and a thing that is there as long as it lies on the shelf.
 *
 * `up` is refused from 2 on, by `is-below-2`; `is-below-3` behind it says the same of less, and never has anything to refuse;
 * `is-not-9` is asked first and never refuses. `down` is refused at 0 by `is-not-0`, and so by `is-above-0`, with another errno.
 * `same` is refused at 1, and would change nothing.
 */
function shop(): Machine<State> {
  return machineOver(schema, {
    name: 'shop',
    prepare(memory, counts) {
      const isHeld = memory.holderTest(counts);
      for (const view of [memory.after, memory.before]) Object.assign(view, { isHeld });
    },
    operations: [
      operation<State>({
        verb: 'up',
        summary: 'one more',
        params: {},
        guards: [
          guard('is-not-9', 'EINVAL', (s) => s.count !== 9),
          guard('is-below-2', 'ERANGE', (s) => s.count < 2),
          guard('is-below-3', 'ERANGE', (s) => s.count < 3),
        ],
        effect(s) {
          s.count++;
        },
      }),
      operation<State>({
        verb: 'down',
        summary: 'one less',
        params: {},
        guards: [
          guard('is-not-0', 'EINVAL', (s) => s.count !== 0),
          guard('is-above-0', 'ERANGE', (s) => s.count > 0),
        ],
        effect(s) {
          s.count--;
        },
      }),
      operation<State>({
        verb: 'jump',
        summary: 'to the top, which is too high',
        params: {},
        guards: [guard('is-no-fool', 'EPERM', () => false)],
        effect(s) {
          s.count += 4;
        },
      }),
      operation<State>({
        verb: 'same',
        summary: 'changes nothing',
        params: {},
        guards: [guard('is-not-1', 'EAGAIN', (s) => s.count !== 1)],
      }),
      operation<State>({
        verb: 'buy',
        summary: 'a thing comes onto the shelf',
        params: {},
        possible: [possible('shelf-is-empty', (s) => !s.things[0]!.live)],
        effect(s) {
          s.things[0]!.live = true;
          s.shelf.set(0, 0);
        },
      }),
      operation<State>({
        verb: 'tidy',
        summary: 'what nothing holds is thrown away',
        params: {},
        effect(s) {
          if (!s.isHeld!(s, 0)) s.things[0]!.live = false;
        },
      }),
    ],
  });
}

const staysBelow3: Property<State> = stateProperty((s) => (s.count < 3 ? KEPT : broken('too many')), {
  name: 'stays-below-3',
});

const shelfIsSound: Property<State> = stateProperty(
  (s) => (s.shelf.get(0) < 0 || s.things[0]!.live ? KEPT : broken('the shelf holds what is gone')),
  { name: 'shelf-is-sound' },
);

const stateIsAState: Property<State> = stateProperty(() => KEPT, { name: 'state-is-a-state' });

function resultsOf<S>(machine: Machine<S>, properties: readonly Property<S>[]): Map<string, MutationResult> {
  const mutants = new MutationTest(machine, properties);
  return new Map(mutants.mutations.map((mutation) => [mutation.name, mutants.resultOf(mutation)]));
}

/** The claims that fall, with the calls of the sequence that shows it. */
function fallen(result: MutationResult | undefined): (readonly [string, number | string])[] {
  if (result?.kind !== 'falls') return [];
  return result.fallen.map(({ property, verdict }) => {
    const calls = verdict.kind === 'violated' ? verdict.counterexample.trace.length : verdict.kind;
    return [property, calls] as const;
  });
}

test('each guard of each operation, and each reference that holds, is switched off alone', (t) => {
  t.deepEqual(
    new MutationTest(shop(), []).mutations.map(({ name }) => name),
    [
      'up/is-not-9',
      'up/is-below-2',
      'up/is-below-3',
      'down/is-not-0',
      'down/is-above-0',
      'jump/is-no-fool',
      'same/is-not-1',
      'hold:shelf',
    ],
  );
});

test('a guard that is the only one to keep a claim is needed, with the shortest sequence', (t) => {
  const machine = lock();
  const exclusion = stateProperty<typeof machine.state>(
    (s) => (s.at.get(0) === 2 && s.at.get(1) === 2 ? broken('both are inside') : KEPT),
    { name: 'exclusion' },
  );

  const results = resultsOf(machine, [exclusion]);

  // Both want, both enter.
  t.deepEqual(fallen(results.get('enter/lock-is-free')), [['exclusion', 4]]);
});

test('a guard that never refuses is idle, one whose refusals others make decides the errno only', (t) => {
  const results = resultsOf(shop(), [stateIsAState]);

  t.deepEqual(results.get('up/is-not-9'), { kind: 'idle' });
  t.deepEqual(results.get('up/is-below-3'), { kind: 'idle' });
  t.deepEqual(results.get('down/is-above-0'), { kind: 'idle' });
  t.deepEqual(results.get('down/is-not-0'), { kind: 'errno' });
});

test('a guard that lets calls through which no claim minds is not needed', (t) => {
  const results = resultsOf(shop(), [stateIsAState]);

  t.deepEqual(results.get('same/is-not-1'), { kind: 'unneeded', sameStates: true });
  // It goes up to 3, because `is-below-3` is still there.
  t.deepEqual(results.get('up/is-below-2'), { kind: 'unneeded', sameStates: false });
});

test('a guard is needed for a claim about the states behind it', (t) => {
  const results = resultsOf(shop(), [stateIsAState, staysBelow3]);

  t.deepEqual(fallen(results.get('up/is-below-2')), [['stays-below-3', 3]]);
  t.is(results.get('same/is-not-1')!.kind, 'unneeded');
});

test('a claim about calls falls by calls that lead nowhere new', (t) => {
  const neverAtOne = stepProperty<State>(({ before }) => (before.count === 1 ? broken('at one') : KEPT), {
    name: 'never-at-one',
    verbs: ['same'],
  });

  const results = resultsOf(shop(), [neverAtOne]);

  // Up, and then the call that was refused.
  t.deepEqual(fallen(results.get('same/is-not-1')), [['never-at-one', 2]]);
});

test('a claim that speaks of refusals only is vacuous without the guard that refuses', (t) => {
  const refusedIsUnchanged = stepProperty<State>((step) => (step.unchanged() ? KEPT : broken('changed')), {
    name: 'refused-is-unchanged',
    verbs: ['same'],
    refusals: 'begun',
    onlyRefusals: true,
  });

  const results = resultsOf(shop(), [refusedIsUnchanged]);

  t.deepEqual(fallen(results.get('same/is-not-1')), [['refused-is-unchanged', 'vacuous']]);
});

test('rules that rely on a guard fail without it, and the calls are told', (t) => {
  const result = resultsOf(shop(), [stateIsAState]).get('jump/is-no-fool')!;

  t.is(result.kind, 'fails');
  if (result.kind !== 'fails') return;
  t.is(result.trace.length, 1);
  t.regex(result.message, /^the operation 'jump' of 'shop' failed: count cannot be 4/);
});

test('a reference that holds is needed for what it keeps alive', (t) => {
  const results = resultsOf(shop(), [shelfIsSound]);

  // Buy, tidy.
  t.deepEqual(fallen(results.get('hold:shelf')), [['shelf-is-sound', 2]]);
});

test('a reference that holds and that no claim speaks of is not needed', (t) => {
  t.deepEqual(resultsOf(shop(), [staysBelow3]).get('hold:shelf'), { kind: 'unneeded', sameStates: false });
});

test('what the machine breaks as it is cannot fall, and a witness stays reached', (t) => {
  const never2 = stateProperty<State>((s) => (s.count < 2 ? KEPT : broken('two')), { name: 'never-2' });
  const two = witness<State>((s) => s.count === 2, { name: 'two' });
  const mutants = new MutationTest(shop(), [never2, two, staysBelow3]);

  t.deepEqual(
    mutants.kept.map(({ name }) => name),
    ['two', 'stays-below-3'],
  );
  for (const mutation of mutants.mutations) {
    for (const [property] of fallen(mutants.resultOf(mutation))) t.is(property, 'stays-below-3');
  }
});

test('within a depth that shows nothing, nothing is said', (t) => {
  const mutants = new MutationTest(shop(), [staysBelow3], undefined, { depth: 2 });
  const result = mutants.resultOf(mutants.mutations.find(({ name }) => name === 'up/is-below-2')!);

  t.deepEqual(result, { kind: 'undecided', depth: 2 });
});

test('where a claim has fallen the search ends at the states that were asked for', (t) => {
  const stop: string[] = [];
  const mutants = new MutationTest(
    shop(),
    [staysBelow3, stateIsAState],
    (search, isEnough) => {
      while (search.advance(1)) {
        if (!isEnough(search.progress())) continue;
        search.stop('states');
        stop.push(`at ${search.progress().states}`);
      }
    },
    { statesOfFallen: 1 },
  );
  const result = mutants.resultOf(mutants.mutations.find(({ name }) => name === 'up/is-below-2')!);

  t.deepEqual(fallen(result), [['stays-below-3', 3]]);
  t.is(stop.length, 1);
});
