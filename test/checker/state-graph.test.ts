import test from 'ava';
import { broken, KEPT, type Property } from '../../checker/property.js';
import { countStates, stateGraph, type StateGraph } from '../../checker/state-graph.js';
import { possible, domain, operation } from '../../model/machine/index.js';
import { nat, struct } from '../../model/state/index.js';
import { lock } from '../models/lock.js';
import {
  brokenMutex,
  counter,
  machineOver,
  mutualExclusion,
  never,
  stepProperty,
  witness,
  type StateOf,
} from '../models/tiny.js';

/** `0 -> 1: A.take(), B.take()`. */
function arrows({ edges }: StateGraph): string[] {
  return edges.map(({ from, to, calls }) => {
    const texts = calls.map(({ actor, text }) => (actor === undefined ? text : `${actor}.${text}`));
    return `${from} -> ${to}: ${texts.join(', ')}`;
  });
}

function depths({ states }: StateGraph): number[] {
  return states.map(({ depth }) => depth);
}

/** The numbers of those on the shortest path. */
function onPath(parts: readonly { readonly onPath: boolean }[]): number[] {
  return parts.flatMap((part, number) => (part.onPath ? [number] : []));
}

/**
 * A number from 0 to 3, one call from each to each:
 *
 *     0 ─▶ 1 ─▶ 3        raise by 1 or 2
 *      ╲──▶ 2 ──▲
 *
 * 0 → 1 by raise(one), 0 → 2 by raise(two) and by double(), 1 → 2, 1 → 3, 2 → 3.
 */
function climber() {
  const steps = domain('step', ['one', 'two']);
  return machineOver(struct({ at: nat(4) }), {
    facts: (s) => [`it is at ${s.at}`],
    operations: [
      operation({
        verb: 'raise',
        summary: 'goes up',
        params: { step: steps },
        possible: [possible('there-is-room', (s, step: number) => s.at + step + 1 <= 3)],
        effect(s, step) {
          s.at += step + 1;
        },
      }),
      operation({
        verb: 'double',
        summary: 'goes up by two from the ground',
        params: {},
        possible: [possible('it-is-at-the-ground', (s) => s.at === 0)],
        effect(s) {
          s.at = 2;
        },
      }),
    ],
  });
}

type ClimberState = StateOf<ReturnType<typeof climber>>;

test('all states in the order in which they are reached, and the calls between them', (t) => {
  const graph = stateGraph(climber());
  t.deepEqual(
    graph.states.map(({ facts }) => facts),
    [['it is at 0'], ['it is at 1'], ['it is at 2'], ['it is at 3']],
  );
  t.deepEqual(depths(graph), [0, 1, 1, 2]);
  t.deepEqual(arrows(graph), [
    '0 -> 1: raise(one)',
    '0 -> 2: raise(two), double()',
    '1 -> 2: raise(one)',
    '1 -> 3: raise(two)',
    '2 -> 3: raise(one)',
  ]);
  t.true(graph.closed);
});

test('calls that lead from one state to the same other one are one edge', (t) => {
  // The front and the back door are only looked through: no edges. B cannot release what A took.
  t.deepEqual(arrows(stateGraph(lock())), [
    '0 -> 1: A.take()',
    '0 -> 2: B.take()',
    '1 -> 0: A.release()',
    '2 -> 0: B.release()',
  ]);
  t.deepEqual(arrows(stateGraph(lock({ releasedByAnybody: true }))), [
    '0 -> 1: A.take()',
    '0 -> 2: B.take()',
    '1 -> 0: A.release(), B.release()',
    '2 -> 0: A.release(), B.release()',
  ]);
});

test('a broken state is marked with the clause, and the shortest way there is on the path', (t) => {
  const graph = stateGraph(climber(), [never<ClimberState>('it is at the top', (s) => s.at === 3)]);
  t.deepEqual(
    graph.states.map(({ marks }) => marks),
    [[], [], [], [{ property: 'never', clause: 'it is at the top' }]],
  );
  // Over 1, which is reached before 2.
  t.deepEqual(onPath(graph.states), [0, 1, 3]);
  t.deepEqual(onPath(graph.edges), [0, 3]);
});

test('a state that a witness asks for is marked without a clause', (t) => {
  const graph = stateGraph(climber(), [witness<ClimberState>((s) => s.at === 2)]);
  t.deepEqual(
    graph.states.map(({ marks }) => marks),
    [[], [], [{ property: 'witness', clause: undefined }], []],
  );
  t.deepEqual(onPath(graph.states), [0, 2]);
});

test('a call that breaks a claim is a marked edge, and the path leads over it', (t) => {
  const twice: Property<ClimberState> = stepProperty((step) =>
    step.before.at === 2 && step.after.at === 3 ? broken('from 2 to 3') : KEPT,
  );
  const graph = stateGraph(climber(), [twice]);
  t.deepEqual(
    graph.edges.map(({ marks }) => marks.map(({ clause }) => clause)),
    [[], [], [], [], ['from 2 to 3']],
  );
  t.deepEqual(onPath(graph.states), [0, 2, 3]);
  t.deepEqual(onPath(graph.edges), [1, 4]);
});

test('a call that changes nothing is an edge only if it breaks a claim', (t) => {
  const idle = machineOver(struct({ at: nat(2) }), {
    operations: [operation({ verb: 'wait', summary: 'does nothing', params: {}, effect: () => undefined })],
  });
  t.deepEqual(arrows(stateGraph(idle)), []);
  const graph = stateGraph(idle, [stepProperty(() => broken('it was called'))]);
  t.deepEqual(arrows(graph), ['0 -> 0: wait()']);
  t.deepEqual(onPath(graph.states), [0]);
  t.deepEqual(onPath(graph.edges), [0]);
});

test('nothing is on the path if nothing is marked', (t) => {
  const graph = stateGraph(climber(), [never<ClimberState>('it is at 4', (s) => s.at === 4)]);
  t.deepEqual(onPath(graph.states), []);
  t.deepEqual(onPath(graph.edges), []);
});

test('both critical: four calls from the start, as drawn by hand', (t) => {
  const graph = stateGraph(brokenMutex(), [mutualExclusion]);
  t.is(graph.states.length, 9);
  const marked = graph.states.filter(({ marks }) => marks.length > 0);
  t.deepEqual(
    marked.map(({ depth }) => depth),
    [4],
  );
  t.is(onPath(graph.edges).length, 4);
});

test('with a depth, states behind it are left out, and the graph says that it is not closed', (t) => {
  const graph = stateGraph(climber(), [], { depth: 1 });
  t.deepEqual(arrows(graph), ['0 -> 1: raise(one)', '0 -> 2: raise(two), double()']);
  t.deepEqual(depths(graph), [0, 1, 1]);
  t.false(graph.closed);
  t.is(stateGraph(climber(), [], { depth: 0 }).states.length, 1);
});

test('states are counted as they would be drawn, and no further than the limit', (t) => {
  t.deepEqual(countStates(counter(5), 10), { states: 6, more: false });
  t.deepEqual(countStates(counter(5), 6), { states: 6, more: false });
  t.deepEqual(countStates(counter(5), 5), { states: 5, more: true });
  t.deepEqual(countStates(counter(5), 10, { depth: 2 }), { states: 3, more: false });
  t.is(stateGraph(counter(5), [], { depth: 2 }).states.length, 3);
});
