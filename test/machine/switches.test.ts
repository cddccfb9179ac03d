import test from 'ava';
import {
  domain,
  errnoOf,
  guard,
  operation,
  switchNames,
  UnknownSwitchError,
} from '../../model/machine/index.js';
import { array, bool, holds, nat, RowMemory, struct, table, type ValueOf } from '../../model/state/index.js';
import { machineOver } from '../models/tiny.js';

const schema = struct({
  locked: bool,
  broken: bool,
  count: nat(10),
  things: table(1, { part: holds('things') }),
  pins: array(2, holds('things')),
});

type DoorState = ValueOf<typeof schema>;

const side = domain('side', ['in', 'out']);

/** A door that opens and closes unless it is locked or broken; `prepare` notes which holders count. */
function door(...without: string[]) {
  const counted: string[] = [];
  const isUnlocked = guard<DoorState>('is-unlocked', 'EACCES', (s) => !s.locked);
  const isWhole = guard<DoorState>('is-whole', 'EINVAL', (s) => !s.broken);
  const machine = machineOver(
    schema,
    {
      prepare(memory, counts) {
        counted.push(...memory.holdPaths.filter(counts));
      },
      operations: [
        operation({
          verb: 'open',
          summary: 'opens',
          params: { side },
          guards: [isUnlocked, isWhole],
          effect(s) {
            s.count++;
          },
        }),
        operation({
          verb: 'close',
          summary: 'closes',
          params: {},
          guards: [isUnlocked],
          effect(s) {
            s.count--;
          },
        }),
      ],
    },
    { without },
  );
  /** What a call of the locked and broken door comes to. */
  const outcome = (operationName: string): string => {
    const index = machine.operationIndex(operationName);
    machine.reset();
    machine.state.locked = true;
    machine.state.broken = true;
    machine.state.count = 5;
    const code = machine.call(index, [0]);
    return code < 0 ? errnoOf(machine.operations[index]!, code) : `count ${machine.state.count}`;
  };
  return { machine, outcome, counted };
}

test('with nothing switched off all guards refuse and all holders count', (t) => {
  const { outcome, counted } = door();

  t.is(outcome('open'), 'EACCES');
  t.is(outcome('close'), 'EACCES');
  t.deepEqual(counted, ['things.part', 'pins']);
});

test('a guard switched off by its name is gone from all operations', (t) => {
  const { outcome, machine } = door('is-unlocked');

  t.is(outcome('open'), 'EINVAL', 'the next guard refuses');
  t.is(outcome('close'), 'count 4');
  t.deepEqual(machine.without, ['is-unlocked']);
});

test('a guard switched off for one operation stays in the others', (t) => {
  const { outcome } = door('open/is-unlocked', 'is-whole');

  t.is(outcome('open'), 'count 6');
  t.is(outcome('close'), 'EACCES');
});

test('an operation that is switched off is not there, in calls and in expansions', (t) => {
  const { machine } = door('open');

  t.deepEqual(
    machine.operations.map(({ name }) => name),
    ['close'],
  );
  t.is(machine.operationIndex('open'), -1);
  t.is(machine.expansion([]).maxSuccessors, 1);
});

test('a reference that is switched off does not count as a holder', (t) => {
  t.deepEqual(door('hold:pins').counted, ['things.part']);
  t.deepEqual(door('hold:pins', 'hold:things.part').counted, []);
});

test('what can be switched off has a name each: operations, guards, guards of one operation, holders', (t) => {
  const { machine } = door();

  t.deepEqual(switchNames(machine.definition, new RowMemory(schema)), [
    'open',
    'is-unlocked',
    'open/is-unlocked',
    'is-whole',
    'open/is-whole',
    'close',
    'close/is-unlocked',
    'hold:things.part',
    'hold:pins',
  ]);
});

test('an unknown switch is an error that knows the known ones', (t) => {
  for (const name of ['is-locked', 'close/is-whole', 'hold:things', 'pins', '']) {
    const error = t.throws(() => door('is-whole', name), { instanceOf: UnknownSwitchError });

    t.is(error.message, `nothing is called '${name}' here`);
    t.is(error.unknown, name);
    t.true(error.known.includes('close/is-unlocked'));
  }
});
