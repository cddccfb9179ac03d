/**
 * Properties of refusals, on a door: anybody opens and shuts it; entering is refused while it is shut, which others can end, and
 * to everybody but A, which nobody can. Two states, shut (the first) and open.
 */
import test from 'ava';
import { causesOf, shareCauses } from '../../checker/causes.js';
import { searchExhaustively } from '../../checker/exhaustive.js';
import { judgeTrace } from '../../checker/judge.js';
import { minimise } from '../../checker/minimise.js';
import { NextBreachSearch } from '../../checker/next-breach.js';
import { callText, outcomeText, play } from '../../checker/playback.js';
import { broken, defineProperty, KEPT, type RefusalsProperty } from '../../checker/property.js';
import { RandomSearch } from '../../checker/random.js';
import type { Trace } from '../../checker/trace.js';
import type { Verdict } from '../../checker/verdict.js';
import {
  domain,
  guard,
  operation,
  refuse,
  roomFor,
  type Errno,
  type Machine,
  type OperationDraft,
} from '../../model/machine/index.js';
import { bool, nat, struct, type ValueOf } from '../../model/state/index.js';
import { machineOver } from '../models/tiny.js';

const schema = struct({ open: bool });
type Door = ValueOf<typeof schema>;

const person = domain('person', ['A', 'B']);
const isOpen = guard<Door>('door-is-open', 'EBUSY', (s) => s.open);
const isMember = (errno: Errno) => guard<Door>('is-member', errno, (_s, actor) => actor === 0);

function door(enter: Partial<OperationDraft<Door>>): Machine<Door> {
  const params = { actor: person };
  return machineOver(schema, {
    name: 'door',
    operations: [
      operation<Door>({ verb: 'open', summary: 'opens', params, effect: (s) => void (s.open = true) }),
      operation<Door>({ verb: 'shut', summary: 'shuts', params, effect: (s) => void (s.open = false) }),
      operation<Door>({ verb: 'enter', summary: 'goes in and out', params, ...enter }),
    ],
  });
}

const SAID = {
  claim: 'said for a test',
  source: 'this test',
  situation: 'a refusal',
  speaksAbout: 'all',
} as const;

function refusalsProperty(
  check: RefusalsProperty['check'],
  more: Partial<RefusalsProperty> = {},
): RefusalsProperty {
  return { ...SAID, name: 'refusals-property', kind: 'refusals', check, ...more };
}

const oneCause = refusalsProperty((earlier, later) => broken(`${earlier.name} or ${later.name}`));

/** Which of the two somebody else can end. */
const retry = refusalsProperty((earlier, later) =>
  earlier.othersCanEnd() === later.othersCanEnd()
    ? KEPT
    : broken(
        [earlier, later]
          .map((cause) => `${cause.name} ${cause.othersCanEnd() ? 'ends' : 'stays'}`)
          .join(', '),
      ),
);

function verdictOf(machine: Machine<Door>, property: RefusalsProperty, depth?: number): Verdict {
  const limits = depth === undefined ? {} : { depth };
  return searchExhaustively(machine, [defineProperty<Door>(property)], limits).results[0]!.verdict;
}

function callsOf<S>(machine: Machine<S>, verdict: Verdict): string[] {
  if (verdict.kind !== 'violated') return [verdict.kind];
  return play(machine, verdict.counterexample.trace).steps.map(
    (step) => `${callText(step)} -> ${outcomeText(step.outcome)}`,
  );
}

const ambiguous = door({ guards: [isOpen, isMember('EBUSY')] });

test('two causes with one errno are shown by the shortest sequence that meets both', (t) => {
  const verdict = verdictOf(ambiguous, oneCause);

  t.deepEqual(callsOf(ambiguous, verdict), ['A.enter() -> EBUSY', 'A.open() -> ok', 'B.enter() -> EBUSY']);
  t.is(verdict.kind === 'violated' && verdict.counterexample.clause, 'door-is-open or is-member');
});

test('a cause passes if a call of somebody else ends it, and stays if none does', (t) => {
  const verdict = verdictOf(ambiguous, retry);

  t.is(verdict.kind === 'violated' && verdict.counterexample.clause, 'door-is-open ends, is-member stays');
});

test('a cause passes if only some of the calls that it refuses are possible behind it', (t) => {
  const machine = door({
    params: { actor: person, room: domain('room', ['hall', 'cellar']) },
    guards: [isMember('EBUSY'), isOpen],
    possible: [roomFor('guests', (_s, _actor, room) => room === 1)],
  });

  const verdict = verdictOf(machine, retry);

  t.is(verdict.kind === 'violated' && verdict.counterexample.clause, 'door-is-open ends, is-member stays');
});

test('what only the caller can end does not pass', (t) => {
  // Here each has a door of their own, and one for both.
  const doors = struct({ own: nat(4), common: bool });
  type Doors = ValueOf<typeof doors>;
  const opens = (s: Doors, actor: number): boolean => (s.own & (1 << actor)) !== 0;
  const machine = machineOver(doors, {
    operations: [
      operation({
        verb: 'open_own',
        summary: 'opens the own door',
        params: { actor: person },
        effect: (s, actor) => void (s.own |= 1 << actor),
      }),
      operation({
        verb: 'open_common',
        summary: 'opens the common door',
        params: { actor: person },
        effect: (s) => void (s.common = true),
      }),
      operation({
        verb: 'enter',
        summary: 'goes in and out',
        params: { actor: person },
        guards: [guard('common-is-open', 'EBUSY', (s) => s.common), guard('own-is-open', 'EBUSY', opens)],
      }),
    ],
  });

  const { verdict } = searchExhaustively(machine, [retry]).results[0]!;

  t.is(
    verdict.kind === 'violated' && verdict.counterexample.clause,
    'common-is-open ends, own-is-open stays',
  );
});

test('causes with errnos of their own are told apart, and each refusal counts', (t) => {
  const machine = door({ guards: [isOpen, isMember('EPERM')] });

  const { results } = searchExhaustively(machine, [oneCause, retry]);

  // Shut: both are refused. Open: B is.
  t.deepEqual(
    results.map(({ verdict, spoke }) => [verdict.kind, spoke]),
    [
      ['holds', 3],
      ['holds', 3],
    ],
  );
});

test('refusals with an excepted errno are not judged', (t) => {
  t.is(verdictOf(ambiguous, { ...oneCause, excepting: ['EBUSY'] }).kind, 'vacuous');
  t.is(verdictOf(ambiguous, { ...oneCause, excepting: ['EPERM'] }).kind, 'violated');
});

test('a refusal after the work has begun is a cause of its own', (t) => {
  const machine = door({ guards: [isOpen], effect: (_s, actor) => (actor === 0 ? 0 : refuse('EBUSY')) });

  const verdict = verdictOf(machine, oneCause);

  t.deepEqual(callsOf(machine, verdict), ['A.enter() -> EBUSY', 'A.open() -> ok', 'B.enter() -> EBUSY']);
  t.is(verdict.kind === 'violated' && verdict.counterexample.clause, 'door-is-open or the effect');
});

test('a bound that ends an operation early hides no cause', (t) => {
  // While the door is open there is no room, so that nobody is asked whether he is a member.
  const machine = door({
    guards: [isOpen, isMember('EBUSY')],
    possible: [roomFor('guests', (s) => !s.open)],
  });

  t.is(callsOf(machine, verdictOf(machine, oneCause)).length, 3);
});

test('causes that no sequence meets together do not break anything', (t) => {
  const way = struct({ way: nat(3) });
  const machine = machineOver(way, {
    operations: [
      operation({
        verb: 'choose',
        summary: 'once and for all',
        params: { way: domain('way', ['left', 'right']) },
        guards: [guard('is-at-the-fork', 'EINVAL', (s) => s.way === 0)],
        effect: (s, chosen) => void (s.way = 1 + chosen),
      }),
      operation({
        verb: 'go',
        summary: 'goes on',
        params: {},
        guards: [
          guard('is-not-left', 'EBUSY', (s) => s.way !== 1),
          guard('is-not-right', 'EBUSY', (s) => s.way !== 2),
        ],
      }),
    ],
  });

  t.is(searchExhaustively(machine, [oneCause]).results[0]!.verdict.kind, 'holds');
});

test('a sequence longer than what was asked for is not looked for', (t) => {
  t.is(verdictOf(ambiguous, oneCause, 2).kind, 'holds-up-to');
  t.is(verdictOf(ambiguous, oneCause, 3).kind, 'violated');
});

test('a trace is judged by the refusals in it', (t) => {
  const [open, shut, enter] = ['open', 'shut', 'enter'].map((name) => ambiguous.operationIndex(name));
  const call = (operation: number | undefined, actor: number) => ({ operation: operation!, args: [actor] });
  const judge = (trace: Trace) => judgeTrace<Door>(ambiguous, oneCause, trace);

  t.is(judge([call(open, 0), call(enter, 0)]).spoke, 0);
  t.like(judge([call(enter, 0), call(enter, 1)]), { brokenAt: undefined, spoke: 2 });
  const both = [call(open, 0), call(enter, 1), call(shut, 1), call(enter, 0)];
  t.like(judge(both), { brokenAt: 3, broken: { clause: 'is-member or door-is-open' } });
});

test('a random search finds them too, and the minimal form is as short', (t) => {
  const search = new RandomSearch<Door>(ambiguous, [oneCause], { runs: 200, seed: 1, wrongCalls: 50 });
  while (search.advance(100));
  const { verdict } = search.result().results[0]!;
  if (verdict.kind !== 'violated') return t.fail(verdict.kind);

  t.is(minimise<Door>(ambiguous, oneCause, verdict.counterexample.trace).length, 3);
});

test('behind calls made already, a refusal among them is met again', (t) => {
  const [open, enter] = ['open', 'enter'].map((name) => ambiguous.operationIndex(name));
  const made: Trace = [{ operation: enter!, args: [0] }];

  const next = new NextBreachSearch<Door>(ambiguous, [oneCause], made);
  while (next.advance(10));

  // Open it, and B is refused for the other cause: two calls, and not three.
  t.deepEqual(next.result(), {
    kind: 'found',
    property: 'refusals-property',
    calls: [
      { operation: open!, args: [0] },
      { operation: enter!, args: [1] },
    ],
  });
});

test('a machine has the causes of another one with the same rules, and no others', (t) => {
  const [small, large, other] = [[isOpen], [isOpen], []].map((guards) => door({ guards }));

  shareCauses(small!, large!);
  shareCauses(small!, other!);

  t.is(causesOf(large!), causesOf(small!));
  t.not(causesOf(other!), causesOf(small!));
});
