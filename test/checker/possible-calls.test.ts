import test from 'ava';
import { argumentLists, callsMade } from '../../checker/calls.js';
import { ModelFault } from '../../checker/faults.js';
import { SequenceGenerator } from '../../checker/generator.js';
import { callText, outcomeText, play } from '../../checker/playback.js';
import { possibleCalls } from '../../checker/possible-calls.js';
import type { Trace } from '../../checker/trace.js';
import { IMPOSSIBLE, operation, type Machine } from '../../model/machine/index.js';
import { linkFd } from '../../model/proposals/link-fd.js';
import { machineOf } from '../../model/proposals/proposal.js';
import { nat, struct } from '../../model/state/index.js';
import { files, lock, machineOver } from '../models/tiny.js';
import { traceOf } from './traces.js';

/** The calls as a list shows them. */
function shown<S>(machine: Machine<S>, trace: Trace): string[] {
  return possibleCalls(machine, trace).map(
    (call) => `${callText(call)} -> ${outcomeText(call.outcome)}${call.alike > 0 ? ` +${call.alike}` : ''}`,
  );
}

test('a process that has done nothing stands for all that have done nothing', (t) => {
  // B could want the lock as well; it would be the same with other names.
  t.deepEqual(shown(lock(), []), ['A.want() -> ok +1']);
});

test('accepted calls come before refused ones, by actor; those that cannot be made are left out', (t) => {
  const machine = lock();
  const inside = traceOf(machine, ['want', 0], ['enter', 0], ['want', 1]);
  // A is inside: it can leave, and B, who waits, cannot enter. To want again is not possible for either.
  t.deepEqual(shown(machine, inside), ['A.leave() -> ok', 'B.enter() -> EBUSY']);
  t.deepEqual(possibleCalls(machine, inside)[1]!.outcome, {
    kind: 'refused',
    errno: 'EBUSY',
    guard: 'lock-is-free',
  });
});

test('numbers that stand for nothing are alike where they come to the same', (t) => {
  const machine = files();
  const trace = traceOf(machine, ['open', 0]);
  const ofA = shown(machine, trace).filter((line) => line.startsWith('A.close'));
  // fd3 is the file's; fd4 and fd5 are closed.
  t.deepEqual(ofA, ['A.close(file) -> ok', 'A.close(fd4) -> EBADF +1']);
});

test('a number that was closed is written by the name it had', (t) => {
  const machine = files();
  const trace = traceOf(machine, ['open', 0], ['close', 0, { result: 0 }]);
  t.true(shown(machine, trace).includes('A.close(file) -> EBADF +2'));
});

test('a name that was given again means the later number, and the earlier is written as a number', (t) => {
  const machine = files();
  const trace = traceOf(machine, ['open', 0], ['open', 0]);
  const names = new Map([
    [0, 'mine'],
    [1, 'mine'],
  ]);
  const closing = possibleCalls(machine, trace, names)
    .map(callText)
    .filter((text) => text.startsWith('A.close'));
  t.deepEqual(closing, ['A.close(fd3)', 'A.close(mine)', 'A.close(fd5)']);
});

test('a call that throws is a fault, with the calls that lead to it', (t) => {
  const machine = machineOver(struct({ count: nat(2) }), {
    operations: [
      operation({
        verb: 'up',
        summary: 'one more',
        params: {},
        effect(s) {
          s.count++;
        },
      }),
    ],
  });
  const trace = traceOf(machine, ['up']);
  const fault = t.throws(() => possibleCalls(machine, trace), { instanceOf: ModelFault });
  t.is(fault.trace.length, 2);
});

/** All calls that are not impossible behind a trace, the slow way: by operation and outcome. */
function byBruteForce<S>(machine: Machine<S>, trace: Trace): string[] {
  const found: string[] = [];
  machine.operations.forEach((op, index) => {
    for (const args of argumentLists(machine, index)) {
      callsMade(machine, trace);
      const code = machine.call(index, args);
      if (code !== IMPOSSIBLE) found.push(`${op.name} ${code < 0 ? code : 'done'}`);
    }
  });
  return found.sort();
}

const models: readonly [string, () => Machine][] = [
  ['files', () => files() as Machine],
  ['link-fd', () => machineOf(linkFd, { processes: 3, pins: 2 }) as Machine],
];

for (const [name, make] of models) {
  test(`what is listed stands for all calls there are, and comes to what it says: ${name}`, (t) => {
    const machine = make();
    const generator = new SequenceGenerator(machine, { minLength: 6, maxLength: 6, wrongCalls: 20 });
    for (let seed = 0; seed < 12; seed++) {
      const trace = generator.draw(seed);
      const listed = possibleCalls(machine, trace);
      const stoodFor = listed.flatMap(({ call, operation, outcome, alike }) => {
        const made = play(machine, [...trace, call]).steps.at(-1)!;
        t.deepEqual(made.outcome, outcome);
        callsMade(machine, [...trace, call]);
        const code = callsMade(machine, [...trace, call]).at(-1)!.code;
        return new Array<string>(alike + 1).fill(`${operation} ${code < 0 ? code : 'done'}`);
      });
      t.deepEqual(stoodFor.sort(), byBruteForce(machine, trace));
    }
  });
}
