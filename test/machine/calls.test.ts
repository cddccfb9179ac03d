import test from 'ava';
import {
  callsOf,
  domain,
  domainSize,
  errnoOf,
  ERRNOS,
  guard,
  guardOf,
  IMPOSSIBLE,
  isRefusal,
  operation,
  optional,
  possible,
  refuse,
} from '../../model/machine/index.js';
import { array, nat, NONE, struct } from '../../model/state/index.js';
import { SequenceGenerator } from '../../checker/generator.js';
import { machineOf, proposals } from '../../model/proposals/index.js';
import { machineOver } from '../models/tiny.js';

const place = domain('place', ['left', 'right']);

/** Two places, each with up to two things in it; a key is needed, and there is one, which wears out. */
function shelf() {
  return machineOver(struct({ places: array(2, nat(3)), key: nat(3), asked: nat(8) }), {
    initial(s) {
      s.key = 1;
    },
    operations: [
      operation({
        verb: 'put',
        summary: 'puts a thing into a place; returns how many were there',
        params: { place },
        possible: [possible('shelf-stands', (s) => s.asked === 0)],
        guards: [
          guard('key-is-there', 'EACCES', (s) => s.key > 0),
          guard('place-has-room', 'ENOSPC', (s, place) => s.places.get(place) < 2),
        ],
        effect(s, place) {
          const there = s.places.get(place);
          s.places.set(place, there + 1);
          return there;
        },
      }),
      operation({
        verb: 'move',
        summary: 'moves a thing; a key breaks on the way if both places are the same',
        params: { from: place, to: place },
        effect(s, from, to) {
          if (from === to) return refuse('EINVAL');
          s.places.set(from, s.places.get(from) - 1);
          s.places.set(to, s.places.get(to) + 1);
          return undefined;
        },
      }),
      operation({
        verb: 'look',
        summary: 'says what is in a place',
        params: { place },
        observe: (s, place) => [s.places.get(place)],
      }),
    ],
  });
}

const [PUT, MOVE, LOOK] = [0, 1, 2];
const [LEFT, RIGHT] = [0, 1];

test('a call that succeeds returns what the effect returned, or 0, and moves the state', (t) => {
  const machine = shelf();
  machine.reset();

  t.is(machine.call(PUT, [LEFT]), 0);
  t.is(machine.call(PUT, [LEFT]), 1);
  t.is(machine.call(MOVE, [LEFT, RIGHT]), 0);
  t.deepEqual([machine.state.places.get(LEFT), machine.state.places.get(RIGHT)], [1, 1]);
});

test('of two refusals that apply, the guard that is checked first says the errno', (t) => {
  const machine = shelf();
  const put = machine.operations[PUT]!;
  machine.reset();
  machine.state.key = 0;
  machine.state.places.set(LEFT, 2);
  const both = machine.call(PUT, [LEFT]);
  machine.state.key = 1;
  const second = machine.call(PUT, [LEFT]);

  t.deepEqual([errnoOf(put, both), guardOf(put, both)?.name], ['EACCES', 'key-is-there']);
  t.deepEqual([errnoOf(put, second), guardOf(put, second)?.name], ['ENOSPC', 'place-has-room']);
  t.true(isRefusal(both) && isRefusal(second));
});

test('a call that cannot be made is neither a success nor a refusal, whatever the guards say', (t) => {
  const machine = shelf();
  machine.reset();
  machine.state.key = 0;
  machine.state.asked = 1;
  machine.remember();
  const code = machine.call(PUT, [LEFT]);

  t.is(code, IMPOSSIBLE);
  t.false(isRefusal(code));
  t.false(machine.isPossible(PUT, [LEFT]));
  t.true(machine.isPossible(MOVE, [LEFT, LEFT]));
  t.true(machine.unchanged());
});

test('a refusal by the effect has its errno, and no guard', (t) => {
  const machine = shelf();
  machine.reset();
  const code = machine.call(MOVE, [LEFT, LEFT]);
  const move = machine.operations[MOVE]!;

  t.true(isRefusal(code));
  t.is(errnoOf(move, code), 'EINVAL');
  t.is(guardOf(move, code), undefined);
});

test('each errno can be the refusal of an effect, and is told apart from guards and from what cannot be made', (t) => {
  const [move] = shelf().operations.slice(MOVE);
  for (const errno of ERRNOS) {
    t.is(errnoOf(move!, refuse(errno)), errno);
    t.is(guardOf(move!, refuse(errno)), undefined);
    t.true(isRefusal(refuse(errno)));
  }
});

test('a call that only looks succeeds and changes nothing', (t) => {
  const machine = shelf();
  machine.reset();
  machine.call(PUT, [RIGHT]);
  machine.remember();

  t.is(machine.call(LOOK, [RIGHT]), 0);
  t.true(machine.unchanged());
  t.deepEqual(machine.operations[LOOK]!.observe!(machine.state, RIGHT), [1]);
});

test('the compiled call of an operation is the same call', (t) => {
  const machine = shelf();
  const put = machine.caller(PUT);
  machine.reset();

  t.is(put(RIGHT, 0, 0, 0, 0), 0);
  t.is(put(RIGHT, 0, 0, 0, 0), 1);
  t.is(put(RIGHT, 0, 0, 0, 0), machine.call(PUT, [RIGHT]));
  t.is(machine.operationIndex('move'), MOVE);
});

test('the machine starts in its first state, and comes back to it', (t) => {
  const machine = shelf();
  t.is(machine.state.key, 1);

  machine.call(PUT, [LEFT]);
  machine.state.key = 2;
  machine.reset();
  t.deepEqual([machine.state.key, machine.state.places.get(LEFT)], [1, 0]);
});

test('what was remembered stays while the state moves on', (t) => {
  const machine = shelf();
  machine.reset();
  machine.call(PUT, [LEFT]);
  machine.remember();
  t.true(machine.unchanged());

  machine.call(PUT, [LEFT]);
  t.false(machine.unchanged());
  t.is(machine.before.places.get(LEFT), 1);
  t.is(machine.state.places.get(LEFT), 2);
});

test('a state is saved to a place among rows and loaded from there', (t) => {
  const machine = shelf();
  const rows = new Int32Array(3 * machine.words);
  machine.reset();
  machine.call(PUT, [RIGHT]);
  machine.save(rows, machine.words);
  machine.reset();
  machine.load(rows, machine.words);

  t.is(machine.state.places.get(RIGHT), 1);
  t.true(rows.subarray(0, machine.words).every((word) => word === 0));
});

test('an optional parameter takes NONE too, before its other values', (t) => {
  const seen: number[][] = [];
  const machine = machineOver(struct({ last: nat(2) }), {
    operations: [
      operation({
        verb: 'set',
        summary: 'sets a place, or none',
        params: { old: optional(place), new: place },
        guards: [guard('old-is-not-left', 'EINVAL', (_s, old: number) => old !== LEFT)],
        effect(_s, old, next) {
          seen.push([old, next]);
        },
      }),
    ],
  });
  machine.expansion([]).expand(machine.initialRow, 0, new Int32Array(6 * machine.words));

  // 3 × 2 calls, of which the two with old = left are refused.
  t.deepEqual(seen, [
    [NONE, LEFT],
    [NONE, RIGHT],
    [RIGHT, LEFT],
    [RIGHT, RIGHT],
  ]);
  t.is(domainSize(optional(place)), 3);
  t.is(callsOf(machine.operations[0]!), 6);
  t.is(machine.call(0, [NONE, LEFT]), 0);
});

test('a machine settles only if it says when', (t) => {
  const never = shelf();
  const empty = machineOver(struct({ left: nat(3) }), { operations: [], settled: (s) => s.left === 0 });
  empty.reset();

  t.false(never.settled(never.state));
  t.true(empty.settled(empty.state));
});

test('an operation says what it is called, or is called by its verb', (t) => {
  const draft = { verb: 'attach', summary: '', params: {} };

  t.is(operation(draft).name, 'attach');
  t.is(operation({ ...draft, name: 'attach-slot' }).name, 'attach-slot');
});

test('an operation with too many parameters is refused when it is declared', (t) => {
  const params = { a: place, b: place, c: place, d: place, e: place };

  t.notThrows(() => operation({ verb: 'five', summary: '', params }));
  t.throws(() => operation({ verb: 'six', summary: '', params: { ...params, f: place } }), {
    instanceOf: RangeError,
    message: "operation 'six' has 6 parameters; at most 5 are possible",
  });
});

for (const proposal of proposals) {
  test(`a call of ${proposal.name} that a guard refuses changes nothing`, (t) => {
    const machine = machineOf(proposal);
    const generator = new SequenceGenerator(machine, { wrongCalls: 50 });
    let refused = 0;
    let changed = 0;
    for (let seed = 0; seed < 300; seed++) {
      generator.run(seed, (operation, _args, code) => {
        // What an effect refuses may have left something behind: the claim failed-operation-changes-nothing is about that.
        if (!isRefusal(code) || !guardOf(machine.operations[operation]!, code)) return;
        refused++;
        if (!machine.unchanged()) changed++;
      });
    }

    t.true(refused > 500);
    t.is(changed, 0);
  });
}
