import test from 'ava';
import { ExhaustiveSearch, type ExhaustiveLimits } from '../../checker/exhaustive.js';
import { AsymmetryFault } from '../../checker/faults.js';
import { speaksAbout, type Property } from '../../checker/property.js';
import type { SearchResult } from '../../checker/verdict.js';
import type { Bounds, KernelState } from '../../model/kernel/model.js';
import { guard, interchangeable, Machine, operation } from '../../model/machine/index.js';
import { machineOf, proposals, type Proposal } from '../../model/proposals/index.js';
import {
  array,
  compileCanonicalForm,
  nat,
  NONE,
  refers,
  struct,
  swapsOf,
  symmetryOf,
  table,
  type ValueOf,
} from '../../model/state/index.js';
import { properties } from '../../properties/index.js';
import attachV3 from '../models/attach-v3.js';
import attachV4 from '../models/attach-v4.js';
import { attachMini, attachMiniProperties } from '../models/attach-mini.js';
import { counter, machineOver, never, stateProperty, stepProperty } from '../models/tiny.js';

function searched<S>(
  machine: Machine<S>,
  asked: readonly Property<S>[],
  limits: ExhaustiveLimits,
): ExhaustiveSearch<S> {
  const search = new ExhaustiveSearch(machine, asked, limits);
  while (search.advance(1 << 12));
  return search;
}

/** Verdicts with their sequences, clauses and objects, without how often properties spoke. */
function verdictsOf({ closed, stoppedBy, results }: SearchResult) {
  return { closed, stoppedBy, results: results.map(({ property, verdict }) => ({ property, verdict })) };
}

const BOUNDS: Partial<Bounds> = { processes: 2, fds: 2, programs: 2, attachments: 2, pins: 1 };

function claimsOf(machine: Machine<KernelState>): Property<KernelState>[] {
  return properties.filter((property) => speaksAbout(property, machine.definition.tags ?? []));
}

/** Calls of the longest sequences compared: designs too large to be closed have many states after a few. */
function depthFor({ reach }: Proposal, depth: number): number {
  return reach === undefined ? depth : 1;
}

for (const proposal of [...proposals, attachV3]) {
  test(`${proposal.name} (${proposal.title}): verdicts and sequences are those of all states`, (t) => {
    const search = (symmetry: boolean): SearchResult => {
      const machine = machineOf(proposal, BOUNDS);
      return searched(machine, claimsOf(machine), { depth: depthFor(proposal, 5), symmetry }).result();
    };
    const [all, some] = [search(false), search(true)];

    t.deepEqual(verdictsOf(some), verdictsOf(all));
    t.is(some.statistics.upToSymmetry, true);
    t.true(some.statistics.states < all.statistics.states);
  });

  test(`${proposal.name} (${proposal.title}): the states found, with all swaps, are all states`, (t) => {
    const { all, some, forms } = spacesOf(proposal);

    t.deepEqual(new Set(some.map((row) => forms.of(row))), new Set(all.map((row) => forms.of(row))));
    const orbits = forms.orbitsOf(some);
    t.true(all.every((row) => orbits.has(row.join())));
  });
}

/** All states up to some depth, and those that a search up to symmetry finds up to there. */
function spacesOf(proposal: Proposal) {
  const machine = machineOf(proposal, BOUNDS);
  const rowsOf = (symmetry: boolean): Int32Array[] => {
    const states = searched(machine, [], { depth: depthFor(proposal, 4), symmetry }).states();
    return Array.from({ length: states.count() }, (_, i) =>
      states.rows().slice(i * machine.words, (i + 1) * machine.words),
    );
  };
  return { all: rowsOf(false), some: rowsOf(true), forms: formsOf(machine) };
}

function formsOf<S>(machine: Machine<S>) {
  const symmetry = symmetryOf(machine.memory.schema, machine.memory.layout)!;
  const canonicalise = compileCanonicalForm(symmetry);
  const swaps = swapsOf(symmetry);
  return {
    of(row: Int32Array): string {
      const form = new Int32Array(machine.words);
      canonicalise(row, 0, form, 0);
      return form.join();
    },
    orbitsOf(rows: readonly Int32Array[]): ReadonlySet<string> {
      const found = new Set(rows.map((row) => row.join()));
      const open = [...rows];
      for (let row; (row = open.pop());) {
        for (const swap of swaps) {
          const swapped = row.slice();
          swap(swapped);
          if (found.has(swapped.join())) continue;
          found.add(swapped.join());
          open.push(swapped);
        }
      }
      return found;
    },
  };
}

test('a design whose extensions refer to what may be gone is not searched up to symmetry', (t) => {
  const fault = faultIn(machineOf(attachV4), []);

  t.is(fault?.by.kind, 'free-place');
  // A target, and an extension for it, which still refers to it when its descriptor is closed.
  t.is(fault?.trace.length, 2);
});

test('attach-mini(3, 2, 4, 2) has as many states up to symmetry as a program that tries all swaps counts', (t) => {
  const machine = new Machine(attachMini({ processes: 3, hooks: 2, programs: 4, links: 2 }));
  const { closed, statistics, results } = searched(machine, attachMiniProperties, {
    symmetry: true,
  }).result();

  t.true(closed);
  t.is(statistics.states, 5_884);
  t.is(statistics.transitions, 143_852);
  t.deepEqual(
    results.map(({ verdict }) => verdict.kind),
    ['holds', 'holds', 'holds'],
  );
});

test('the rootlet model has more than ten times fewer states up to symmetry', (t) => {
  const bounds = { processes: 3, fds: 2, programs: 2, attachments: 1, pins: 1 };
  const states = (symmetry: boolean): number =>
    searched(
      machineOf(
        proposals.find(({ name }) => name === 'link-fd')!,
        bounds,
      ),
      [],
      { depth: 8, symmetry },
    ).result().statistics.states;

  t.true(states(true) * 10 < states(false));
});

test('where nothing is interchangeable all states are looked at', (t) => {
  const { statistics } = searched(counter(5), [], { symmetry: true }).result();

  t.is(statistics.states, 6);
  t.is(statistics.upToSymmetry, undefined);
});

const process = interchangeable('process', ['A', 'B', 'C']);
type Lights = ValueOf<typeof lights>;
const lights = struct({ lights: array(3, nat(3), { each: 'processes' }) });

/** Each process counts to 2; `rule` may be anything. */
function lamps(rule: (s: Lights, actor: number) => boolean = () => true) {
  return machineOver(lights, {
    operations: [
      operation({
        verb: 'up',
        summary: '',
        params: { actor: process },
        guards: [
          guard('below-2', 'ERANGE', (s, actor) => s.lights.get(actor) < 2),
          guard('rule', 'EPERM', rule),
        ],
        effect: (s, actor) => s.lights.set(actor, s.lights.get(actor) + 1),
      }),
    ],
  });
}

test('what differs by swaps is looked at once', (t) => {
  const all = searched(lamps(), [], {}).result().statistics;
  const some = searched(lamps(), [], { symmetry: true }).result().statistics;

  // 3 × 3 × 3; and multisets of three numbers below 3: 5 over 3.
  t.is(all.states, 27);
  t.is(some.states, 10);
});

test('a sequence names the processes as a search of all states does', (t) => {
  const property = never<Lights>('one is ahead', (s) =>
    [0, 1, 2].some((i) => [0, 1, 2].some((k) => s.lights.get(i) === s.lights.get(k) + 2)),
  );
  const verdicts = [false, true].map((symmetry) =>
    verdictsOf(searched(lamps(), [property], { symmetry }).result()),
  );

  t.deepEqual(verdicts[0], verdicts[1]);
  t.deepEqual(verdicts[1]!.results[0]!.verdict, {
    kind: 'violated',
    counterexample: {
      clause: 'one is ahead',
      objects: {},
      trace: [
        { operation: 0, args: [0] },
        { operation: 0, args: [0] },
      ],
    },
  });
});

function faultIn<S>(machine: Machine<S>, asked: readonly Property<S>[]): AsymmetryFault | undefined {
  try {
    searched(machine, asked, { symmetry: true });
  } catch (error) {
    if (error instanceof AsymmetryFault) return error;
    throw error;
  }
  return undefined;
}

test('an operation that tells processes apart is named', (t) => {
  const fault = faultIn(
    lamps((s, actor) => actor < 2 || s.lights.get(0) > 0),
    [],
  );

  t.deepEqual(fault?.by, { kind: 'operation', name: 'up' });
  t.regex(
    fault?.message ?? '',
    /'tiny' cannot be searched up to symmetry: .* the operation 'up' does something else/,
  );
});

test('a property that tells processes apart is named', (t) => {
  const ofStates = stateProperty<Lights>((s) => (s.lights.get(1) === 2 ? undefined : true), { name: 'of-B' });
  const ofSteps = stepProperty<Lights>(({ actor }) => (actor === 2 ? true : undefined), { name: 'of-C' });
  const fair = stateProperty<Lights>(() => true, { name: 'fair' });

  t.deepEqual(faultIn(lamps(), [fair, ofStates])?.by, { kind: 'property', name: 'of-B' });
  t.deepEqual(faultIn(lamps(), [fair, ofSteps])?.by, { kind: 'property', name: 'of-C' });
  t.is(faultIn(lamps(), [fair]), undefined);
});

/** Things that are made and removed, and the last one made, which is remembered; `clears` says what a removal does. */
function remembering(clears: { readonly thing: boolean; readonly memory: boolean }) {
  const schema = struct({
    things: table(2, { used: nat(2) }, { interchangeable: 'allocated' }),
    last: refers('things'),
  });
  return machineOver(schema, {
    operations: [
      operation({
        verb: 'make',
        summary: '',
        params: {},
        guards: [guard('room', 'ENOSPC', (s) => s.things.some(({ live }) => !live))],
        effect(s) {
          s.last = s.things.findIndex(({ live }) => !live);
          s.things[s.last]!.live = true;
          s.things[s.last]!.used = 1;
        },
      }),
      operation({
        verb: 'remove',
        summary: '',
        params: {},
        guards: [guard('one-is-last', 'ENOENT', (s) => s.last !== NONE && s.things[s.last]!.live)],
        effect(s) {
          const { last } = s;
          if (clears.memory) s.last = NONE;
          if (clears.thing) s.things[last]!.clear();
          else s.things[last]!.live = false;
        },
      }),
    ],
  });
}

test('a free place that is still named, or has something in it, is not passed over', (t) => {
  t.is(faultIn(remembering({ thing: true, memory: true }), []), undefined);
  t.is(faultIn(remembering({ thing: true, memory: false }), [])?.by.kind, 'free-place');
  t.is(faultIn(remembering({ thing: false, memory: true }), [])?.by.kind, 'free-place');
});
