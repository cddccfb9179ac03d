/** Which calls and states properties are asked about, and how often they count as having spoken. */
import test from 'ava';
import { searchExhaustively } from '../../checker/exhaustive.js';
import { broken, defineProperty, KEPT, SILENT, type Property } from '../../checker/property.js';
import { domain, guard, Machine, operation } from '../../model/machine/index.js';
import { nat, struct, type ValueOf } from '../../model/state/index.js';

const schema = struct({ count: nat(4), other: nat(3) });
type State = ValueOf<typeof schema>;

/** Counts to 3, and beside it turns round in 3 steps; `up` is refused at 3 with EBUSY, `down` at 0 with ENOENT. */
function counter(): Machine<State> {
  return new Machine<State>({
    name: 'counter',
    schema,
    operations: [
      operation<State>({
        verb: 'up',
        summary: 'one more',
        params: {},
        guards: [guard('is-below-3', 'EBUSY', (s) => s.count < 3)],
        effect(s) {
          s.count++;
        },
      }),
      operation<State>({
        verb: 'down',
        summary: 'one less',
        params: {},
        guards: [guard('is-above-0', 'ENOENT', (s) => s.count > 0)],
        effect(s) {
          s.count--;
        },
      }),
      operation<State>({
        verb: 'turn',
        summary: 'the other one',
        params: { way: domain('way', ['on']) },
        effect: (s) => void (s.other = (s.other + 1) % 3),
      }),
    ],
    initial: () => undefined,
  });
}

const CLAIM = { claim: 'a claim', source: 'this test', situation: 'always', speaksAbout: 'all' } as const;

function spokeOf(property: Property<State>): number {
  return searchExhaustively(counter(), [property]).results[0]!.spoke;
}

test('a property that reads one field is asked once for each of its values, and counts for all states', (t) => {
  const asked: number[] = [];
  const spoke = spokeOf(
    defineProperty<State>({
      ...CLAIM,
      name: 'reads-count',
      kind: 'state',
      reads: ['count'],
      check(s) {
        asked.push(s.count);
        return s.count === 0 ? SILENT : KEPT;
      },
    }),
  );

  t.deepEqual(asked.sort(), [0, 1, 2, 3]);
  // 4 × 3 states, in 3 of which it has nothing to say.
  t.is(spoke, 9);
});

test('a breach of one property does not change what is counted for another that reads the same', (t) => {
  const kept = defineProperty<State>({
    ...CLAIM,
    name: 'kept',
    kind: 'state',
    reads: ['count'],
    check: () => KEPT,
  });
  const breaks = defineProperty<State>({
    ...CLAIM,
    name: 'breaks',
    kind: 'state',
    reads: ['count'],
    check: (s) => (s.count === 2 ? broken('count is 2') : KEPT),
  });
  const { results } = searchExhaustively(counter(), [kept, breaks]);

  t.is(results[0]!.spoke, 12);
  t.is(results[0]!.verdict.kind, 'holds');
  t.is(results[1]!.verdict.kind, 'violated');
});

test('a witness that reads one field counts all states in which it is there', (t) => {
  const spoke = spokeOf(
    defineProperty<State>({
      ...CLAIM,
      name: 'three',
      kind: 'witness',
      reads: ['count'],
      reached: (s) => s.count === 3,
    }),
  );

  t.is(spoke, 3);
});

test('only refusals: successes are not judged, and guards count without being looked at', (t) => {
  const asked: string[] = [];
  const spoke = spokeOf(
    defineProperty<State>({
      ...CLAIM,
      name: 'refusals',
      kind: 'step',
      refusals: 'begun',
      onlyRefusals: true,
      check(step) {
        asked.push(step.operation.verb);
        return KEPT;
      },
    }),
  );

  t.deepEqual(asked, []);
  // `up` in the 3 states with 3, `down` in the 3 states with 0.
  t.is(spoke, 6);
});

test('errnos: refusals that were told something else do not count', (t) => {
  const property = (refusals: 'all' | 'begun'): Property<State> =>
    defineProperty<State>({
      ...CLAIM,
      name: 'busy',
      kind: 'step',
      refusals,
      errnos: ['EBUSY'],
      check: (step) => (step.code < 0 ? KEPT : SILENT),
    });

  t.is(spokeOf(property('all')), 3);
  t.is(spokeOf(property('begun')), 3);
});

test('changes: a call is judged if it changed one of the fields', (t) => {
  const judged = new Set<string>();
  spokeOf(
    defineProperty<State>({
      ...CLAIM,
      name: 'changes-other',
      kind: 'step',
      changes: ['other'],
      check(step) {
        judged.add(`${step.operation.verb} ${step.args[0]} ${step.before.other} ${step.after.other}`);
        return KEPT;
      },
    }),
  );

  t.deepEqual([...judged].sort(), ['turn 0 0 1', 'turn 0 1 2', 'turn 0 2 0']);
});
