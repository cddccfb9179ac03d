import test from 'ava';
import { searchExhaustively } from '../../checker/exhaustive.js';
import { NeedsSearch, whyNeeded, type NeedsLimits, type NeedsQuestion } from '../../checker/needs.js';
import { broken, KEPT, type Property } from '../../checker/property.js';
import type { RestrictionSet } from '../../checker/restriction-sets.js';
import {
  nobodyMay,
  operation,
  restrictedMachine,
  type Machine,
  type Restriction,
} from '../../model/machine/index.js';
import { bool, RowMemory, struct } from '../../model/state/index.js';
import {
  brokenMutex,
  files,
  machineOver,
  mutualExclusion,
  never,
  stepProperty,
  type FilesState,
  type StateOf,
} from '../models/tiny.js';
import { textOf } from './traces.js';

/** Four switches, each of which can be turned on by a call of its name: 16 states. */
function switches() {
  const turnOn = (verb: 'a' | 'b' | 'c' | 'd') =>
    operation<Switches>({
      verb,
      summary: 'turns a switch on',
      params: {},
      effect(s) {
        s[verb] = true;
      },
    });
  return machineOver(struct({ a: bool, b: bool, c: bool, d: bool }), {
    name: 'switches',
    operations: [turnOn('a'), turnOn('b'), turnOn('c'), turnOn('d')],
  });
}

type Switches = { a: boolean; b: boolean; c: boolean; d: boolean };

function question<S>(
  { definition }: Machine<S>,
  properties: readonly Property<S>[],
  more: Partial<NeedsQuestion<S>> = {},
): NeedsQuestion<S> {
  const restrictions = definition.operations.map((op) => nobodyMay(op));
  return { definition, properties, restrictions, purpose: () => true, ...more };
}

/** The sets found for each claim, as `verdict: names`. */
function answers<S>(asked: NeedsQuestion<S>, limits: NeedsLimits = { size: 3 }): string[][] {
  const search = new NeedsSearch(asked, limits);
  while (search.advance(100));
  return search
    .result()
    .claims.map(({ sets }) =>
      sets.map(
        ({ restrictions, verdict, isUseless }) =>
          `${isUseless ? 'useless, ' : ''}${verdict.kind}: ${restrictions.map(({ name }) => name).join(' ')}`,
      ),
    );
}

test('one operation is to blame', (t) => {
  const claim = never<Switches>('c is on', (s) => s.c);
  t.deepEqual(answers(question(switches(), [claim])), [['holds: c:nobody']]);
});

test('either of two operations can go', (t) => {
  const claim = never<Switches>('a and b are on', (s) => s.a && s.b);
  t.deepEqual(answers(question(switches(), [claim])), [['holds: a:nobody', 'holds: b:nobody']]);
});

test('two operations must go together', (t) => {
  const claim = never<Switches>('a or b is on', (s) => s.a || s.b);
  t.deepEqual(answers(question(switches(), [claim])), [['holds: a:nobody b:nobody']]);
});

test('one operation, or one of two others with a third', (t) => {
  // a, or b and c, or b and d: no set hits all three but those with both a and b, or with a, c and d.
  const claim = never<Switches>('a, b and c, or b and d', (s) => s.a || (s.b && s.c) || (s.b && s.d));
  t.deepEqual(answers(question(switches(), [claim])), [
    ['holds: a:nobody b:nobody', 'holds: a:nobody c:nobody d:nobody'],
  ]);
  t.deepEqual(answers(question(switches(), [claim]), { size: 2 }), [['holds: a:nobody b:nobody']]);
  t.deepEqual(answers(question(switches(), [claim]), { size: 1 }), [[]]);
});

test('a claim about nothing but the operation is kept only by silence', (t) => {
  const claim = stepProperty<Switches>(() => broken('a was turned on'), { verbs: ['a'] });
  t.deepEqual(answers(question(switches(), [claim])), [['vacuous: a:nobody']]);
});

test('a set that leaves nothing of use is marked', (t) => {
  const claim = never<Switches>('a and b are on', (s) => s.a && s.b);
  t.deepEqual(answers(question(switches(), [claim], { purpose: (s) => s.a })), [
    ['useless, holds: a:nobody', 'holds: b:nobody'],
  ]);
});

test('several claims are asked together, each gets its own sets', (t) => {
  const claims = [
    never<Switches>('c is on', (s) => s.c),
    never<Switches>('nothing', () => false),
    never<Switches>('a or b is on', (s) => s.a || s.b),
  ];
  t.deepEqual(answers(question(switches(), claims)), [['holds: c:nobody'], [], ['holds: a:nobody b:nobody']]);
});

/** b is turned on after a only. */
const bAfterA: Restriction<Switches> = {
  name: 'b:after-a',
  sentence: 'b may be turned on after a only',
  implies: [],
  forbids: ({ name }) => (name === 'b' ? (before) => !before.a : 'none'),
};

test('what a weaker restriction does is not asked of a stronger one', (t) => {
  const { operations } = switches();
  const restrictions = [bAfterA, nobodyMay(operations[1]!, { implies: ['b:after-a'] })];
  const first = never<Switches>('b is on, a is not', (s) => s.b && !s.a);
  const both = never<Switches>('b is on', (s) => s.b);
  t.deepEqual(answers(question(switches(), [first, both], { restrictions })), [
    ['holds: b:after-a'],
    ['holds: b:nobody'],
  ]);
});

test('how far was looked is said where the limits end a search', (t) => {
  // Broken by one call. Without a, the other three can still be called, and more than one call is not looked at.
  const claim = never<Switches>('a is on', (s) => s.a);
  t.deepEqual(answers(question(switches(), [claim]), { size: 1, depth: 1 }), [['holds-up-to: a:nobody']]);
});

test('a search that is stopped says so, and knows what is broken', (t) => {
  const claims = [
    never<Switches>('c is on', (s) => s.c),
    never<Switches>('all are on', (s) => s.a && s.b && s.c && s.d),
  ];
  const search = new NeedsSearch(question(switches(), claims), { size: 3 });
  // The first state, then those one call away.
  search.advance(1);
  search.advance(1);
  search.stop('time');
  t.false(search.advance(100));
  const result = search.result();
  t.is(result.stoppedBy, 'time');
  t.deepEqual(
    result.claims.map(({ unrestricted }) => unrestricted.verdict.kind),
    ['violated', 'holds-up-to'],
  );
  t.true(result.claims.every(({ sets }) => sets.length === 0));
});

test('a writer keeps off removed files if nobody removes any', (t) => {
  const writesToRemoved: Property<FilesState> = stepProperty(
    ({ before, args, actor }) => {
      const file = before.fds[actor]!.file.get(args[1]!);
      return before.files[file]!.removed ? broken('wrote to a removed file') : KEPT;
    },
    { verbs: ['write'] },
  );
  // It takes open, remove and write; all are needed, and none but removing leaves anything to write to.
  t.deepEqual(answers(question(files(), [writesToRemoved]), { size: 2 }), [
    ['vacuous: open:nobody', 'holds: remove:nobody', 'vacuous: write:nobody'],
  ]);
});

test('two are never inside if there is only one', (t) => {
  const machine = brokenMutex();
  const alone: Restriction<StateOf<typeof machine>> = {
    name: 'alone',
    sentence: 'there is only one process',
    implies: [],
    forbids:
      () =>
      (_before, _after, [actor]) =>
        actor !== 0,
  };
  const restrictions = [...machine.operations.map((op) => nobodyMay(op)), alone];
  t.deepEqual(answers(question(machine, [mutualExclusion], { restrictions })), [
    ['holds: look:nobody', 'holds: enter:nobody', 'holds: alone'],
  ]);
});

test('each restriction of a set is needed, and a shortest counterexample shows it', (t) => {
  const claim = never<Switches>('a, or b and c', (s) => s.a || (s.b && s.c));
  const asked = question(switches(), [claim]);
  const [a, b] = asked.restrictions;
  const shown = whyNeeded(asked, claim, [a!, b!]).map(({ restriction, machine, counterexample }) => [
    restriction.name,
    textOf(machine, counterexample.trace),
  ]);
  t.deepEqual(shown, [
    ['a:nobody', ['a() -> ok']],
    ['b:nobody', ['b() -> ok', 'c() -> ok']],
  ]);
});

test('in the place of a restriction stands what is weaker', (t) => {
  const restrictions = [bAfterA, nobodyMay(switches().operations[1]!, { implies: ['b:after-a'] })];
  const claim = never<Switches>('b is on', (s) => s.b);
  const [needed] = whyNeeded(question(switches(), [claim], { restrictions }), claim, [restrictions[1]!]);
  t.deepEqual(
    needed!.instead.map(({ name }) => name),
    ['b:after-a'],
  );
  t.deepEqual(textOf(needed!.machine, needed!.counterexample.trace), ['a() -> ok', 'b() -> ok']);
});

/** The sets that do, by trying all of them: those none of whose own subsets does. */
function byBruteForce<S>({ definition, properties, restrictions }: NeedsQuestion<S>): string[] {
  const suffices = (set: RestrictionSet<S>): boolean => {
    const machine = restrictedMachine(definition, set, new RowMemory(definition.schema));
    return searchExhaustively(machine, properties).results[0]!.verdict.kind !== 'violated';
  };
  const subsets = Array.from({ length: 2 ** restrictions.length }, (_, bits) =>
    restrictions.filter((_restriction, i) => ((bits >> i) & 1) === 1),
  );
  const sufficient = subsets.filter(suffices);
  const isWithin = (set: RestrictionSet<S>, other: RestrictionSet<S>): boolean =>
    set !== other && set.every((restriction) => other.includes(restriction));
  return sufficient
    .filter((set) => !sufficient.some((other) => isWithin(other, set)))
    .map((set) => set.map(({ name }) => name).join(' '))
    .sort();
}

/** Combinations of switches that a claim forbids, each as a sum: a is 1, b is 2, c is 4, d is 8. */
const forbidden: readonly (readonly number[])[] = [
  [1, 2, 4],
  [1, 6, 10],
  [3, 5, 9],
  [3, 12],
  [7, 9, 14],
  [15],
  [3, 6, 12],
  [5, 10, 3, 12],
  [8, 7],
  [1, 2, 4, 8],
];

/** Broken where all switches of one of the combinations are on. */
function noneOf(combinations: readonly number[]): Property<Switches> {
  const bits = (s: Switches): number => Number(s.a) + 2 * Number(s.b) + 4 * Number(s.c) + 8 * Number(s.d);
  return never('a combination is on', (s) => combinations.some((one) => (bits(s) & one) === one));
}

for (const combinations of forbidden) {
  test(`the sets found are those that trying all of them finds: ${combinations.join(', ')}`, (t) => {
    const asked = question(switches(), [noneOf(combinations)]);
    const found = answers(asked, { size: 4 })[0]!.map((answer) => answer.replace('holds: ', ''));
    t.deepEqual(found.sort(), byBruteForce(asked));
  });
}
