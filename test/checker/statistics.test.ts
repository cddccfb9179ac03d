/**
 * What a search counts, on a box: it is opened once, and then takes one thing, of two that are offered. Three states: shut;
 * open and empty; open and full.
 */
import test from 'ava';
import { ExhaustiveSearch } from '../../checker/exhaustive.js';
import { callText, play } from '../../checker/playback.js';
import { defineProperty, type Condition, type WitnessProperty } from '../../checker/property.js';
import type { OperationStatistics } from '../../checker/verdict.js';
import {
  domain,
  guard,
  operation,
  refuse,
  roomFor,
  type Counting,
  type Machine,
  type OperationDraft,
} from '../../model/machine/index.js';
import { bool, struct, type ValueOf } from '../../model/state/index.js';
import { machineOver } from '../models/tiny.js';

const schema = struct({ open: bool, full: bool });
type Box = ValueOf<typeof schema>;

const isOpen = guard<Box>('is-open', 'EBUSY', (s) => s.open);
const fits = guard<Box>('fits', 'EINVAL', (_s, thing) => thing === 0);

function box(put: Partial<OperationDraft<Box>>): Machine<Box> {
  return machineOver(schema, {
    operations: [
      operation<Box>({
        verb: 'open',
        summary: 'opens it',
        params: {},
        guards: [guard('is-shut', 'EEXIST', (s) => !s.open)],
        effect: (s) => void (s.open = true),
      }),
      operation<Box>({
        verb: 'put',
        summary: 'puts something in',
        params: { thing: domain('thing', ['ball', 'ladder']) },
        possible: [roomFor('room', (s) => !s.full)],
        effect: (s) => void (s.full = true),
        ...put,
      }),
    ],
  });
}

function searched<S>(machine: Machine<S>, counting: Counting = 'as-needed'): ExhaustiveSearch<S> {
  const search = new ExhaustiveSearch(machine, [], { counting });
  while (search.advance(100));
  return search;
}

function operationsOf<S>(machine: Machine<S>, counting: Counting): readonly OperationStatistics[] {
  return searched(machine, counting).result().statistics.operations;
}

/** Done while it is shut; refused in both other states. */
const OPEN = { operation: 'open', done: 1, refused: { 'is-shut': 2 }, refusedLate: {}, keptBack: {} };

test('each call of each state is counted under what came of it', (t) => {
  const operations = operationsOf(box({ guards: [isOpen, fits] }), 'every-refusal');

  // Shut: both things are refused. Empty: the ball goes in, the ladder does not fit. Full: no room, and the ladder does not fit.
  const refused = { 'is-open': 2, fits: 2 };
  t.deepEqual(operations, [
    OPEN,
    { operation: 'put', done: 1, refused, refusedLate: {}, keptBack: { room: 1 } },
  ]);
});

test('as needed, a full table ends the matter, and hides what would have been refused', (t) => {
  const [open, put] = operationsOf(box({ guards: [isOpen, fits] }), 'as-needed');

  t.deepEqual(open, OPEN);
  t.like(put, { refused: { 'is-open': 2, fits: 1 }, keptBack: { room: 2 } });
});

test('a refusal after the work has begun is none that was done', (t) => {
  const machine = box({
    guards: [isOpen],
    effect(s, thing) {
      if (thing === 1) return refuse('EINVAL');
      s.full = true;
      return 0;
    },
  });

  const [, put] = operationsOf(machine, 'every-refusal');

  t.like(put, { done: 1, refused: { 'is-open': 2 }, keptBack: { room: 2 } });
  t.deepEqual(put!.refusedLate, { EINVAL: 1 });
});

test('the statistics say what their counts are good for', (t) => {
  const machine = box({ guards: [isOpen] });

  t.is(searched(machine).result().statistics.counting, 'as-needed');
  t.is(searched(machine, 'every-refusal').result().statistics.counting, 'every-refusal');
});

const conditions = {
  open: { name: 'it is open', test: (s) => s.open },
  full: { name: 'something is in it', test: (s) => s.full },
  shut: { name: 'it is shut', test: (s) => !s.open },
} satisfies Record<string, Condition<Box>>;

function witnessOf(...asked: readonly Condition<Box>[]): WitnessProperty<Box> {
  return defineProperty<Box>({
    name: 'box',
    kind: 'witness',
    claim: 'said for a test',
    source: 'this test',
    situation: 'all conditions are met',
    speaksAbout: 'all',
    conditions: asked,
  }) as WitnessProperty<Box>;
}

function verdictOn(property: WitnessProperty<Box>) {
  const search = new ExhaustiveSearch(box({ guards: [isOpen] }), [property]);
  while (search.advance(100));
  return search.result().results[0]!.verdict;
}

test('a witness said by its conditions is reached where all are met', (t) => {
  const verdict = verdictOn(witnessOf(conditions.open, conditions.full));

  t.is(verdict.kind === 'witnessed' && verdict.example.length, 2);
  t.is(verdictOn(witnessOf(conditions.full, conditions.shut)).kind, 'witness-missing');
});

test('of a witness that was not reached, the nearest state is told, with the shortest way to it', (t) => {
  const machine = box({ guards: [isOpen] });

  // Shut: one of three. Open and empty: one. Open and full: two.
  const { met, missing, trace } = searched(machine).nearest(
    witnessOf(conditions.shut, conditions.open, conditions.full),
  );

  t.deepEqual(met, ['it is open', 'something is in it']);
  t.deepEqual(missing, ['it is shut']);
  t.deepEqual(play(machine, trace).steps.map(callText), ['open()', 'put(ball)']);
});

test('of states that are equally near, the first one is told', (t) => {
  const { met, trace } = searched(box({ guards: [isOpen] })).nearest(
    witnessOf(conditions.shut, conditions.full),
  );

  t.deepEqual(met, ['it is shut']);
  t.is(trace.length, 0);
});
