import test from 'ava';
import { runTrace, type Trace } from '../../checker/trace.js';
import { searchExhaustively } from '../../checker/exhaustive.js';
import {
  guard,
  IMPOSSIBLE,
  nobodyMay,
  operation,
  restrictedMachine,
  type Machine,
  type MachineDefinition,
  type Restriction,
} from '../../model/machine/index.js';
import { nat, RowMemory, struct } from '../../model/state/index.js';
import { lock, machineOver, toggler, type StateOf } from '../models/tiny.js';

function under<S>({ definition }: Machine<S>, ...restrictions: Restriction<S>[]): Machine<S> {
  return restrictedMachine(definition, restrictions, new RowMemory(definition.schema));
}

/** What each call of a trace comes to. */
function codes<S>(machine: Machine<S>, trace: Trace): number[] {
  const found: number[] = [];
  runTrace(machine, trace, (_index, code) => found.push(code));
  return found;
}

const operationOf = <S>({ definition }: { definition: MachineDefinition<S> }, name: string) =>
  definition.operations.find((op) => op.name === name)!;

const [A, B] = [0, 1];
const [WANT, ENTER, LEAVE] = [0, 1, 2];

test('what nobody may do cannot be done, and the other operations keep their numbers', (t) => {
  const whole = lock();
  const restricted = under(whole, nobodyMay(operationOf(whole, 'enter')));
  const trace: Trace = [
    { operation: WANT, args: [A] },
    { operation: ENTER, args: [A] },
    { operation: WANT, args: [B] },
    { operation: LEAVE, args: [A] },
  ];
  t.deepEqual(codes(whole, trace), [0, 0, 0, 0]);
  t.deepEqual(codes(restricted, trace), [0, IMPOSSIBLE, 0, IMPOSSIBLE]);
});

test('without an operation only the states remain that the others reach', (t) => {
  const whole = lock();
  // Each of two processes is idle or waits.
  const { statistics } = searchExhaustively(under(whole, nobodyMay(operationOf(whole, 'enter'))), []);
  t.is(statistics.states, 4);
});

/** Nobody enters while the other one waits. */
const enterAlone: Restriction<StateOf<ReturnType<typeof lock>>> = {
  name: 'enter:alone',
  sentence: 'nobody may enter while another waits',
  implies: [],
  forbids: ({ name }) =>
    name === 'enter' ? (before, _after, [actor]) => before.at.get(1 - actor!) === 1 : 'none',
};

test('a call that is forbidden where it leads cannot be made, and has changed nothing', (t) => {
  const machine = under(lock(), enterAlone);
  const trace: Trace = [
    { operation: WANT, args: [A] },
    { operation: WANT, args: [B] },
    { operation: ENTER, args: [A] },
  ];
  t.deepEqual(codes(machine, trace), [0, 0, IMPOSSIBLE]);
  t.deepEqual([machine.state.at.get(A), machine.state.at.get(B)], [1, 1]);
});

test('what the restriction does not forbid is done, or refused as before', (t) => {
  const machine = under(lock(), enterAlone);
  const trace: Trace = [
    { operation: WANT, args: [A] },
    { operation: ENTER, args: [A] },
    { operation: WANT, args: [B] },
    // A is inside: refused by the first guard.
    { operation: ENTER, args: [B] },
  ];
  t.deepEqual(codes(machine, trace), [0, 0, 0, -1]);
});

test('a search leaves out the same calls', (t) => {
  // ii, iw, wi, ww, ci, ic, cw, wc: with nobody entering out of ww, all are still reached, by 12 transitions instead of 14.
  const { statistics } = searchExhaustively(under(lock(), enterAlone), []);
  t.deepEqual([statistics.states, statistics.transitions, statistics.refusals], [8, 12, 2]);
});

test('an operation without parameters is tried only where its guards let it through', (t) => {
  const machine = machineOver(struct({ count: nat(3) }), {
    operations: [
      operation({
        verb: 'up',
        summary: 'one more',
        params: {},
        guards: [guard('below-the-top', 'ERANGE', (s) => s.count < 2)],
        effect(s) {
          s.count++;
        },
      }),
    ],
  });
  const never: Restriction<{ count: number }> = {
    name: 'never',
    sentence: 'nothing is forbidden',
    implies: [],
    forbids: () => () => false,
  };
  const up = { operation: 0, args: [] };
  // Without the guard, the third would leave the range of the field, and throw.
  t.deepEqual(codes(under(machine, never), [up, up, up]), [0, 0, -1]);
});

test('a forbidden call is told by all its arguments', (t) => {
  const secondStays: Restriction<StateOf<ReturnType<typeof toggler>>> = {
    name: 'second-stays',
    sentence: 'the second bit stays',
    implies: [],
    forbids:
      () =>
      (_before, _after, [bit]) =>
        bit === 1,
  };
  // Of three bits two are left.
  t.is(searchExhaustively(under(toggler(3), secondStays), []).statistics.states, 4);
});
